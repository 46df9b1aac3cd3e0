// Which function a call means, as Flink's AggFunctionFactory decides.
#include "aggregate/map_function.h"

namespace castor::aggregate {
namespace {

Status Unsupported(const FunctionSpec& spec) {
  std::string types;
  for (const LogicalType& type : spec.argument_types) {
    if (!types.empty()) types += ", ";
    types += type.ToString();
  }
  return Status::Unsupported("aggregate function " + spec.call.ToString() + " over (" + types +
                             ")" + (spec.retracts ? " with retraction" : "") + " is not supported");
}

bool HaveSameForm(const LogicalType& result, const LogicalType& argument) {
  return result.physical() == argument.physical();
}

}  // namespace

Result<std::unique_ptr<Function>> MakeFunction(const FunctionSpec& spec) {
  const std::string& name = spec.call.function;
  const size_t arguments = spec.argument_types.size();
  std::unique_ptr<Function> function;
  if (name == "COUNT" && arguments <= 1) {
    function = MakeCount(spec);
  } else if (arguments == 1 && HaveSameForm(spec.call.type, spec.argument_types[0])) {
    if (name == "SUM") {
      function = MakeSum(spec);
    } else if (name == "$SUM0") {
      function = MakeSumOrZero(spec);
    } else if (name == "AVG") {
      function = MakeAverage(spec);
    } else if (name == "MIN" || name == "MAX") {
      function = spec.retracts ? MakeRetractableExtreme(spec, name == "MAX")
                               : MakeExtreme(spec, name == "MAX");
    }
  }
  if (function == nullptr) return Unsupported(spec);
  return function;
}

}  // namespace castor::aggregate
