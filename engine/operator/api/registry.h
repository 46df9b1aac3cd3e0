// From plan nodes to operators: the table that the worker fills, one line per operator.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "operator/api/operator.h"
#include "plan/bundle.h"

namespace castor {

// What a factory knows beyond its node. One factory call makes the operator of one subtask.
struct OperatorArguments {
  const plan::Node& node;
  const plan::Bundle& bundle;
  std::vector<LogicalType> input_types;  // ROW of each input
};

using OperatorFactory = std::function<Result<std::unique_ptr<Operator>>(const OperatorArguments&)>;

class OperatorRegistry {
 public:
  // `type` is the plan's, e.g. "stream-exec-calc".
  void Register(std::string type, OperatorFactory factory);
  // Refuses unknown types by name and place (kUnsupported).
  Result<std::unique_ptr<Operator>> Make(const OperatorArguments& arguments) const;
  bool Knows(const std::string& type) const { return factories_.contains(type); }

 private:
  std::map<std::string, OperatorFactory> factories_;
};

}  // namespace castor
