#include "operator/api/registry.h"

#include <utility>

namespace castor {

void OperatorRegistry::Register(std::string type, OperatorFactory factory) {
  factories_[std::move(type)] = std::move(factory);
}

Result<std::unique_ptr<Operator>> OperatorRegistry::Make(const OperatorArguments& arguments) const {
  const auto found = factories_.find(arguments.node.type);
  if (found == factories_.end()) {
    return Status::Unsupported("no operator for plan node '" + arguments.node.type +
                               "': " + arguments.node.Describe());
  }
  Result<std::unique_ptr<Operator>> made = found->second(arguments);
  if (!made.ok()) return made.status().WithContext(arguments.node.Describe());
  return made;
}

}  // namespace castor
