#include "plan/nodes/window_rank.h"

#include "plan/nodes/readers.h"
#include "plan/window_reader.h"

namespace castor::plan {

NodePtr ReadWindowRank(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<WindowRank>();
  const JsonValue function = fields.Get("rankType");
  if (function.String() != "ROW_NUMBER") {
    function.FailUnsupported("RANK() and DENSE_RANK() over windows: use ROW_NUMBER()");
  }
  JsonObject partition(fields.Get("partitionSpec"));
  node->partition = partition.Find("fields").Ints();
  node->order = ReadSortFields(fields.Get("sortSpec"));
  const JsonValue range_value = fields.Get("rankRange");
  JsonObject range(range_value);
  if (range.Get("type").String() == "Constant") {
    node->start = range.Get("start").Long();
    node->end = range.Get("end").Long();
  } else {
    range.IgnoreAll();
    range_value.FailUnsupported("row numbers over windows that are compared with a column");
  }
  node->output_row_number = fields.Get("outputRowNumber").Bool();
  node->windowing = ReadWindowing(fields.Get("windowing"));
  return node;
}

NodePtr ReadWindowDeduplicate(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<WindowRank>();
  node->partition = fields.Get("partitionKeys").Ints();
  node->latest_first = fields.Get("keepLastRow").Bool();
  node->order = {{fields.Get("orderKey").Int(), !node->latest_first, node->latest_first}};
  node->windowing = ReadWindowing(fields.Get("windowing"));
  return node;
}

}  // namespace castor::plan
