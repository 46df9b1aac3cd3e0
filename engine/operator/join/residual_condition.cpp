#include "operator/join/residual_condition.h"

#include <algorithm>
#include <set>

#include "column/gather.h"

namespace castor::join {
namespace {

void CollectFields(const plan::Expression& expression, std::set<int32_t>* fields) {
  if (expression.kind == plan::ExpressionKind::kInputRef) fields->insert(expression.index);
  for (const plan::ExpressionPtr& operand : expression.operands) CollectFields(*operand, fields);
}

LogicalType Concatenate(const LogicalType& left, const LogicalType& right) {
  std::vector<LogicalType::Field> fields = left.fields();
  fields.insert(fields.end(), right.fields().begin(), right.fields().end());
  return LogicalType::Row(std::move(fields));
}

}  // namespace

Result<std::unique_ptr<ResidualCondition>> ResidualCondition::Compile(
    plan::ExpressionPtr condition, const LogicalType& left, const LogicalType& right,
    const Configuration& configuration) {
  LogicalType joined = Concatenate(left, right);
  CASTOR_ASSIGN_OR_RETURN(auto program,
                          expr::Program::Compile({&condition, 1}, {&configuration, joined}));
  std::set<int32_t> fields;
  CollectFields(*condition, &fields);
  return std::unique_ptr<ResidualCondition>(
      new ResidualCondition(std::move(program), {fields.begin(), fields.end()}, std::move(joined),
                            static_cast<int32_t>(left.fields().size())));
}

Status ResidualCondition::Filter(const Batch& own, bool own_is_left, const BinaryRowCodec& stored,
                                 const expr::EvalContext& context,
                                 std::vector<CandidatePair>* pairs) {
  if (pairs->empty()) return Status::OK();
  own_rows_.clear();
  stored_rows_.clear();
  for (const CandidatePair& pair : *pairs) {
    own_rows_.push_back(pair.own_row);
    stored_rows_.push_back(pair.stored.bytes);
  }
  const auto count = static_cast<int32_t>(pairs->size());
  Batch joined(count, std::vector<ColumnPtr>(joined_.fields().size()));
  for (const int32_t field : fields_) {
    const bool left = field < left_fields_;
    const int32_t local = left ? field : field - left_fields_;
    ColumnPtr& column = joined.columns[static_cast<size_t>(field)];
    column = left == own_is_left
                 ? Gather(*own.columns[static_cast<size_t>(local)], own_rows_.data(), count)
                 : stored.DecodeField(stored_rows_, local);
  }
  for (size_t field = 0; field < joined.columns.size(); ++field) {
    if (joined.columns[field] != nullptr) continue;
    joined.columns[field] = Column::MakeNull(joined_.fields()[field].type, count);
  }
  passed_.clear();
  CASTOR_RETURN_NOT_OK(program_->Filter(0, joined, {nullptr, count}, context, &passed_));
  size_t kept = 0;
  for (const int32_t index : passed_) (*pairs)[kept++] = (*pairs)[static_cast<size_t>(index)];
  pairs->resize(kept);
  return Status::OK();
}

}  // namespace castor::join
