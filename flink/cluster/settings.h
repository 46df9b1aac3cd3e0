// Flink's configuration of one cluster. Stateless.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "flink/cluster/cluster_options.h"
#include "flink/cluster/program.h"

namespace castor::flink {

struct Ports {
  int rest = 0;
  int rpc = 0;
};

// What the user says, over what stands if they say nothing, under what is the platform's.
// kInvalidArgument: the user says something that is the platform's.
Result<Settings> MakeSettings(const Program& program, const ClusterOptions& options,
                              const Ports& ports);

// As a config.yaml.
std::string ToYaml(const Settings& settings);

// As a file of arguments of `java @FILE`, so that no list of processes shows them.
std::string ToArgumentFile(const std::vector<std::string>& arguments);

// file:///a of /a; what has a scheme stays as it is.
std::string ToUri(const std::string& path);
// /a of file:/a and file:///a.
std::string ToPath(const std::string& uri);

}  // namespace castor::flink
