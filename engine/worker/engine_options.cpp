#include "worker/engine_options.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace castor::worker {
namespace {

constexpr std::string_view kPrefix = "castor.";
constexpr std::string_view kOptions[] = {
    "castor.batch-rows",      // rows of the batches that sources and operators make
    "castor.collect.output",  // how rows of a SELECT are shown: table, changelog, json, csv
    "castor.memory",          // memory limit of the process
    "castor.memory.reserve",  // of that, at least, for code, stacks and libraries
    "castor.memory.state",    // of that, at most, for keyed state
    "castor.slow-steps",      // runs of a subtask that take longer are told
};

}  // namespace

Status CheckEngineOptions(const Configuration& configuration) {
  for (const auto& [key, value] : configuration.values()) {
    if (!key.starts_with(kPrefix)) continue;
    if (std::find(std::begin(kOptions), std::end(kOptions), key) != std::end(kOptions)) continue;
    std::string known;
    for (const std::string_view option : kOptions) {
      known += (known.empty() ? "" : ", ") + std::string(option);
    }
    return Status::InvalidArgument("unknown option '" + key + "' (" + value +
                                   "); there are: " + known);
  }
  return Status::OK();
}

}  // namespace castor::worker
