#include "runtime/job/execution_builder.h"

#include <algorithm>
#include <utility>

#include "runtime/source/split_codec.h"
#include "runtime/task/edges_tail.h"
#include "runtime/task/sink_tail.h"
#include "runtime/task/values_head.h"
#include "state/checked_store.h"

namespace castor::runtime {
namespace {

// Of all channels into one input of one subtask together; each gets its share, within bounds.
constexpr int64_t kGateBytes = 4 << 20;
constexpr int64_t kSmallestChannel = 64 << 10;

}  // namespace

Status ExecutionBuilder::Build() {
  MakeSubtasks();
  MakeChannels();
  CASTOR_RETURN_NOT_OK(MakeCommitters());
  source_heads_.resize(job_.graph.vertices.size());
  for (const JobVertex& vertex : job_.graph.vertices) {
    for (int32_t i = 0; i < vertex.parallelism; ++i) CASTOR_RETURN_NOT_OK(Assemble(vertex, i));
    if (vertex.scan() != nullptr) CASTOR_RETURN_NOT_OK(MakeSourceCoordinator(vertex));
  }
  MakeCheckpointCoordinator();
  return Status::OK();
}

void ExecutionBuilder::MakeSubtasks() {
  SubtaskListener* const listener = &execution_;
  for (const JobVertex& vertex : job_.graph.vertices) {
    first_subtask_.push_back(execution_.subtasks_.size());
    for (int32_t i = 0; i < vertex.parallelism; ++i) {
      execution_.subtasks_.push_back(
          std::make_unique<Subtask>(listener, execution_.timers_.get(), job_.clock));
      if (vertex.inputs == 0) execution_.injected_.push_back(execution_.subtasks_.back().get());
    }
  }
}

Subtask* ExecutionBuilder::SubtaskOf(int vertex, int32_t index) {
  const size_t first = first_subtask_[static_cast<size_t>(vertex)];
  return execution_.subtasks_[first + static_cast<size_t>(index)].get();
}

void ExecutionBuilder::MakeChannels() {
  for (const JobEdge& edge : job_.graph.edges) {
    const int32_t from = job_.graph.vertices[static_cast<size_t>(edge.from)].parallelism;
    const int32_t to = job_.graph.vertices[static_cast<size_t>(edge.to)].parallelism;
    const bool forward = edge.routing == Routing::kForward;
    const int64_t bytes = std::max(kGateBytes / (forward ? 1 : from), kSmallestChannel);
    EdgeChannels& channels = channels_.emplace_back();
    for (int32_t f = 0; f < from; ++f) {
      channels.emplace_back(static_cast<size_t>(to), nullptr);
      for (int32_t t = 0; t < to; ++t) {
        if (forward && f != t) continue;
        execution_.channels_.push_back(std::make_unique<Channel>(bytes));
        Channel* channel = execution_.channels_.back().get();
        channel->Connect(SubtaskOf(edge.from, f), SubtaskOf(edge.to, t));
        channels.back()[static_cast<size_t>(t)] = channel;
      }
    }
  }
}

std::vector<Channel*> ExecutionBuilder::TargetsOf(const JobEdge& edge, int32_t index) {
  const auto id = static_cast<size_t>(&edge - job_.graph.edges.data());
  std::vector<Channel*> targets = channels_[id][static_cast<size_t>(index)];
  std::erase(targets, nullptr);
  return targets;
}

Status ExecutionBuilder::MakeCommitters() {
  for (const auto& [id, sink] : job_.sinks) {
    CASTOR_ASSIGN_OR_RETURN(auto committer, sink.sink->MakeCommitter());
    execution_.committers_.Add(sink.node->uid, std::move(committer), sink.node->Describe());
  }
  for (const auto& [id, scan] : job_.scans) {
    if (scan.dead_letter_sink == nullptr) continue;
    CASTOR_ASSIGN_OR_RETURN(auto committer, scan.dead_letter_sink->MakeCommitter());
    execution_.committers_.Add(DeadLetterUid(scan.node->uid), std::move(committer),
                               scan.dead_letter_table->identifier);
  }
  return Status::OK();
}

MetricGroup* ExecutionBuilder::MetricsOf(const plan::Node& node, int32_t index) {
  return options_.metrics->OfOperator({node.id, node.description, node.type, index});
}

Status ExecutionBuilder::Assemble(const JobVertex& vertex, int32_t index) {
  SubtaskParts parts;
  parts.vertex = vertex.id;
  parts.index = index;
  parts.inputs = std::max(vertex.inputs, 1);
  parts.metrics = MetricsOf(*vertex.nodes.front(), index);
  CASTOR_ASSIGN_OR_RETURN(parts.operators, MakeOperators(vertex, index));
  std::vector<std::string> operators;
  for (const HostedOperator& op : parts.operators) operators.push_back(op.host->description());
  CASTOR_ASSIGN_OR_RETURN(parts.slow_steps, MakeSlowSteps(job_.configuration,
                                                          vertex.nodes.front()->Describe() + " (" +
                                                              std::to_string(index) + ")",
                                                          std::move(operators), options_.log));
  CASTOR_ASSIGN_OR_RETURN(parts.tail, MakeTail(vertex, index));
  CASTOR_ASSIGN_OR_RETURN(parts.head, MakeHead(vertex, index));
  SubtaskOf(vertex.id, index)->Assemble(std::move(parts));
  return Status::OK();
}

Result<std::vector<HostedOperator>> ExecutionBuilder::MakeOperators(const JobVertex& vertex,
                                                                    int32_t index) {
  std::vector<HostedOperator> operators;
  for (size_t i = 0; i < vertex.nodes.size(); ++i) {
    if (i == 0 && vertex.scan() != nullptr) continue;
    const int inputs = i == 0 ? std::max(vertex.inputs, 1) : 1;
    CASTOR_ASSIGN_OR_RETURN(HostedOperator op,
                            MakeOperator(vertex, *vertex.nodes[i], index, inputs));
    operators.push_back(std::move(op));
  }
  return operators;
}

Result<HostedOperator> ExecutionBuilder::MakeOperator(const JobVertex& vertex,
                                                      const plan::Node& node, int32_t index,
                                                      int inputs) {
  HostedOperator hosted;
  hosted.uid = node.uid;
  hosted.state_size = MetricsOf(node, index)->Gauge("stateSize");
  CASTOR_ASSIGN_OR_RETURN(hosted.state, MakeState(vertex, node, index));
  CASTOR_ASSIGN_OR_RETURN(auto op, job_.MakeOperator(node));
  if (execution_.snapshot_ != nullptr) {
    const auto restore = [&](int32_t, std::string_view bytes) {
      return op->Restore(bytes).WithContext(node.Describe());
    };
    CASTOR_RETURN_NOT_OK(execution_.snapshot_->ForEach(node.uid, section::kOperator, restore));
  }
  host::ContextValues values;
  values.subtask = index;
  values.parallelism = vertex.parallelism;
  values.max_parallelism = execution_.max_parallelism_;
  values.batch_rows = job_.batch_rows;
  values.configuration = &job_.configuration;
  values.clock = job_.clock;
  values.metrics = MetricsOf(node, index);
  values.state = hosted.state.get();
  values.make_waker = [task = SubtaskOf(vertex.id, index)] { return task->MakeWaker(); };
  hosted.host = std::make_unique<host::OperatorHost>(
      std::move(op), std::make_unique<host::Context>(std::move(values)), inputs, node.Describe());
  return hosted;
}

Result<std::unique_ptr<state::SnapshottableStore>> ExecutionBuilder::MakeState(
    const JobVertex& vertex, const plan::Node& node, int32_t index) {
  const KeyGroupRange groups =
      KeyGroupRangeOf(index, vertex.parallelism, execution_.max_parallelism_);
  const std::string name = InstanceName(IndexOf(node), index);
  auto store =
      state::MakeStore(node.Describe(), groups, execution_.max_parallelism_, *job_.clock,
                       StoreHostOf(name, SubtaskOf(vertex.id, index), MetricsOf(node, index)));
  store = state::CheckedIfAsked(node.Describe(), std::move(store));
  if (execution_.snapshot_ != nullptr) {
    const auto restore = [&](int32_t subtask, state::StoredState stored) -> Status {
      CASTOR_ASSIGN_OR_RETURN(
          stored.files, options_.store->shared().Restore(name, *options_.files, stored.files));
      for (const state::StateFile& file : stored.files) {
        execution_.restored_files_.push_back(file.path);
      }
      return store->Restore(stored).WithContext(node.Describe() + ", state of old subtask " +
                                                std::to_string(subtask));
    };
    const Status restored = execution_.snapshot_->ForEachKeyed(node.uid, groups, restore);
    CASTOR_RETURN_NOT_OK(restored);
  }
  return store;
}

state::StoreHost ExecutionBuilder::StoreHostOf(const std::string& store, Subtask* owner,
                                               MetricGroup* metrics) {
  SharedFiles& shared = options_.store->shared();
  IoPool* const io = execution_.io_.get();
  state::StoreHost host;
  host.file_system = shared.store_files();
  host.file_prefix = io::JoinPath(shared.directory(), store + "-" + options_.attempt_id + "-");
  // On the pool, since deleting may block. What it drops when it stops goes with the attempt.
  host.release = [io, &shared, attempt = shared.attempt(), store](const std::string& path) {
    io->Submit([&shared, attempt, store, path] { shared.Release(attempt, store, path); });
  };
  host.execute = [io](std::function<void()> work) { io->Submit(std::move(work)); };
  host.fetch = [io](std::function<void()> work) { io->SubmitAwaited(std::move(work)); };
  host.wake = owner->MakeWaker();
  host.log = options_.log;
  host.metrics = metrics;
  host.options = &job_.state;
  return host;
}

size_t ExecutionBuilder::IndexOf(const plan::Node& node) const {
  const auto found =
      std::find_if(job_.operators.begin(), job_.operators.end(),
                   [&](const OperatorRecord& record) { return record.uid == node.uid; });
  return static_cast<size_t>(found - job_.operators.begin());
}

Result<std::unique_ptr<Head>> ExecutionBuilder::MakeHead(const JobVertex& vertex, int32_t index) {
  if (vertex.scan() != nullptr) return MakeSourceHead(vertex, index);
  if (vertex.inputs == 0) return std::unique_ptr<Head>(std::make_unique<ValuesHead>());
  InputGate gate(vertex.inputs);
  for (const int id : vertex.in_edges) {
    const JobEdge& edge = job_.graph.edges[static_cast<size_t>(id)];
    for (const auto& of_producer : channels_[static_cast<size_t>(id)]) {
      Channel* channel = of_producer[static_cast<size_t>(index)];
      if (channel != nullptr) gate.AddChannel(channel, edge.to_input);
    }
  }
  return std::unique_ptr<Head>(std::make_unique<GateHead>(std::move(gate)));
}

Result<std::unique_ptr<Head>> ExecutionBuilder::MakeSourceHead(const JobVertex& vertex,
                                                               int32_t index) {
  const ScanBlueprint& scan = job_.scans.at(vertex.scan()->id);
  SourceHeadParts parts;
  parts.uid = scan.node->uid;
  parts.description = scan.node->Describe();
  CASTOR_ASSIGN_OR_RETURN(parts.reader, scan.source->MakeReader());
  parts.context.subtask = index;
  parts.context.parallelism = vertex.parallelism;
  parts.context.batch_rows = job_.batch_rows;
  parts.context.clock = job_.clock;
  parts.context.metrics = MetricsOf(*scan.node, index);
  parts.context.waker = SubtaskOf(vertex.id, index)->MakeWaker();
  parts.watermarks = scan.watermarks;
  parts.short_of_memory = [execution = &execution_, self = SubtaskOf(vertex.id, index)] {
    execution->AskForMemory(*self);
  };
  if (scan.dead_letter_sink != nullptr) {
    CASTOR_ASSIGN_OR_RETURN(parts.dead_letters, MakeDeadLetters(scan, vertex, index));
  }
  auto head = std::make_unique<SourceHead>(std::move(parts));
  source_heads_[static_cast<size_t>(vertex.id)].push_back(head.get());
  return std::unique_ptr<Head>(std::move(head));
}

connector::WriterContext ExecutionBuilder::WriterContextOf(const plan::Node& node, int32_t index,
                                                           int32_t parallelism) {
  connector::WriterContext context;
  context.subtask = index;
  context.parallelism = parallelism;
  context.attempt_id = options_.attempt_id + "-" + std::to_string(node.id);
  context.clock = job_.clock;
  context.metrics = MetricsOf(node, index);
  return context;
}

template <typename Restore>
Status ExecutionBuilder::RestoreWriter(const std::string& uid, int32_t index, int32_t parallelism,
                                       const Restore& restore) {
  if (execution_.snapshot_ == nullptr) return Status::OK();
  return execution_.snapshot_->ForEach(uid, section::kWriter,
                                       [&](int32_t subtask, std::string_view bytes) {
                                         if (subtask % parallelism != index) return Status::OK();
                                         return restore(bytes);
                                       });
}

Result<std::unique_ptr<DeadLetters>> ExecutionBuilder::MakeDeadLetters(const ScanBlueprint& scan,
                                                                       const JobVertex& vertex,
                                                                       int32_t index) {
  CASTOR_ASSIGN_OR_RETURN(auto writer, scan.dead_letter_sink->MakeWriter());
  const std::string uid = DeadLetterUid(scan.node->uid);
  auto dead_letters = std::make_unique<DeadLetters>(
      std::move(writer), WriterContextOf(*scan.node, index, vertex.parallelism), uid,
      scan.node->table.identifier);
  CASTOR_RETURN_NOT_OK(RestoreWriter(uid, index, vertex.parallelism, [&](std::string_view bytes) {
    return dead_letters->Restore(bytes);
  }));
  return dead_letters;
}

Result<std::unique_ptr<Tail>> ExecutionBuilder::MakeTail(const JobVertex& vertex, int32_t index) {
  if (vertex.sink() != nullptr) return MakeSinkTail(vertex, index);
  EdgeWriterOptions options;
  options.max_parallelism = execution_.max_parallelism_;
  options.batch_rows = job_.batch_rows;
  options.buffer_timeout_ms = job_.buffer_timeout_ms;
  options.clock = job_.clock;
  std::vector<std::unique_ptr<EdgeWriter>> writers;
  for (const int id : vertex.out_edges) {
    const JobEdge& edge = job_.graph.edges[static_cast<size_t>(id)];
    writers.push_back(
        MakeEdgeWriter(edge, vertex.output_type(), index, TargetsOf(edge, index), options));
  }
  return std::unique_ptr<Tail>(std::make_unique<EdgesTail>(std::move(writers)));
}

Result<std::unique_ptr<Tail>> ExecutionBuilder::MakeSinkTail(const JobVertex& vertex,
                                                             int32_t index) {
  const plan::Sink& node = *vertex.sink();
  CASTOR_ASSIGN_OR_RETURN(auto writer, job_.sinks.at(node.id).sink->MakeWriter());
  auto tail = std::make_unique<SinkTail>(std::move(writer),
                                         WriterContextOf(node, index, vertex.parallelism), node.uid,
                                         node.Describe());
  CASTOR_RETURN_NOT_OK(RestoreWriter(node.uid, index, vertex.parallelism,
                                     [&](std::string_view bytes) { return tail->Restore(bytes); }));
  return std::unique_ptr<Tail>(std::move(tail));
}

Status ExecutionBuilder::MakeSourceCoordinator(const JobVertex& vertex) {
  const ScanBlueprint& scan = job_.scans.at(vertex.scan()->id);
  const std::string& uid = scan.node->uid;
  std::vector<connector::Split> unassigned, in_progress;
  std::string enumerator_state;
  if (execution_.snapshot_ != nullptr) {
    CASTOR_ASSIGN_OR_RETURN(const StoredFile stored, execution_.snapshot_->Coordinator(uid));
    enumerator_state = stored.section(section::kEnumerator);
    const std::string_view pool = stored.section(section::kSplits);
    if (!pool.empty()) {
      CASTOR_ASSIGN_OR_RETURN(unassigned, DecodeSplits(pool));
    }
    const auto add = [&](int32_t, std::string_view bytes) -> Status {
      CASTOR_ASSIGN_OR_RETURN(auto splits, DecodeSplits(bytes));
      std::move(splits.begin(), splits.end(), std::back_inserter(in_progress));
      return Status::OK();
    };
    CASTOR_RETURN_NOT_OK(execution_.snapshot_->ForEach(uid, section::kSplits, add));
  }
  SourceCoordinatorParts parts;
  parts.uid = uid;
  parts.description = scan.node->Describe();
  parts.source = scan.source.get();
  auto enumerator = scan.source->MakeEnumerator(vertex.parallelism, enumerator_state);
  if (!enumerator.ok()) return enumerator.status().WithContext(parts.description);
  parts.enumerator = std::move(*enumerator);
  const auto& heads = source_heads_[static_cast<size_t>(vertex.id)];
  parts.readers.assign(heads.begin(), heads.end());
  parts.io = execution_.io_.get();
  parts.timers = execution_.timers_.get();
  parts.clock = job_.clock;
  parts.on_failure = [execution = &execution_](const Status& status) {
    execution->OnFatal(status);
  };
  auto coordinator = std::make_unique<SourceCoordinator>(std::move(parts));
  for (SourceHead* head : heads) head->Connect(coordinator.get());
  coordinator->Restore(std::move(unassigned), std::move(in_progress));
  execution_.sources_.push_back(std::move(coordinator));
  return Status::OK();
}

void ExecutionBuilder::MakeCheckpointCoordinator() {
  CheckpointCoordinator::Parts parts;
  parts.options = job_.checkpoints;
  parts.target = &execution_;
  parts.store = options_.store;
  parts.savepoint_files = options_.files;
  parts.committers = &execution_.committers_;
  for (const auto& source : execution_.sources_) parts.sources.push_back(source.get());
  parts.operators = job_.operators;
  parts.job.job = job_.bundle->name;
  parts.job.run = options_.store->run();
  parts.job.ancestors = options_.store->ancestors();
  parts.job.max_parallelism = execution_.max_parallelism_;
  parts.subtasks = static_cast<int>(execution_.subtasks_.size());
  parts.source_subtasks = static_cast<int>(execution_.injected_.size());
  parts.first_id = options_.first_checkpoint_id;
  parts.io = execution_.io_.get();
  parts.timers = execution_.timers_.get();
  parts.clock = job_.clock;
  parts.metrics = &options_.metrics->job();
  parts.log = options_.log;
  execution_.coordinator_ = std::make_unique<CheckpointCoordinator>(std::move(parts));
}

}  // namespace castor::runtime
