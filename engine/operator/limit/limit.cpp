#include "operator/limit/limit.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "column/gather.h"
#include "operator/api/marks.h"
#include "plan/nodes/rank.h"

namespace castor {
namespace {

// Over rows that only arrive: those numbered start .. end pass. The state is how many have arrived,
// which needs no more than `end`. Flink's state would forget rows after its TTL, and take new ones,
// only after a restore: before that its heap cache remembers; here they are never forgotten.
class AppendLimit final : public Operator {
 public:
  explicit AppendLimit(const plan::Rank& node) : skip_(node.start - 1), end_(node.end) {}

  bool HandlesMarks() const override { return true; }

  Status Open(OperatorContext& context) override {
    const state::StateDescriptor descriptor{
        "limitCount", {kRecordBytes, {}}, "count BIGINT", /*version=*/1, /*ttl_ms=*/0};
    CASTOR_ASSIGN_OR_RETURN(count_, context.state().OpenValue(descriptor));
    const state::KeyEncoder encoder(LogicalType::Row({}, false), {});
    encoder.Encode(Batch(1, {}), &key_);
    return Status::OK();
  }

  Result<Progress> Process(int, Batch batch, Output& out) override {
    pending_ = std::move(batch);
    return Continue(out);
  }

  Result<Progress> Continue(Output& out) override {
    std::byte* record = nullptr;
    CASTOR_ASSIGN_OR_RETURN(
        const state::Readiness readiness,
        count_->Acquire(key_, state::AccessMode::kFindOrCreate, &record, nullptr));
    if (readiness == state::Readiness::kPending) return Progress::kPending;
    auto& count = *reinterpret_cast<int64_t*>(record);
    const int64_t seen = count;
    count = std::min(seen + pending_.num_rows, end_);
    count_->Release();
    Pass(seen, std::exchange(pending_, Batch()), out);
    return Progress::kDone;
  }

 private:
  static constexpr int32_t kRecordBytes = 16;

  // Emits of the batch what lies in the range when `seen` rows came before it.
  void Pass(int64_t seen, Batch batch, Output& out) const {
    const int64_t rows = batch.num_rows;
    const auto from = static_cast<int32_t>(std::clamp<int64_t>(skip_ - seen, 0, rows));
    const auto to = static_cast<int32_t>(std::clamp<int64_t>(end_ - seen, from, rows));
    if (from == to) {
      EmitMarks(batch.marks, out);
    } else if (to - from == rows) {
      out.Emit(std::move(batch));
    } else {
      Batch part = batch.Slice(from, to - from);
      part.marks = std::move(batch.marks);
      for (WatermarkMark& mark : part.marks) mark.row = std::clamp(mark.row, from, to) - from;
      out.Emit(std::move(part));
    }
  }

  const int64_t skip_;
  const int64_t end_;
  state::ValueState* count_ = nullptr;
  state::KeyBatch key_;
  Batch pending_;
};

}  // namespace

Result<std::unique_ptr<Operator>> MakeLimit(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::Rank&>(arguments.node);
  if (node.variable_range || node.end == INT64_MAX) {
    return Status::Unsupported("OFFSET without a LIMIT is not supported on streams");
  }
  if (node.strategy != plan::Rank::Strategy::kAppendFast) {
    return Status::Unsupported(
        "LIMIT without ORDER BY over a result that changes (updates or deletes) is not supported "
        "yet; "
        "add an ORDER BY, or limit before the aggregation");
  }
  return std::unique_ptr<Operator>(std::make_unique<AppendLimit>(node));
}

}  // namespace castor
