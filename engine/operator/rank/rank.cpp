#include "operator/rank/rank.h"

#include <climits>

#include "operator/rank/retract_limit.h"
#include "operator/rank/retract_top_n.h"
#include "operator/rank/top_n.h"
#include "operator/rank/top_one.h"
#include "operator/rows/first_rows.h"

namespace castor {
namespace {

using Strategy = plan::Rank::Strategy;

Status CheckRank(const plan::Rank& node, const LogicalType& input) {
  if (node.function != plan::Rank::Function::kRowNumber) {
    return Status::Unsupported(
        "RANK() and DENSE_RANK() are not supported on streams: use ROW_NUMBER()");
  }
  if (!node.variable_range && node.end == INT64_MAX) {
    return Status::Unsupported("OFFSET without a LIMIT is not supported on streams: add a LIMIT");
  }
  if (!node.variable_range) return Status::OK();
  const LogicalType& end = input.fields()[static_cast<size_t>(node.end_field)].type;
  if (end.kind() == TypeKind::kBigInt || end.kind() == TypeKind::kInteger ||
      end.kind() == TypeKind::kSmallInt) {
    return Status::OK();
  }
  return Status::Unsupported("a row number compared with a column of type " + end.ToString() +
                             " is not supported: cast it to BIGINT");
}

bool IsTopOne(const plan::Rank& node) {
  return !node.variable_range && node.start == 1 && node.end == 1;
}

bool ArrivesInOrder(const plan::Rank& node, const LogicalType& input) {
  if (node.order.empty()) return !node.variable_range;
  if (node.order.size() > 1 || !node.order[0].ascending || node.variable_range) return false;
  return input.fields()[static_cast<size_t>(node.order[0].index)].type.time_attribute() ==
         TimeAttribute::kProctime;
}

std::unique_ptr<Operator> MakeRetracting(const plan::Rank& node, const LogicalType& input,
                                         SortKeyEncoder sort_keys) {
  const bool is_limit = node.order.empty() && node.partition.empty() && node.start == 1 &&
                        !node.output_row_number && !node.variable_range;
  if (is_limit) return std::make_unique<RetractLimit>(node, input);
  return std::make_unique<RetractTopN>(node, input, std::move(sort_keys));
}

}  // namespace

Result<std::unique_ptr<Operator>> MakeRank(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::Rank&>(arguments.node);
  const LogicalType& input = arguments.input_types[0];
  CASTOR_RETURN_NOT_OK(CheckRank(node, input));
  std::vector<SortKeyField> order;
  for (const plan::SortField& field : node.order) {
    order.push_back({field.index, field.ascending, field.nulls_last});
  }
  CASTOR_ASSIGN_OR_RETURN(SortKeyEncoder sort_keys, SortKeyEncoder::Make(input, order));
  std::unique_ptr<Operator> made;
  if (node.strategy == Strategy::kRetract) {
    made = MakeRetracting(node, input, std::move(sort_keys));
  } else if (node.strategy == Strategy::kAppendFast && ArrivesInOrder(node, input)) {
    made = std::make_unique<FirstRows>(
        FirstRows::Options{"counterState", node.partition, node.start, node.end, node.StateTtlMs(0),
                           node.output_row_number},
        input, node.output_type);
  } else if (IsTopOne(node)) {
    made = std::make_unique<TopOne>(node, input, std::move(sort_keys));
  } else {
    made = std::make_unique<TopN>(node, input, std::move(sort_keys));
  }
  return made;
}

}  // namespace castor
