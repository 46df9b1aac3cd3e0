#include "plan/nodes/readers.h"

namespace castor::plan {
namespace {

struct Entry {
  std::string_view type;
  int32_t min_version;
  int32_t max_version;
  NodeReader reader;
};

constexpr Entry kEntries[] = {
    {"stream-exec-calc", 1, 1, ReadCalc},
    {"stream-exec-changelog-normalize", 1, 1, ReadChangelogNormalize},
    {"stream-exec-correlate", 1, 1, ReadCorrelate},
    {"stream-exec-deduplicate", 1, 1, ReadDeduplicate},
    {"stream-exec-drop-update-before", 1, 1, ReadPlain},
    {"stream-exec-exchange", 1, 1, ReadPlain},
    {"stream-exec-expand", 1, 1, ReadExpand},
    {"stream-exec-global-group-aggregate", 1, 1, ReadGlobalGroupAggregate},
    {"stream-exec-global-window-aggregate", 1, 1, ReadGlobalWindowAggregate},
    {"stream-exec-group-aggregate", 1, 1, ReadGroupAggregate},
    {"stream-exec-group-window-aggregate", 1, 1, ReadGroupWindowAggregate},
    {"stream-exec-incremental-group-aggregate", 1, 1, ReadIncrementalGroupAggregate},
    {"stream-exec-interval-join", 1, 1, ReadIntervalJoin},
    {"stream-exec-join", 1, 1, ReadJoin},
    {"stream-exec-limit", 1, 1, ReadRank},
    {"stream-exec-local-group-aggregate", 1, 1, ReadLocalGroupAggregate},
    {"stream-exec-local-window-aggregate", 1, 1, ReadLocalWindowAggregate},
    {"stream-exec-mini-batch-assigner", 1, 1, ReadMiniBatchAssigner},
    {"stream-exec-over-aggregate", 1, 1, ReadOverAggregate},
    {"stream-exec-process-table-function", 1, 1, ReadProcessTableFunction},
    {"stream-exec-rank", 1, 1, ReadRank},
    {"stream-exec-sink", 1, 2, ReadSink},
    {"stream-exec-sort", 1, 1, ReadSort},
    {"stream-exec-sort-limit", 1, 1, ReadRank},
    {"stream-exec-table-source-scan", 1, 2, ReadTableSourceScan},
    {"stream-exec-temporal-sort", 1, 1, ReadSort},
    {"stream-exec-union", 1, 1, ReadPlain},
    {"stream-exec-values", 1, 1, ReadValues},
    {"stream-exec-watermark-assigner", 1, 1, ReadWatermarkAssigner},
    {"stream-exec-window-aggregate", 1, 1, ReadWindowAggregate},
    {"stream-exec-window-deduplicate", 1, 1, ReadWindowDeduplicate},
    {"stream-exec-window-join", 1, 1, ReadWindowJoin},
    {"stream-exec-window-rank", 1, 1, ReadWindowRank},
    {"stream-exec-window-table-function", 1, 1, ReadWindowTableFunction},
};

}  // namespace

NodeReader FindNodeReader(std::string_view type, int32_t version) {
  for (const Entry& entry : kEntries) {
    if (entry.type != type) continue;
    return version >= entry.min_version && version <= entry.max_version ? entry.reader : nullptr;
  }
  return nullptr;
}

NodePtr ReadPlain(JsonObject&, const NodeReadContext&) { return std::make_unique<Node>(); }

}  // namespace castor::plan
