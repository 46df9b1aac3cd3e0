#include "operator/watermark_assigner/watermark_assigner.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "column/visit.h"
#include "expr/program.h"
#include "operator/api/event_time.h"
#include "operator/watermark_assigner/idleness.h"
#include "plan/nodes/time.h"

namespace castor {
namespace {

constexpr int64_t kDefaultIntervalMs = 200;  // of pipeline.auto-watermark-interval

// One timer serves both the emission of watermarks and the check for idleness: the shorter of the
// two intervals if that is more than five times shorter than the other, else a fifth of it
// (WatermarkAssignerOperator.calculateProcessingTimeTimerInterval).
int64_t TimerInterval(int64_t watermark_interval, int64_t idle_timeout) {
  if (watermark_interval <= 0) return std::max<int64_t>(idle_timeout, 0);
  if (idle_timeout <= 0) return watermark_interval;
  const int64_t smaller = std::min(watermark_interval, idle_timeout);
  const int64_t larger = std::max(watermark_interval, idle_timeout);
  return std::max<int64_t>(smaller * 5 < larger ? smaller : smaller / 5, 1);
}

class WatermarkAssigner final : public Operator {
 public:
  WatermarkAssigner(const plan::WatermarkAssigner& node, LogicalType input)
      : expression_(node.watermark), rowtime_(node.rowtime_field), input_(std::move(input)) {}

  bool HandlesMarks() const override { return true; }

  Status Open(OperatorContext& context) override {
    context_ = &context;
    const Configuration& options = context.configuration();
    CASTOR_ASSIGN_OR_RETURN(program_,
                            expr::Program::Compile({&expression_, 1}, {&options, input_}));
    CASTOR_ASSIGN_OR_RETURN(interval_ms_, options.GetDurationMs("pipeline.auto-watermark-interval",
                                                                kDefaultIntervalMs));
    CASTOR_ASSIGN_OR_RETURN(const int64_t idle_timeout,
                            options.GetDurationMs("table.exec.source.idle-timeout", 0));
    const TimestampMs now = context.clock().NowMs();
    timer_ms_ = TimerInterval(interval_ms_, idle_timeout);
    idleness_ = Idleness(idle_timeout, timer_ms_, now);
    last_periodic_ = now;
    if (timer_ms_ > 0) context.RequestProcessingTime(now + timer_ms_);
    return Status::OK();
  }

  Result<Progress> Process(int, Batch batch, Output& out) override {
    batch.marks.clear();  // upstream's watermarks mean nothing here
    if (batch.num_rows == 0) return Progress::kDone;
    idleness_.CountRows(batch.num_rows);
    if (idle_ && idleness_.enabled()) EmitStatus(false, out);
    CASTOR_RETURN_NOT_OK(CheckRowtime(*batch.columns[static_cast<size_t>(rowtime_)]));
    CASTOR_RETURN_NOT_OK(Advance(batch));
    out.Emit(std::move(batch));
    return Progress::kDone;
  }

  Result<Progress> OnProcessingTime(TimestampMs now, Output& out) override {
    if (interval_ms_ > 0 && last_periodic_ + interval_ms_ <= now) {
      last_periodic_ = now;
      if (current_ > emitted_) {
        emitted_ = current_;
        out.EmitWatermark(current_);
      }
    }
    const bool silent = idleness_.Silent(now);
    if (silent && !idle_) EmitStatus(true, out);
    context_->RequestProcessingTime(now + timer_ms_);
    return Progress::kDone;
  }

  // Only the last one passes.
  Result<Progress> OnWatermark(TimestampMs watermark, Output& out) override {
    if (watermark == kMaxWatermark && current_ != kMaxWatermark) {
      if (idle_ && idleness_.enabled()) EmitStatus(false, out);
      current_ = emitted_ = kMaxWatermark;
      out.EmitWatermark(watermark);
    }
    return Progress::kDone;
  }

  void OnWatermarkStatus(bool idle, Output& out) override { EmitStatus(idle, out); }

  Result<Progress> EndInput(int, Output& out) override { return OnWatermark(kMaxWatermark, out); }

 private:
  Status CheckRowtime(const Column& column) const {
    bool has_null = false;
    if (column.MayHaveNulls()) {
      VisitRows<int64_t>(
          column, column.size(), [](int32_t, int64_t) {}, [&](int32_t) { has_null = true; });
    }
    if (!has_null) return Status::OK();
    const std::string& name = input_.fields()[static_cast<size_t>(rowtime_)].name;
    return Status::DataError("RowTime field '" + name +
                             "' should not be null, please convert it to a non-null long value");
  }

  // Marks the batch wherever its rows bring the watermark more than an interval ahead, so that it
  // need not wait for the timer.
  Status Advance(Batch& batch) {
    CASTOR_ASSIGN_OR_RETURN(
        const ColumnPtr column,
        program_->Evaluate(0, batch, {nullptr, batch.num_rows}, {context_->clock().NowMs()}));
    times_.resize(static_cast<size_t>(batch.num_rows));
    EventTimes(*column, batch.num_rows, times_.data());
    for (int32_t row = 0; row < batch.num_rows; ++row) {
      const TimestampMs time = times_[static_cast<size_t>(row)];
      if (time <= current_) continue;
      current_ = time;
      if (current_ - emitted_ > interval_ms_) {
        emitted_ = current_;
        batch.marks.push_back({row + 1, current_});
      }
    }
    return Status::OK();
  }

  void EmitStatus(bool idle, Output& out) {
    idle_ = idle;
    out.EmitWatermarkStatus(idle);
  }

  const plan::ExpressionPtr expression_;
  const int32_t rowtime_;
  const LogicalType input_;

  OperatorContext* context_ = nullptr;
  std::unique_ptr<expr::Program> program_;
  int64_t interval_ms_ = 0;
  int64_t timer_ms_ = 0;
  Idleness idleness_;
  bool idle_ = false;
  TimestampMs current_ = 0;  // as in Flink: watermarks before 1970 are never emitted
  TimestampMs emitted_ = 0;
  TimestampMs last_periodic_ = 0;
  std::vector<TimestampMs> times_;
};

}  // namespace

Result<std::unique_ptr<Operator>> MakeWatermarkAssigner(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::WatermarkAssigner&>(arguments.node);
  return std::unique_ptr<Operator>(
      std::make_unique<WatermarkAssigner>(node, arguments.input_types[0]));
}

}  // namespace castor
