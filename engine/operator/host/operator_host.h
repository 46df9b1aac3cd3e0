// Drives one operator instance through the operator contract: merges the watermarks of its inputs,
// cuts batches at watermark marks for operators that do not handle these, fires due processing-time
// requests before a batch, and resumes calls that were not done.
//
// Every method that answers Progress works as far as it can. Unless it answers kDone, nothing but
// `Resume` (and Snapshot on the operator itself) may be called until that answers kDone.
// kOutputFull asks for the output to be drained first, kPending for the waker. Errors carry the
// operator's description. Not thread-safe.
#pragma once

#include <memory>
#include <string>

#include "operator/api/operator.h"
#include "operator/host/combined_watermark.h"
#include "operator/host/context.h"

namespace castor::host {

class OperatorHost {
 public:
  // `inputs` is at least 1: an operator without inputs (VALUES) is driven as if input 0 had ended.
  OperatorHost(std::unique_ptr<Operator> op, std::unique_ptr<Context> context, int inputs,
               std::string description);

  Status Open();

  Result<Progress> Accept(int input, Output::Element element, Output& out);
  Result<Progress> EndInput(int input, Output& out);
  Result<Progress> BeforeBarrier(Output& out);
  Result<Progress> Resume(Output& out);
  bool busy() const { return in_call_ || has_batch_ || has_status_; }

  // When OnProcessingTime wants to be called; kMaxWatermark: never. Requests die with the last
  // input.
  TimestampMs next_processing_time() const {
    return ended_inputs_ == inputs_ ? kMaxWatermark : context_->requested();
  }
  // Calls OnProcessingTime if its time has come. Not while busy.
  Result<Progress> FireProcessingTime(TimestampMs now, Output& out);

  // To be called for what leaves the operator's output: keeps Flink's metrics.
  void CountOut(const Output::Element& element);

  Operator& op() { return *op_; }
  const std::string& description() const { return description_; }
  // A failure of this operator: the operator's description before its message.
  Status Describe(const Status& status) const { return status.WithContext(description_); }

 private:
  Result<Progress> Finish(Result<Progress> result);
  Result<Progress> Process(Batch batch, Output& out);
  Result<Progress> Advance(TimestampMs watermark, Output& out);
  Result<Progress> PassWatermark(int input, TimestampMs watermark, Output& out);
  Result<Progress> PassStatus(int input, bool idle, Output& out);
  Result<Progress> NextPiece(Output& out);
  void DeliverStatus(Output& out);

  const std::unique_ptr<Operator> op_;
  const std::unique_ptr<Context> context_;
  const int inputs_;
  const std::string description_;
  const bool handles_marks_;

  CombinedWatermark watermarks_;
  bool idle_ = false;
  int ended_inputs_ = 0;

  bool in_call_ = false;
  bool has_status_ = false;  // a change of status to be passed on once the call is done
  // The batch being handed over piece by piece, and how far that has come.
  bool has_batch_ = false;
  Batch batch_;
  int input_ = 0;
  int32_t row_ = 0;
  size_t mark_ = 0;

  Metric* records_in_ = nullptr;
  Metric* records_out_ = nullptr;
  Metric* input_watermark_ = nullptr;
  Metric* output_watermark_ = nullptr;
};

}  // namespace castor::host
