#include "operator/group_aggregate/calls.h"

#include <algorithm>

namespace castor::group_aggregate {

std::vector<int32_t> UsedFields(const std::vector<int32_t>& grouping,
                                const std::vector<plan::AggregateCall>& calls) {
  std::vector<int32_t> fields = grouping;
  for (const plan::AggregateCall& call : calls) {
    fields.insert(fields.end(), call.args.begin(), call.args.end());
    if (call.filter_arg >= 0) fields.push_back(call.filter_arg);
  }
  std::sort(fields.begin(), fields.end());
  fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
  return fields;
}

bool EveryRowChanges(const std::vector<plan::AggregateCall>& calls) {
  return std::any_of(calls.begin(), calls.end(), [](const plan::AggregateCall& call) {
    return call.function == "COUNT" && call.args.empty() && call.filter_arg < 0;
  });
}

}  // namespace castor::group_aggregate
