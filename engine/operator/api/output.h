// Where an operator puts its results: a short queue to the next operator of its chain.
//
// Emitting never blocks and never fails. An operator that has more to say checks `Full()` after
// each batch and, when it is, returns Progress::kOutputFull; it is resumed by `Operator::Continue`
// when the queue has drained. Elements keep their order. Single-threaded: a chain runs on one
// thread at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>
#include <variant>

#include "base/clock.h"
#include "column/batch.h"

namespace castor {

struct Watermark {
  TimestampMs time;
};
// The input is idle (or active again): it no longer holds back the merged watermark.
struct WatermarkStatus {
  bool idle;
};

class Output {
 public:
  using Element = std::variant<Batch, Watermark, WatermarkStatus>;

  explicit Output(int64_t capacity_bytes = 1 << 20) : capacity_bytes_(capacity_bytes) {}

  void Emit(Batch batch) {
    if (batch.num_rows == 0 && batch.marks.empty()) return;
    bytes_ += batch.ByteSize();
    elements_.emplace_back(std::move(batch));
  }
  void EmitWatermark(TimestampMs time) { elements_.emplace_back(Watermark{time}); }
  void EmitWatermarkStatus(bool idle) { elements_.emplace_back(WatermarkStatus{idle}); }

  bool Full() const { return bytes_ >= capacity_bytes_ || elements_.size() >= kMaxElements; }

  // For the host.
  bool empty() const { return elements_.empty(); }
  Element Pop() {
    Element element = std::move(elements_.front());
    elements_.pop_front();
    if (elements_.empty()) bytes_ = 0;
    return element;
  }

 private:
  static constexpr size_t kMaxElements = 16;
  const int64_t capacity_bytes_;
  int64_t bytes_ = 0;
  std::deque<Element> elements_;
};

}  // namespace castor
