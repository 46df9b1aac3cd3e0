// REPLICATE_ROWS(count, value ...): Flink's ReplicateRowsFunction.
#include <algorithm>

#include "column/gather.h"
#include "operator/correlate/table_function.h"

namespace castor::correlate {
namespace {

class ReplicateRows final : public TableFunction {
 public:
  explicit ReplicateRows(LogicalType output) : output_(std::move(output)) {}

  Status Begin(std::vector<ColumnPtr> arguments, int32_t rows,
               std::vector<int64_t>* counts) override {
    const ColumnPtr times = Flatten(arguments[0]);
    counts->resize(static_cast<size_t>(rows));
    for (int32_t row = 0; row < rows; ++row) {
      if (times->IsNull(row)) return Status::DataError("the count of REPLICATE_ROWS is NULL");
      const int64_t count = times->values<int64_t>()[times->is_constant() ? 0 : row];
      (*counts)[static_cast<size_t>(row)] = std::max<int64_t>(count, 0);
    }
    values_.assign(arguments.begin() + 1, arguments.end());
    return Status::OK();
  }

  std::vector<ColumnPtr> Take(std::span<const Piece> pieces) override {
    std::vector<int32_t> rows;
    for (const Piece& piece : pieces) {
      rows.insert(rows.end(), static_cast<size_t>(piece.count), piece.row);
    }
    std::vector<ColumnPtr> taken;
    for (size_t i = 0; i < values_.size(); ++i) {
      taken.push_back(Gather(*values_[i], rows.data(), static_cast<int32_t>(rows.size()))
                          ->WithType(output_.fields()[i].type));
    }
    return taken;
  }

 private:
  const LogicalType output_;
  std::vector<ColumnPtr> values_;
};

}  // namespace

Result<std::unique_ptr<TableFunction>> MakeReplicateRows(const plan::Expression& call) {
  const size_t values = call.type.fields().size();
  if (call.operands.size() != values + 1 || call.operands[0]->type.kind() != TypeKind::kBigInt) {
    return Status::Unsupported("the arguments of " + call.ToString() + " are not supported");
  }
  return std::unique_ptr<TableFunction>(std::make_unique<ReplicateRows>(call.type));
}

}  // namespace castor::correlate
