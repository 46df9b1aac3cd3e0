#include "operator/over/over_aggregate.h"

#include "operator/over/arrival_over.h"
#include "operator/over/sorted_over.h"
#include "operator/over/timed_over.h"
#include "plan/nodes/over.h"

namespace castor {

Result<std::unique_ptr<Operator>> MakeOverAggregate(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::OverAggregate&>(arguments.node);
  const LogicalType& input = arguments.input_types[0];
  if (node.order.size() != 1 || !node.order[0].ascending) {
    return Status::Unsupported("OVER windows are ordered by one column, ascending");
  }
  CASTOR_ASSIGN_OR_RETURN(const int64_t ttl_ms,
                          arguments.bundle.configuration.GetDurationMs("table.exec.state.ttl", 0));
  const LogicalType& order = input.fields()[static_cast<size_t>(node.order[0].index)].type;
  switch (order.time_attribute()) {
    case TimeAttribute::kRowtime:
      return std::unique_ptr<Operator>(
          std::make_unique<over::TimedOver>(node, input, true, ttl_ms));
    case TimeAttribute::kProctime:
      if (!node.unbounded && !node.is_rows) {
        return std::unique_ptr<Operator>(
            std::make_unique<over::TimedOver>(node, input, false, ttl_ms));
      }
      return std::unique_ptr<Operator>(std::make_unique<over::ArrivalOver>(node, input, ttl_ms));
    case TimeAttribute::kNone:
      break;
  }
  if (!node.unbounded) {
    return Status::Unsupported(
        "OVER windows with a beginning that are not ordered by a time attribute");
  }
  CASTOR_ASSIGN_OR_RETURN(
      SortKeyEncoder sort_keys,
      SortKeyEncoder::Make(input, {{node.order[0].index, true, node.order[0].nulls_last}}));
  return std::unique_ptr<Operator>(
      std::make_unique<over::SortedOver>(node, input, std::move(sort_keys), ttl_ms));
}

}  // namespace castor
