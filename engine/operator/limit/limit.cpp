#include "operator/limit/limit.h"

#include <climits>

#include "operator/limit/append_limit.h"
#include "operator/limit/retract_limit.h"

namespace castor {

Result<std::unique_ptr<Operator>> MakeLimit(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::Rank&>(arguments.node);
  if (node.variable_range || node.end == INT64_MAX) {
    return Status::Unsupported("OFFSET without a LIMIT is not supported on streams: add a LIMIT");
  }
  if (node.strategy == plan::Rank::Strategy::kAppendFast) {
    return std::unique_ptr<Operator>(std::make_unique<AppendLimit>(node));
  }
  return std::unique_ptr<Operator>(std::make_unique<RetractLimit>(node, arguments.input_types[0]));
}

}  // namespace castor
