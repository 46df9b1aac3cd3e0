#include "runtime/exchange/edge_writer.h"

#include "runtime/exchange/hash_edge_writer.h"

namespace castor::runtime {
namespace {

// Every batch to one target: the only one, or one after the other.
class RoundRobinWriter final : public EdgeWriter {
 public:
  RoundRobinWriter(std::vector<Channel*> targets, const EdgeWriterOptions& options, int32_t subtask)
      : EdgeWriter(std::move(targets), options),
        next_(static_cast<size_t>(subtask) % target_count()) {}

  void Write(const Batch& batch) override {
    const size_t target = next_;
    next_ = (next_ + 1) % target_count();
    if (target_count() > 1 && !batch.marks.empty()) {
      WriteWithMarks(batch, target);
    } else {
      Send(target, batch);
    }
  }

 private:
  // The others learn of the watermark at the batch's end.
  void WriteWithMarks(const Batch& batch, size_t target) {
    Batch marks_only;
    marks_only.marks.push_back({0, batch.marks.back().watermark});
    for (size_t i = 0; i < target_count(); ++i) Send(i, i == target ? batch : marks_only);
  }

  size_t next_;
};

class BroadcastWriter final : public EdgeWriter {
 public:
  using EdgeWriter::EdgeWriter;
  void Write(const Batch& batch) override {
    for (size_t i = 0; i < target_count(); ++i) Send(i, batch);
  }
};

}  // namespace

EdgeWriter::EdgeWriter(std::vector<Channel*> targets, const EdgeWriterOptions& options)
    : options_(options) {
  for (Channel* target : targets) lanes_.emplace_back(target, options.batch_rows);
}

void EdgeWriter::Broadcast(const Element& element) {
  for (Lane& lane : lanes_) lane.SendControl(element);
  flush_at_ = kMaxWatermark;
}

bool EdgeWriter::Drain() {
  bool all = true;
  for (Lane& lane : lanes_) all &= lane.Drain();
  return all;
}

void EdgeWriter::Flush() {
  for (Lane& lane : lanes_) lane.Flush();
  flush_at_ = kMaxWatermark;
}

void EdgeWriter::Gather(size_t target, Batch piece) {
  if (options_.buffer_timeout_ms == 0) return Send(target, std::move(piece));
  lanes_[target].Gather(std::move(piece));
  if (options_.buffer_timeout_ms > 0 && flush_at_ == kMaxWatermark && lanes_[target].gathering()) {
    flush_at_ = options_.clock->NowMs() + options_.buffer_timeout_ms;
  }
}

std::unique_ptr<EdgeWriter> MakeEdgeWriter(const JobEdge& edge, const LogicalType& row,
                                           int32_t subtask, std::vector<Channel*> targets,
                                           const EdgeWriterOptions& options) {
  if (edge.routing == Routing::kHash && targets.size() > 1) {
    return std::make_unique<HashEdgeWriter>(row, edge.keys, std::move(targets), options);
  }
  if (edge.routing == Routing::kBroadcast) {
    return std::make_unique<BroadcastWriter>(std::move(targets), options);
  }
  return std::make_unique<RoundRobinWriter>(std::move(targets), options, subtask);
}

}  // namespace castor::runtime
