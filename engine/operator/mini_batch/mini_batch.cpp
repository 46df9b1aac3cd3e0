#include "operator/mini_batch/mini_batch.h"

#include <algorithm>
#include <string>
#include <utility>

#include "plan/nodes/time.h"

namespace castor {
namespace {

// Flink's ProcTimeMiniBatchAssignerOperator. Watermarks from upstream mean nothing here, but for
// the last.
class ProcTimeMiniBatchAssigner final : public Operator {
 public:
  explicit ProcTimeMiniBatchAssigner(int64_t interval) : interval_(interval) {}

  bool HandlesMarks() const override { return true; }

  Status Open(OperatorContext& context) override {
    context_ = &context;
    context.RequestProcessingTime(context.clock().NowMs() + interval_);
    return Status::OK();
  }

  Result<Progress> Process(int, Batch batch, Output& out) override {
    StartBatch(context_->clock().NowMs(), out);
    batch.marks.clear();
    out.Emit(std::move(batch));
    return Progress::kDone;
  }

  Result<Progress> OnProcessingTime(TimestampMs now, Output& out) override {
    StartBatch(now, out);
    context_->RequestProcessingTime(now - now % interval_ + interval_);
    return Progress::kDone;
  }

  Result<Progress> OnWatermark(TimestampMs watermark, Output& out) override {
    if (watermark == kMaxWatermark && current_ != kMaxWatermark) {
      current_ = kMaxWatermark;
      out.EmitWatermark(watermark);
    }
    return Progress::kDone;
  }

 private:
  void StartBatch(TimestampMs now, Output& out) {
    const TimestampMs start = now - now % interval_;
    if (start <= current_) return;
    current_ = start;
    out.EmitWatermark(start);
  }

  const int64_t interval_;
  OperatorContext* context_ = nullptr;
  TimestampMs current_ = 0;
};

// Flink's RowTimeMiniBatchAssginerOperator: of the watermarks from upstream, only the first one in
// each interval goes on at once.
class RowTimeMiniBatchAssigner final : public Operator {
 public:
  explicit RowTimeMiniBatchAssigner(int64_t interval)
      : interval_(interval), next_(StartOf(0) + interval - 1) {}

  bool HandlesMarks() const override { return true; }

  Status Open(OperatorContext&) override { return Status::OK(); }

  Result<Progress> Process(int, Batch batch, Output& out) override {
    std::erase_if(batch.marks, [this](WatermarkMark& mark) {
      const bool passes = Advance(mark.watermark);
      mark.watermark = current_;
      return !passes;
    });
    out.Emit(std::move(batch));
    return Progress::kDone;
  }

  Result<Progress> OnWatermark(TimestampMs watermark, Output& out) override {
    if (Advance(watermark)) out.EmitWatermark(current_);
    return Progress::kDone;
  }

  Result<Progress> EndInput(int, Output& out) override {
    if (current_ > emitted_) {
      emitted_ = current_;
      out.EmitWatermark(current_);
    }
    return Progress::kDone;
  }

 private:
  TimestampMs StartOf(TimestampMs watermark) const {
    return watermark - (watermark + interval_) % interval_;
  }

  // Whether `current_`, raised to `watermark`, is to go on now.
  bool Advance(TimestampMs watermark) {
    current_ = std::max(current_, watermark);
    if (watermark == kMaxWatermark) return std::exchange(emitted_, kMaxWatermark) != kMaxWatermark;
    if (current_ < next_) return false;
    emitted_ = current_;
    const TimestampMs end = StartOf(current_) + interval_ - 1;
    next_ = end > current_ ? end : end + interval_;
    return true;
  }

  const int64_t interval_;
  TimestampMs next_;
  TimestampMs current_ = 0;
  TimestampMs emitted_ = 0;
};

}  // namespace

Result<std::unique_ptr<Operator>> MakeMiniBatchAssigner(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::MiniBatchAssigner&>(arguments.node);
  if (node.interval_ms <= 0) {
    return Status::InvalidArgument("a mini-batch interval must be positive, not " +
                                   std::to_string(node.interval_ms) + " ms");
  }
  if (node.mode == plan::MiniBatchAssigner::Mode::kRowTime) {
    return std::unique_ptr<Operator>(std::make_unique<RowTimeMiniBatchAssigner>(node.interval_ms));
  }
  return std::unique_ptr<Operator>(std::make_unique<ProcTimeMiniBatchAssigner>(node.interval_ms));
}

}  // namespace castor
