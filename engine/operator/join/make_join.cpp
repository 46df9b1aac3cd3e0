#include "operator/join/make_join.h"

#include "operator/bundle/mini_batch.h"
#include "operator/join/mini_batch_join.h"

namespace castor {

Result<std::unique_ptr<Operator>> MakeJoin(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::Join&>(arguments.node);
  const LogicalType& left = arguments.input_types[0];
  const LogicalType& right = arguments.input_types[1];
  CASTOR_ASSIGN_OR_RETURN(const int64_t bundle_rows, bundle::MiniBatchRows(node, arguments.bundle));
  const plan::JoinType type = node.spec.type;
  const bool bundles = type != plan::JoinType::kSemi && type != plan::JoinType::kAnti;
  if (bundle_rows > 0 && bundles) {
    return std::unique_ptr<Operator>(
        std::make_unique<join::MiniBatchJoin>(node, left, right, bundle_rows));
  }
  return std::unique_ptr<Operator>(std::make_unique<join::RegularJoin>(node, left, right));
}

}  // namespace castor
