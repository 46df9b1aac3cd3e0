#include "expr/list_result.h"

#include "column/gather.h"

namespace castor::expr {

ListResult::ListResult(const LogicalType& type, int32_t rows)
    : column_(Column::MakeFlat(type, rows)) {}

void ListResult::EndList() {
  const auto start = static_cast<int32_t>(start_);
  column_->mutable_values<ListRef>()[row_++] = {start,
                                                static_cast<int32_t>(elements_.size()) - start};
  start_ = elements_.size();
}

void ListResult::EndNull() {
  column_->SetNull(row_);
  EndList();
}

ColumnPtr ListResult::Finish(const std::vector<ColumnPtr>& sources) && {
  const std::vector<LogicalType> types = column_->type().ChildTypes();
  const auto count = static_cast<int32_t>(elements_.size());
  for (size_t i = 0; i < sources.size(); ++i) {
    const ColumnPtr gathered = Flatten(Gather(*sources[i], elements_.data(), count));
    column_->mutable_children()[i] = gathered->WithType(types[i]);
  }
  return std::move(column_);
}

JoinedElements JoinedElements::Of(const LogicalType& type, const std::vector<ColumnPtr>& lists) {
  JoinedElements joined;
  int32_t next = 0;
  for (const ColumnPtr& list : lists) {
    joined.offsets.push_back(next);
    next += list->children()[0]->size();
  }
  const size_t children = type.ChildTypes().size();
  std::vector<ColumnPtr> parts(lists.size());
  for (size_t child = 0; child < children; ++child) {
    for (size_t i = 0; i < lists.size(); ++i) parts[i] = lists[i]->children()[child];
    joined.children.push_back(Concat(parts));
  }
  return joined;
}

}  // namespace castor::expr
