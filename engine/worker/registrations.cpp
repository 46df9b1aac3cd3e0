#include "worker/registrations.h"

#include <type_traits>
#include <utility>

#include "connector/blackhole/blackhole_sink.h"
#include "connector/collect/collect_sink.h"
#include "connector/datagen/datagen_source.h"
#include "connector/filesystem/register.h"
#include "connector/hash/hash_connector.h"
#include "connector/latency/latency_connector.h"
#include "connector/nexmark/nexmark_connector.h"
#include "connector/print/print_sink.h"
#include "connector/values/values_connector.h"
#include "format/csv/csv_format.h"
#include "format/json/json_format.h"
#include "format/raw/raw_format.h"
#include "operator/calc/calc.h"
#include "operator/changelog/from_changelog.h"
#include "operator/changelog/to_changelog.h"
#include "operator/correlate/correlate.h"
#include "operator/deduplicate/deduplicate.h"
#include "operator/drop_update_before/drop_update_before.h"
#include "operator/expand/expand.h"
#include "operator/group_aggregate/global_group_aggregate.h"
#include "operator/group_aggregate/group_aggregate.h"
#include "operator/group_aggregate/incremental_group_aggregate.h"
#include "operator/group_aggregate/local_group_aggregate.h"
#include "operator/interval_join/interval_join.h"
#include "operator/join/make_join.h"
#include "operator/local_window_aggregate/local_window_aggregate.h"
#include "operator/mini_batch/mini_batch.h"
#include "operator/over/over_aggregate.h"
#include "operator/rank/rank.h"
#include "operator/session_window_aggregate/session_window_aggregate.h"
#include "operator/sink/sink.h"
#include "operator/sort/sort.h"
#include "operator/source_watermark/source_watermark.h"
#include "operator/values/values.h"
#include "operator/watermark_assigner/watermark_assigner.h"
#include "operator/window_aggregate/updating_windows.h"
#include "operator/window_aggregate/window_aggregate.h"
#include "operator/window_join/window_join.h"
#include "operator/window_rank/window_rank.h"
#include "operator/window_table_function/window_table_function.h"
#include "plan/nodes/changelog.h"
#include "worker/file_systems.h"
#include "worker/outside_connectors.h"
#include "worker/plugin_format.h"

namespace castor::worker {
namespace {

using Made = Result<std::unique_ptr<Operator>>;

// For operators that are constructed from their node and the rows of their inputs.
template <typename Node, typename Op>
Made OneInput(const OperatorArguments& arguments) {
  return std::unique_ptr<Operator>(
      std::make_unique<Op>(static_cast<const Node&>(arguments.node), arguments.input_types[0]));
}
template <typename Node, typename Op>
Made TwoInputs(const OperatorArguments& arguments) {
  return std::unique_ptr<Operator>(std::make_unique<Op>(static_cast<const Node&>(arguments.node),
                                                        arguments.input_types[0],
                                                        arguments.input_types[1]));
}
template <typename Node>
Made WindowAggregateOf(const OperatorArguments& arguments) {
  if constexpr (std::is_same_v<Node, plan::WindowAggregate>) {
    const auto& node = static_cast<const Node&>(arguments.node);
    if (node.windowing.window.kind == plan::WindowSpec::Kind::kSession) {
      return OneInput<Node, session_window_aggregate::SessionWindowAggregate>(arguments);
    }
  }
  using window_aggregate::WindowAggregate;
  return std::unique_ptr<Operator>(std::make_unique<WindowAggregate>(
      WindowAggregate::SpecOf(static_cast<const Node&>(arguments.node), arguments.input_types[0])));
}

// GROUP BY TUMBLE(..) and its kin: the same windows as those of table functions, unless options ask
// for results before or after the watermark.
Made GroupWindowAggregate(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::WindowAggregate&>(arguments.node);
  CASTOR_ASSIGN_OR_RETURN(
      const window_aggregate::EmitStrategy strategy,
      window_aggregate::ReadEmitStrategy(node.windowing, arguments.bundle.configuration));
  if (!strategy.updates(node.windowing.is_rowtime)) {
    return WindowAggregateOf<plan::WindowAggregate>(arguments);
  }
  return std::unique_ptr<Operator>(std::make_unique<window_aggregate::UpdatingWindows>(
      node, arguments.input_types[0], strategy));
}

// Those that users write are refused when the plan is read.
Made ProcessTableFunction(const OperatorArguments& arguments) {
  const bool to = dynamic_cast<const plan::ToChangelog*>(&arguments.node) != nullptr;
  return to ? changelog::MakeToChangelog(arguments) : changelog::MakeFromChangelog(arguments);
}

void RegisterOperators(OperatorRegistry* registry) {
  registry->Register("stream-exec-calc", MakeCalc);
  registry->Register("stream-exec-changelog-normalize", MakeChangelogNormalize);
  registry->Register("stream-exec-correlate", MakeCorrelate);
  registry->Register("stream-exec-deduplicate", MakeDeduplicate);
  registry->Register("stream-exec-drop-update-before", MakeDropUpdateBefore);
  registry->Register("stream-exec-expand", MakeExpand);
  registry->Register("stream-exec-global-group-aggregate",
                     group_aggregate::GlobalGroupAggregate::Make);
  registry->Register("stream-exec-group-aggregate", group_aggregate::GroupAggregate::Make);
  registry->Register("stream-exec-group-window-aggregate", GroupWindowAggregate);
  registry->Register("stream-exec-incremental-group-aggregate",
                     group_aggregate::IncrementalGroupAggregate::Make);
  registry->Register("stream-exec-join", MakeJoin);
  for (const char* type : {"stream-exec-limit", "stream-exec-rank", "stream-exec-sort-limit"}) {
    registry->Register(type, MakeRank);
  }
  registry->Register("stream-exec-local-group-aggregate",
                     group_aggregate::LocalGroupAggregate::Make);
  registry->Register(
      "stream-exec-local-window-aggregate",
      OneInput<plan::LocalWindowAggregate, local_window_aggregate::LocalWindowAggregate>);
  registry->Register("stream-exec-mini-batch-assigner", MakeMiniBatchAssigner);
  registry->Register("stream-exec-process-table-function", ProcessTableFunction);
  registry->Register("stream-exec-sink", MakeSink);
  registry->Register("stream-exec-over-aggregate", MakeOverAggregate);
  registry->Register("stream-exec-sort", MakeSort);
  registry->Register("stream-exec-temporal-sort", MakeTemporalSort);
  registry->Register("stream-exec-values", MakeValues);
  registry->Register("stream-exec-watermark-assigner", MakeWatermarkAssigner);
  registry->Register("stream-exec-window-aggregate", WindowAggregateOf<plan::WindowAggregate>);
  registry->Register("stream-exec-global-window-aggregate",
                     WindowAggregateOf<plan::GlobalWindowAggregate>);
  registry->Register("stream-exec-interval-join",
                     TwoInputs<plan::IntervalJoin, interval_join::IntervalJoin>);
  registry->Register("stream-exec-window-join",
                     TwoInputs<plan::WindowJoin, window_join::WindowJoin>);
  registry->Register("stream-exec-window-deduplicate", window_rank::WindowRank::Make);
  registry->Register("stream-exec-window-rank", window_rank::WindowRank::Make);
  registry->Register("stream-exec-window-table-function", MakeWindowTableFunction);
}

const format::FormatRegistry& Formats() {
  static const format::FormatRegistry* const formats = [] {
    auto* registry = new format::FormatRegistry();
    format::csv::RegisterCsv(registry);
    format::json::RegisterJson(registry);
    registry->Register("parquet", PluginFormat("parquet"));
    format::raw::RegisterRaw(registry);
    return registry;
  }();
  return *formats;
}

void RegisterConnectors(connector::ConnectorRegistry* registry) {
  connector::filesystem::RegisterFilesystem(registry, &Formats(), &FileSystems());
  connector::blackhole::RegisterBlackhole(registry);
  connector::collect::RegisterCollect(registry, &Formats());
  connector::datagen::RegisterDatagen(registry);
  connector::print::RegisterPrint(registry);
  connector::values::RegisterValues(registry, &FileSystems());
  registry->Register("hash", connector::hash::HashConnector());
  registry->Register("latency", connector::latency::LatencyConnector());
  registry->Register("nexmark", connector::nexmark::NexmarkConnector());
  RegisterOutsideConnectors(registry, &Formats(), &FileSystems());
}

}  // namespace

const runtime::Registries& Registrations() {
  static const runtime::Registries* const registries = [] {
    auto* all = new runtime::Registries();
    RegisterOperators(&all->operators);
    RegisterConnectors(&all->connectors);
    all->file_systems = &FileSystems();
    all->make_watermark_generator = MakeSourceWatermark;
    return all;
  }();
  return *registries;
}

}  // namespace castor::worker
