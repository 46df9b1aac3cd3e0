#include "runtime/task/edges_tail.h"

#include <algorithm>

namespace castor::runtime {

Status EdgesTail::Accept(Output::Element element) {
  if (auto* batch = std::get_if<Batch>(&element)) {
    for (auto& edge : edges_) edge->Write(*batch);
  } else if (auto* watermark = std::get_if<Watermark>(&element)) {
    Broadcast(*watermark);
  } else {
    Broadcast(std::get<WatermarkStatus>(element));
  }
  return Status::OK();
}

bool EdgesTail::Drain() {
  bool all = true;
  for (auto& edge : edges_) all &= edge->Drain();
  return all;
}

TimestampMs EdgesTail::wake_at() const {
  TimestampMs earliest = kMaxWatermark;
  for (const auto& edge : edges_) earliest = std::min(earliest, edge->flush_at());
  return earliest;
}

void EdgesTail::OnTime(TimestampMs now) {
  for (auto& edge : edges_) {
    if (edge->flush_at() <= now) edge->Flush();
  }
}

Status EdgesTail::OnBarrier(const Barrier& barrier, SubtaskCut* cut) {
  (void)cut;
  Broadcast(barrier);
  return Status::OK();
}

void EdgesTail::OnEnd() { Broadcast(EndOfInput{}); }

void EdgesTail::Broadcast(const Element& element) {
  for (auto& edge : edges_) edge->Broadcast(element);
}

}  // namespace castor::runtime
