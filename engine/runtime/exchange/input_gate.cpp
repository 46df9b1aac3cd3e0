#include "runtime/exchange/input_gate.h"

#include <algorithm>
#include <utility>

namespace castor::runtime {

void InputGate::AddChannel(Channel* channel, int input) {
  const int index = inputs_[static_cast<size_t>(input)].channels++;
  sources_.push_back({channel, input, index});
}

InputGate::Event InputGate::Next() {
  // One element of one channel may be several events or none.
  size_t tried = 0;
  while (ready_.empty() && tried < sources_.size()) {
    Source& source = sources_[next_];
    next_ = (next_ + 1) % sources_.size();
    Element element;
    if (source.blocked || !source.channel->Pop(&element)) {
      ++tried;
      continue;
    }
    tried = 0;
    Receive(source, std::move(element));
  }
  if (ready_.empty()) return std::monostate{};
  Event event = std::move(ready_.front());
  ready_.pop_front();
  return event;
}

void InputGate::Receive(Source& source, Element element) {
  if (auto* batch = std::get_if<Batch>(&element)) return OnBatch(source, std::move(*batch));
  if (auto* watermark = std::get_if<Watermark>(&element)) {
    const auto merged = ValveOf(source).OnWatermark(source.index_in_input, watermark->time);
    if (merged) ready_.emplace_back(Received{source.input, Watermark{*merged}});
    return;
  }
  if (auto* status = std::get_if<WatermarkStatus>(&element)) {
    const auto change = ValveOf(source).OnStatus(source.index_in_input, status->idle);
    if (change.watermark) ready_.emplace_back(Received{source.input, Watermark{*change.watermark}});
    if (change.idle) ready_.emplace_back(Received{source.input, WatermarkStatus{*change.idle}});
    return;
  }
  if (auto* barrier = std::get_if<Barrier>(&element)) return OnBarrier(source, *barrier);
  Input& input = inputs_[static_cast<size_t>(source.input)];
  if (++input.ended == input.channels) ready_.emplace_back(InputEnded{source.input});
}

void InputGate::OnBatch(const Source& source, Batch batch) {
  if (!batch.marks.empty()) {
    size_t kept = 0;
    for (const WatermarkMark& mark : batch.marks) {
      const auto merged = ValveOf(source).OnWatermark(source.index_in_input, mark.watermark);
      if (merged) batch.marks[kept++] = {mark.row, *merged};
    }
    batch.marks.resize(kept);
    if (batch.num_rows == 0) {
      if (kept == 0) return;
      ready_.emplace_back(Received{source.input, Watermark{batch.marks.back().watermark}});
      return;
    }
  }
  ready_.emplace_back(Received{source.input, std::move(batch)});
}

void InputGate::OnBarrier(Source& source, const Barrier& barrier) {
  if (barrier.id <= aborted_) return;
  source.blocked = true;
  if (++delivered_ < sources_.size()) return;
  Unblock();
  ready_.emplace_back(barrier);
}

void InputGate::Abort(int64_t id) {
  aborted_ = std::max(aborted_, id);
  Unblock();
  // An aligned barrier that has not been taken yet must not start a snapshot any more.
  std::erase_if(ready_, [id](const Event& event) {
    const auto* barrier = std::get_if<Barrier>(&event);
    return barrier != nullptr && barrier->id <= id;
  });
}

void InputGate::Unblock() {
  for (Source& source : sources_) source.blocked = false;
  delivered_ = 0;
}

host::WatermarkValve& InputGate::ValveOf(const Source& source) {
  Input& input = inputs_[static_cast<size_t>(source.input)];
  if (input.valve.empty()) input.valve.emplace_back(input.channels);
  return input.valve.front();
}

}  // namespace castor::runtime
