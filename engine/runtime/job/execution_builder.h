// Builds the subtasks of an execution: channels, operators with their state, heads and tails. Used
// by Execution::Start only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/job/execution.h"

namespace castor::runtime {

class ExecutionBuilder {
 public:
  explicit ExecutionBuilder(Execution* execution)
      : execution_(*execution), job_(execution->job_), options_(execution->options_) {}

  Status Build();

 private:
  // Per edge: the channel of (from, to), or null where none is needed.
  using EdgeChannels = std::vector<std::vector<Channel*>>;

  void MakeSubtasks();
  void MakeChannels();
  Status MakeCommitters();
  Status Assemble(const JobVertex& vertex, int32_t index);
  Result<std::vector<HostedOperator>> MakeOperators(const JobVertex& vertex, int32_t index);
  Result<HostedOperator> MakeOperator(const JobVertex& vertex, const plan::Node& node,
                                      int32_t index, int inputs);
  Result<std::unique_ptr<state::SnapshottableStore>> MakeState(const JobVertex& vertex,
                                                               const plan::Node& node,
                                                               int32_t index);
  // What `store` (a name) needs of the subtask that it belongs to.
  state::StoreHost StoreHostOf(const std::string& store, Subtask* owner, MetricGroup* metrics);
  size_t IndexOf(const plan::Node& node) const;
  Result<std::unique_ptr<Head>> MakeHead(const JobVertex& vertex, int32_t index);
  Result<std::unique_ptr<Head>> MakeSourceHead(const JobVertex& vertex, int32_t index);
  Result<std::unique_ptr<DeadLetters>> MakeDeadLetters(const ScanBlueprint& scan,
                                                       const JobVertex& vertex, int32_t index);
  Result<std::unique_ptr<Tail>> MakeTail(const JobVertex& vertex, int32_t index);
  Result<std::unique_ptr<Tail>> MakeSinkTail(const JobVertex& vertex, int32_t index);
  Status MakeSourceCoordinator(const JobVertex& vertex);
  void MakeCheckpointCoordinator();

  // Hands the states of the old writers that fall to subtask `index` to `restore`.
  template <typename Restore>
  Status RestoreWriter(const std::string& uid, int32_t index, int32_t parallelism,
                       const Restore& restore);
  connector::WriterContext WriterContextOf(const plan::Node& node, int32_t index,
                                           int32_t parallelism);
  MetricGroup* MetricsOf(const plan::Node& node, int32_t index);
  Subtask* SubtaskOf(int vertex, int32_t index);
  std::vector<Channel*> TargetsOf(const JobEdge& edge, int32_t index);

  Execution& execution_;
  const Blueprint& job_;
  const ExecutionOptions& options_;
  std::vector<size_t> first_subtask_;                   // by vertex
  std::vector<EdgeChannels> channels_;                  // by edge, then from, then to
  std::vector<std::vector<SourceHead*>> source_heads_;  // by vertex
};

}  // namespace castor::runtime
