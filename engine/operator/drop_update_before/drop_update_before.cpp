#include "operator/drop_update_before/drop_update_before.h"

#include <utility>
#include <vector>

#include "column/gather.h"
#include "operator/api/marks.h"

namespace castor {
namespace {

class DropUpdateBefore final : public Operator {
 public:
  bool HandlesMarks() const override { return true; }

  Status Open(OperatorContext&) override { return Status::OK(); }

  Result<Progress> Process(int, Batch batch, Output& out) override {
    if (!batch.row_kinds) {
      out.Emit(std::move(batch));
      return Progress::kDone;
    }
    Select(batch);
    const auto kept = static_cast<int32_t>(kept_.size());
    if (kept == batch.num_rows) {
      out.Emit(std::move(batch));
    } else if (kept == 0) {
      EmitMarks(batch.marks, out);
    } else {
      Batch result = Gather(batch, kept_.data(), kept);
      result.marks = MarksOfSelected(batch.marks, kept_);
      out.Emit(std::move(result));
    }
    return Progress::kDone;
  }

 private:
  void Select(const Batch& batch) {
    kept_.resize(static_cast<size_t>(batch.num_rows));
    const RowKind* kinds = batch.kinds();
    size_t kept = 0;
    for (int32_t row = 0; row < batch.num_rows; ++row) {
      kept_[kept] = row;
      kept += kinds[row] != RowKind::kUpdateBefore;
    }
    kept_.resize(kept);
  }

  std::vector<int32_t> kept_;
};

}  // namespace

Result<std::unique_ptr<Operator>> MakeDropUpdateBefore(const OperatorArguments&) {
  return std::unique_ptr<Operator>(std::make_unique<DropUpdateBefore>());
}

}  // namespace castor
