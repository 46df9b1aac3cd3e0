#include "operator/joining/residual_condition.h"

#include <set>

namespace castor::joining {
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

Status ResidualCondition::Evaluate(int32_t count, const FieldReader& left, const FieldReader& right,
                                   const expr::EvalContext& context, std::vector<int32_t>* passed) {
  passed->clear();
  if (count == 0) return Status::OK();
  Batch joined(count, std::vector<ColumnPtr>(joined_.fields().size()));
  for (const int32_t field : fields_) {
    joined.columns[static_cast<size_t>(field)] =
        field < left_fields_ ? left(field) : right(field - left_fields_);
  }
  for (size_t field = 0; field < joined.columns.size(); ++field) {
    if (joined.columns[field] != nullptr) continue;
    joined.columns[field] = Column::MakeNull(joined_.fields()[field].type, count);
  }
  return program_->Filter(0, joined, {nullptr, count}, context, passed);
}

}  // namespace castor::joining
