#include "operator/host/operator_host.h"

#include <algorithm>
#include <utility>

namespace castor::host {

OperatorHost::OperatorHost(std::unique_ptr<Operator> op, std::unique_ptr<Context> context,
                           int inputs, std::string description)
    : op_(std::move(op)),
      context_(std::move(context)),
      inputs_(inputs),
      description_(std::move(description)),
      handles_marks_(op_->HandlesMarks() && inputs == 1),
      watermarks_(inputs) {
  MetricGroup& metrics = context_->metrics();
  records_in_ = metrics.Counter("numRecordsIn");
  records_out_ = metrics.Counter("numRecordsOut");
  input_watermark_ = metrics.Gauge("currentInputWatermark");
  output_watermark_ = metrics.Gauge("currentOutputWatermark");
  input_watermark_->Set(kMinTimestamp);
  output_watermark_->Set(kMinTimestamp);
}

Status OperatorHost::Open() { return Describe(op_->Open(*context_)); }

Result<Progress> OperatorHost::Finish(Result<Progress> result) {
  if (!result.ok()) return Describe(result.status());
  in_call_ = *result != Progress::kDone;
  return result;
}

Result<Progress> OperatorHost::Accept(int input, Output::Element element, Output& out) {
  if (auto* watermark = std::get_if<Watermark>(&element)) {
    return PassWatermark(input, watermark->time, out);
  }
  if (auto* status = std::get_if<WatermarkStatus>(&element)) {
    return PassStatus(input, status->idle, out);
  }
  batch_ = std::move(std::get<Batch>(element));
  has_batch_ = true;
  input_ = input;
  row_ = 0;
  mark_ = 0;
  records_in_->Add(batch_.num_rows);
  if (next_processing_time() != kMaxWatermark) {
    CASTOR_ASSIGN_OR_RETURN(const Progress progress,
                            FireProcessingTime(context_->clock().NowMs(), out));
    if (progress != Progress::kDone) return progress;
  }
  return Resume(out);
}

Result<Progress> OperatorHost::Resume(Output& out) {
  while (true) {
    if (in_call_) {
      CASTOR_ASSIGN_OR_RETURN(const Progress progress, Finish(op_->Continue(out)));
      if (progress != Progress::kDone) return progress;
    }
    if (has_status_) DeliverStatus(out);
    if (!has_batch_) return Progress::kDone;
    if (out.Full()) return Progress::kOutputFull;
    CASTOR_ASSIGN_OR_RETURN(const Progress progress, NextPiece(out));
    if (progress != Progress::kDone) return progress;
  }
}

// One call's worth of the batch: the rows up to the next mark, or a mark.
Result<Progress> OperatorHost::NextPiece(Output& out) {
  if (row_ == 0 && (handles_marks_ || batch_.marks.empty())) {
    has_batch_ = false;
    if (!batch_.marks.empty()) {
      const TimestampMs last = batch_.marks.back().watermark;
      watermarks_.Update(0, last);
      input_watermark_->Set(last);
    }
    return Process(std::move(batch_), out);
  }
  const bool at_end = mark_ == batch_.marks.size();
  const int32_t until = at_end ? batch_.num_rows : batch_.marks[mark_].row;
  if (row_ < until) {
    const int32_t from = std::exchange(row_, until);
    if (at_end) has_batch_ = false;
    return Process(batch_.Slice(from, until - from), out);
  }
  if (at_end) {
    has_batch_ = false;
    return Progress::kDone;
  }
  return PassWatermark(input_, batch_.marks[mark_++].watermark, out);
}

Result<Progress> OperatorHost::Process(Batch batch, Output& out) {
  return Finish(op_->Process(input_, std::move(batch), out));
}

Result<Progress> OperatorHost::PassWatermark(int input, TimestampMs watermark, Output& out) {
  if (!watermarks_.Update(input, watermark)) return Progress::kDone;
  return Advance(watermarks_.watermark(), out);
}

Result<Progress> OperatorHost::PassStatus(int input, bool idle, Output& out) {
  watermarks_.SetIdle(input, idle);
  const bool risen = watermarks_.Combine();
  has_status_ = idle_ != watermarks_.idle();
  // Inputs that have all become idle may release a watermark; it goes before the status.
  if (risen) {
    CASTOR_ASSIGN_OR_RETURN(const Progress progress, Advance(watermarks_.watermark(), out));
    if (progress != Progress::kDone) return progress;
  }
  return Resume(out);
}

void OperatorHost::DeliverStatus(Output& out) {
  has_status_ = false;
  idle_ = watermarks_.idle();
  op_->OnWatermarkStatus(idle_, out);
}

Result<Progress> OperatorHost::Advance(TimestampMs watermark, Output& out) {
  input_watermark_->Set(watermark);
  return Finish(op_->OnWatermark(watermark, out));
}

Result<Progress> OperatorHost::FireProcessingTime(TimestampMs now, Output& out) {
  if (now < next_processing_time()) return Progress::kDone;
  context_->ClearRequest();
  return Finish(op_->OnProcessingTime(now, out));
}

Result<Progress> OperatorHost::EndInput(int input, Output& out) {
  ++ended_inputs_;
  return Finish(op_->EndInput(input, out));
}

Result<Progress> OperatorHost::BeforeBarrier(Output& out) {
  return Finish(op_->BeforeBarrier(out));
}

void OperatorHost::CountOut(const Output::Element& element) {
  if (auto* batch = std::get_if<Batch>(&element)) {
    records_out_->Add(batch->num_rows);
    if (!batch->marks.empty()) output_watermark_->Set(batch->marks.back().watermark);
  } else if (auto* watermark = std::get_if<Watermark>(&element)) {
    output_watermark_->Set(watermark->time);
  }
}

}  // namespace castor::host
