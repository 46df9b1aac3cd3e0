#include "operator/changelog/from_changelog.h"

#include <string>
#include <utility>
#include <vector>

#include "column/gather.h"
#include "plan/nodes/changelog.h"

namespace castor::changelog {
namespace {

class FromChangelog final : public Operator {
 public:
  explicit FromChangelog(const plan::FromChangelog& node)
      : node_(node), code_field_(static_cast<size_t>(node.code_field)) {
    for (const auto& [code, kind] : node_.kinds) kinds_.push_back({StringRef(code), kind});
  }

  bool HandlesMarks() const override { return true; }

  Status Open(OperatorContext&) override { return Status::OK(); }

  Result<Progress> Process(int, Batch batch, Output& out) override {
    const auto at = batch.columns.begin() + static_cast<ptrdiff_t>(code_field_);
    const ColumnPtr codes = Flatten(*at);
    batch.columns.erase(at);
    CASTOR_ASSIGN_OR_RETURN(batch.row_kinds, KindsOf(*codes));
    out.Emit(std::move(batch));
    return Progress::kDone;
  }

 private:
  struct Kind {
    StringRef code;  // of a key of `node_.kinds`
    RowKind kind;
  };

  Result<BufferPtr> KindsOf(const Column& codes) {
    if (codes.MayHaveNulls()) CASTOR_RETURN_NOT_OK(CheckNoNulls(codes));
    const auto rows = static_cast<size_t>(codes.size());
    BufferPtr kinds = Buffer::Allocate(rows);
    for (size_t row = 0; row < rows; ++row) {
      const Kind* found = Find(codes.values<StringRef>()[row]);
      if (found == nullptr) return UnknownCode(codes.values<StringRef>()[row]);
      kinds->as<RowKind>()[row] = found->kind;
    }
    return kinds;
  }

  // A few codes, compared as words.
  const Kind* Find(const StringRef& code) const {
    for (const Kind& kind : kinds_) {
      if (kind.code == code) return &kind;
    }
    return nullptr;
  }

  static Status CheckNoNulls(const Column& codes) {
    for (int32_t row = 0; row < codes.size(); ++row) {
      if (!codes.IsNull(row)) continue;
      return Status::DataError(
          "FROM_CHANGELOG: received NULL op code; every changelog row must carry an operation "
          "code");
    }
    return Status::OK();
  }

  Status UnknownCode(const StringRef& code) const {
    std::string known;
    for (const auto& entry : node_.kinds) known += (known.empty() ? "" : ", ") + entry.first;
    return Status::DataError("FROM_CHANGELOG: received invalid op code '" +
                             std::string(code.view()) + "'; defined op codes are: [" + known +
                             "]; map it in op_mapping, or filter such rows before");
  }

  const plan::FromChangelog node_;
  const size_t code_field_;
  std::vector<Kind> kinds_;
};

}  // namespace

Result<std::unique_ptr<Operator>> MakeFromChangelog(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::FromChangelog&>(arguments.node);
  return std::unique_ptr<Operator>(std::make_unique<FromChangelog>(node));
}

}  // namespace castor::changelog
