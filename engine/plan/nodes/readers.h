// From the JSON of a node to its struct: one function per family, listed in nodes/readers.cpp. A
// reader asks `fields` for what is its node's own; what is common to all nodes is read by
// graph_reader.cpp.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plan/json_reader.h"
#include "plan/node.h"
#include "plan/nodes/rank.h"
#include "plan/table.h"

namespace castor::plan {

struct NodeReadContext {
  const std::map<std::string, Table>& tables;  // of the bundle
};

using NodeReader = NodePtr (*)(JsonObject& fields, const NodeReadContext& context);

// nullptr: the engine does not know this type, or not in this version.
NodeReader FindNodeReader(std::string_view type, int32_t version);

// A SortSpec, for readers of nodes that have one.
std::vector<SortField> ReadSortFields(const JsonValue& value);

NodePtr ReadPlain(JsonObject& fields, const NodeReadContext& context);  // nodes without fields
NodePtr ReadCalc(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadExpand(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadValues(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadWatermarkAssigner(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadMiniBatchAssigner(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadTableSourceScan(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadSink(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadGroupAggregate(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadLocalGroupAggregate(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadGlobalGroupAggregate(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadIncrementalGroupAggregate(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadWindowTableFunction(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadWindowAggregate(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadGroupWindowAggregate(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadLocalWindowAggregate(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadGlobalWindowAggregate(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadJoin(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadWindowJoin(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadCorrelate(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadProcessTableFunction(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadIntervalJoin(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadRank(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadOverAggregate(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadWindowRank(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadWindowDeduplicate(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadSort(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadDeduplicate(JsonObject& fields, const NodeReadContext& context);
NodePtr ReadChangelogNormalize(JsonObject& fields, const NodeReadContext& context);

}  // namespace castor::plan
