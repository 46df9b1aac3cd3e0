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

// Functions that give a value of their argument's kind.
std::unique_ptr<Function> MakeOfSameForm(const FunctionSpec& spec) {
  const std::string& name = spec.call.function;
  if (name == "SUM") return MakeSum(spec);
  if (name == "$SUM0") return MakeSumOrZero(spec);
  if (name == "AVG") return MakeAverage(spec);
  if (name == "MIN" || name == "MAX") {
    return spec.retracts ? MakeRetractableExtreme(spec, name == "MAX")
                         : MakeExtreme(spec, name == "MAX");
  }
  if (name == "FIRST_VALUE") {
    return spec.retracts ? MakeRetractableFirstValue(spec) : MakeFirstValue(spec);
  }
  if (name == "LAST_VALUE") {
    return spec.retracts ? MakeRetractableLastValue(spec) : MakeLastValue(spec);
  }
  if (name == "SINGLE_VALUE") return MakeSingleValue(spec);
  return nullptr;
}

std::unique_ptr<Function> MakeAny(const FunctionSpec& spec) {
  const std::string& name = spec.call.function;
  const size_t arguments = spec.argument_types.size();
  if (name == "COUNT" && arguments <= 1) return MakeCount(spec);
  if (arguments == 0) return nullptr;
  if (name == "LISTAGG") return spec.retracts ? MakeRetractableListAgg(spec) : MakeListAgg(spec);
  if (name == "ARRAY_AGG") return MakeArrayAgg(spec);
  if (name == "COLLECT") return MakeCollect(spec);
  if (name == "PERCENTILE") return MakePercentile(spec);
  if (name == "LAG") return MakeLag(spec);
  if (name == "JSON_ARRAYAGG_ABSENT_ON_NULL") return MakeJsonArrayAgg(spec, true);
  if (name == "JSON_ARRAYAGG_NULL_ON_NULL") return MakeJsonArrayAgg(spec, false);
  if (name == "JSON_OBJECTAGG_ABSENT_ON_NULL") return MakeJsonObjectAgg(spec, true);
  if (name == "JSON_OBJECTAGG_NULL_ON_NULL") return MakeJsonObjectAgg(spec, false);
  if (arguments > 1) return nullptr;
  if (name.starts_with("BITMAP_")) return MakeBitmapAgg(spec);
  if (name == "WELFORD_M2") return MakeWelfordM2(spec);
  const bool same_form = spec.call.type.physical() == spec.argument_types[0].physical();
  return same_form ? MakeOfSameForm(spec) : nullptr;
}

}  // namespace

Result<std::unique_ptr<Function>> MakeFunction(const FunctionSpec& spec) {
  std::unique_ptr<Function> function = MakeAny(spec);
  if (function == nullptr) return Unsupported(spec);
  return function;
}

}  // namespace castor::aggregate
