#include "runtime/job/blueprint.h"

#include <set>
#include <utility>

#include "connector/api/bad_rows.h"
#include "runtime/source/dead_letters.h"

namespace castor::runtime {
namespace {

constexpr std::string_view kScan = "stream-exec-table-source-scan";

bool NeedsOperator(const plan::Node& node) {
  return node.type != kScan && node.type != "stream-exec-exchange" &&
         node.type != "stream-exec-union";
}

class BlueprintMaker {
 public:
  explicit BlueprintMaker(Blueprint* blueprint)
      : job_(*blueprint), bundle_(*blueprint->bundle), options_(blueprint->configuration) {}

  Status Make() {
    CASTOR_RETURN_NOT_OK(ReadOptions());
    CASTOR_RETURN_NOT_OK(CheckOperators());
    CASTOR_RETURN_NOT_OK(MakeTables());
    CASTOR_ASSIGN_OR_RETURN(job_.graph, BuildJobGraph(bundle_.graph, graph_options_));
    return ListOperators();
  }

 private:
  Status ReadOptions() {
    CASTOR_ASSIGN_OR_RETURN(const int64_t parallelism, options_.GetInt("parallelism.default", 1));
    CASTOR_ASSIGN_OR_RETURN(int64_t max, options_.GetInt("pipeline.max-parallelism", -1));
    job_.max_parallelism_set = max > 0;
    job_.parallelism = static_cast<int32_t>(parallelism > 0 ? parallelism : 1);
    if (max <= 0) max = DefaultMaxParallelism(job_.parallelism);
    job_.max_parallelism = static_cast<int32_t>(max);
    constexpr int64_t kMostKeyGroups = 1 << 15;
    if (max > kMostKeyGroups || parallelism > max) {
      return Status::InvalidArgument("parallelism " + std::to_string(parallelism) +
                                     " with pipeline.max-parallelism " + std::to_string(max) +
                                     ": the latter must be at least the former and at most 32768");
    }
    CASTOR_ASSIGN_OR_RETURN(const int64_t rows,
                            options_.GetInt("castor.batch-rows", job_.batch_rows));
    if (rows < 1) return Status::InvalidArgument("castor.batch-rows must be at least 1");
    job_.batch_rows = static_cast<int32_t>(rows);
    CASTOR_ASSIGN_OR_RETURN(const bool timed,
                            options_.GetBool("execution.buffer-timeout.enabled", true));
    CASTOR_ASSIGN_OR_RETURN(const int64_t timeout,
                            options_.GetDurationMs("execution.buffer-timeout.interval", 100));
    CASTOR_ASSIGN_OR_RETURN(job_.buffer_timeout_ms,
                            options_.GetDurationMs("execution.buffer-timeout", timeout));
    if (!timed) job_.buffer_timeout_ms = -1;
    graph_options_.parallelism = job_.parallelism;
    CASTOR_ASSIGN_OR_RETURN(
        graph_options_.sink_keyed_shuffle,
        options_.GetChoice("table.exec.sink.keyed-shuffle", {"NONE", "AUTO", "FORCE"}, "AUTO"));
    CASTOR_ASSIGN_OR_RETURN(job_.checkpoints, ReadCheckpointOptions(options_));
    CASTOR_ASSIGN_OR_RETURN(job_.state, state::ReadGeminiOptions(options_));
    return Status::OK();
  }

  Status CheckOperators() const {
    for (const plan::NodePtr& node : bundle_.graph.nodes) {
      if (!NeedsOperator(*node) || job_.registries->operators.Knows(node->type)) continue;
      return Status::Unsupported("plan node '" + node->type +
                                 "' is not supported: " + node->Describe());
    }
    return Status::OK();
  }

  Status MakeTables() {
    for (const plan::NodePtr& node : bundle_.graph.nodes) {
      if (const auto* scan = dynamic_cast<const plan::TableSourceScan*>(node.get())) {
        CASTOR_RETURN_NOT_OK(MakeScan(*scan).WithContext(scan->Describe()));
      } else if (const auto* sink = dynamic_cast<const plan::Sink*>(node.get())) {
        CASTOR_RETURN_NOT_OK(MakeSink(*sink).WithContext(sink->Describe()));
      }
    }
    return Status::OK();
  }

  Status MakeScan(const plan::TableSourceScan& node) {
    ScanBlueprint& scan = job_.scans[node.id];
    scan.node = &node;
    CASTOR_ASSIGN_OR_RETURN(scan.source, job_.registries->connectors.MakeSource(
                                             {node.table, node.abilities, options_}));
    CASTOR_ASSIGN_OR_RETURN(scan.watermarks, ReadWatermarks(node));
    const auto parallelism = node.table.options.find("scan.parallelism");
    if (parallelism != node.table.options.end()) {
      CASTOR_RETURN_NOT_OK(FixParallelism(node.id, "scan.parallelism", parallelism->second));
    }
    return MakeDeadLetters(&scan);
  }

  Status FixParallelism(int32_t node, const std::string& key, const std::string& text) {
    Configuration one;
    one.Set(key, text);
    CASTOR_ASSIGN_OR_RETURN(const int64_t value, one.GetInt(key, 0));
    if (value < 1 || value > job_.max_parallelism) {
      return Status::InvalidArgument(key + " = " + text + " must be between 1 and " +
                                     std::to_string(job_.max_parallelism));
    }
    graph_options_.node_parallelism[node] = static_cast<int32_t>(value);
    return Status::OK();
  }

  Result<WatermarkSettings> ReadWatermarks(const plan::TableSourceScan& node) const {
    WatermarkSettings settings;
    const plan::ScanAbilities& abilities = node.abilities;
    if (!abilities.alignment_group.empty()) {
      return Status::Unsupported("watermark alignment ('scan.watermark.alignment.group')");
    }
    if (abilities.watermark == nullptr) return settings;
    settings.on_event = abilities.watermark_on_event;
    CASTOR_ASSIGN_OR_RETURN(settings.interval_ms,
                            options_.GetDurationMs("pipeline.auto-watermark-interval", 200));
    CASTOR_ASSIGN_OR_RETURN(settings.idle_timeout_ms,
                            options_.GetDurationMs("table.exec.source.idle-timeout", 0));
    if (abilities.idle_timeout_ms >= 0) settings.idle_timeout_ms = abilities.idle_timeout_ms;
    settings.make_generator = [this_bundle = &bundle_, registries = job_.registries, scan = &node] {
      return registries->make_watermark_generator(scan->abilities, *this_bundle);
    };
    return settings;
  }

  Status MakeDeadLetters(ScanBlueprint* scan) const {
    const auto& options = scan->node->table.options;
    CASTOR_ASSIGN_OR_RETURN(const auto policy, connector::ReadBadRowPolicy(options));
    if (policy != connector::BadRowPolicy::kDeadLetter) return Status::OK();
    scan->dead_letter_table =
        std::make_unique<plan::Table>(DeadLetterTable(options.at(connector::kBadRowsPathOption)));
    const plan::Table& table = *scan->dead_letter_table;
    CASTOR_ASSIGN_OR_RETURN(scan->dead_letter_sink,
                            job_.registries->connectors.MakeSink(
                                {table, table.PhysicalRow(), {}, {}, false, options_, bundle_}));
    return Status::OK();
  }

  Status MakeSink(const plan::Sink& node) {
    SinkBlueprint& sink = job_.sinks[node.id];
    sink.node = &node;
    // With the table's names for columns, not those that the query has for its expressions.
    CASTOR_ASSIGN_OR_RETURN(
        sink.sink, job_.registries->connectors.MakeSink({node.table, node.consumed_type,
                                                         node.metadata_keys, node.static_partition,
                                                         node.overwrite, options_, bundle_}));
    if (sink.sink->parallelism() > 0) {
      graph_options_.node_parallelism[node.id] = sink.sink->parallelism();
      if (!node.table.options.contains("sink.parallelism")) {
        graph_options_.collecting_sinks.insert(node.id);
      }
    }
    return Status::OK();
  }

  Status ListOperators() {
    std::set<std::string> uids;
    for (const JobVertex& vertex : job_.graph.vertices) {
      for (const plan::Node* node : vertex.nodes) {
        if (!uids.insert(node->uid).second) {
          return Status::InvalidArgument("two operators have the uid '" + node->uid +
                                         "': " + node->Describe());
        }
        OperatorRecord record;
        record.uid = node->uid;
        record.aliases = node->aliases;
        record.fingerprint = node->fingerprint;
        record.description = node->description.empty() ? node->type : node->description;
        record.place = node->Describe();
        record.parallelism = vertex.parallelism;
        job_.operators.push_back(std::move(record));
      }
      if (vertex.scan() != nullptr) ListDeadLetters(*vertex.scan(), vertex.parallelism);
    }
    return Status::OK();
  }

  void ListDeadLetters(const plan::TableSourceScan& scan, int32_t parallelism) {
    const ScanBlueprint& blueprint = job_.scans.at(scan.id);
    if (blueprint.dead_letter_table == nullptr) return;
    OperatorRecord record;
    record.uid = DeadLetterUid(scan.uid);
    record.description = blueprint.dead_letter_table->identifier + " of " + scan.description;
    record.place = record.description;
    record.parallelism = parallelism;
    job_.operators.push_back(std::move(record));
  }

  Blueprint& job_;
  const plan::Bundle& bundle_;
  const Configuration& options_;
  GraphOptions graph_options_;
};

}  // namespace

Result<std::unique_ptr<Operator>> Blueprint::MakeOperator(const plan::Node& node) const {
  return registries->operators.Make({node, *bundle, InputTypes(bundle->graph, node)});
}

Result<std::unique_ptr<Blueprint>> MakeBlueprint(const plan::Bundle& bundle,
                                                 const Registries& registries,
                                                 Configuration configuration, const Clock& clock) {
  auto blueprint = std::make_unique<Blueprint>();
  blueprint->bundle = &bundle;
  blueprint->registries = &registries;
  blueprint->configuration = std::move(configuration);
  blueprint->clock = &clock;
  CASTOR_RETURN_NOT_OK(BlueprintMaker(blueprint.get()).Make());
  return blueprint;
}

}  // namespace castor::runtime
