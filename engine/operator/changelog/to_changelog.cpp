#include "operator/changelog/to_changelog.h"

#include <utility>
#include <vector>

#include "column/gather.h"
#include "column/string_arena.h"
#include "operator/api/marks.h"
#include "plan/nodes/changelog.h"

namespace castor::changelog {
namespace {

constexpr size_t kKinds = 4;

class ToChangelog final : public Operator {
 public:
  explicit ToChangelog(const plan::ToChangelog& node)
      : type_(node.output_type.fields()[0].type), codes_(MakeCodes(node, type_)) {
    for (size_t kind = 0; kind < kKinds; ++kind) has_code_[kind] = node.codes[kind].has_value();
  }

  bool HandlesMarks() const override { return true; }

  Status Open(OperatorContext&) override { return Status::OK(); }

  Result<Progress> Process(int, Batch batch, Output& out) override {
    Select(batch);
    const auto kept = static_cast<int32_t>(kept_.size());
    if (kept == 0) {
      EmitMarks(batch.marks, out);
      return Progress::kDone;
    }
    if (kept < batch.num_rows) {
      std::vector<WatermarkMark> marks = MarksOfSelected(batch.marks, kept_);
      batch = Gather(batch, kept_.data(), kept);
      batch.marks = std::move(marks);
    }
    batch.columns.insert(batch.columns.begin(), CodesOf(batch));
    batch.row_kinds = nullptr;
    out.Emit(std::move(batch));
    return Progress::kDone;
  }

 private:
  static ColumnPtr MakeCodes(const plan::ToChangelog& node, const LogicalType& type) {
    MutableColumnPtr codes = Column::MakeFlat(type, kKinds);
    StringArena arena;
    for (size_t kind = 0; kind < kKinds; ++kind) {
      codes->mutable_values<StringRef>()[kind] = arena.Add(node.codes[kind].value_or(""));
    }
    arena.Finish(codes.get());
    return codes;
  }

  void Select(const Batch& batch) {
    kept_.resize(static_cast<size_t>(batch.num_rows));
    size_t kept = 0;
    for (int32_t row = 0; row < batch.num_rows; ++row) {
      kept_[kept] = row;
      kept += has_code_[static_cast<size_t>(batch.kind(row))];
    }
    kept_.resize(kept);
  }

  ColumnPtr CodesOf(const Batch& batch) const {
    BufferPtr indices = Buffer::Allocate(static_cast<size_t>(batch.num_rows) * sizeof(int32_t));
    for (int32_t row = 0; row < batch.num_rows; ++row) {
      indices->as<int32_t>()[row] = static_cast<int32_t>(batch.kind(row));
    }
    return Column::MakeDictionary(codes_, std::move(indices), batch.num_rows);
  }

  const LogicalType type_;
  const ColumnPtr codes_;
  bool has_code_[kKinds];
  std::vector<int32_t> kept_;
};

}  // namespace

Result<std::unique_ptr<Operator>> MakeToChangelog(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::ToChangelog&>(arguments.node);
  return std::unique_ptr<Operator>(std::make_unique<ToChangelog>(node));
}

}  // namespace castor::changelog
