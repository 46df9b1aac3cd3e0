#include "flink/cluster/settings.h"

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

namespace castor::flink {
namespace {

// What a process of somebody else could be reached by, or would have the job end, or its state lie,
// where nobody looks.
Settings Fixed(const ClusterOptions& options, const Ports& ports) {
  const std::string loopback = "127.0.0.1";
  const std::string rest = std::to_string(ports.rest);
  return {
      {"jobmanager.rpc.address", loopback},
      {"jobmanager.rpc.port", std::to_string(ports.rpc)},
      {"jobmanager.bind-host", loopback},
      {"taskmanager.host", loopback},
      {"taskmanager.bind-host", loopback},
      {"rest.address", loopback},
      {"rest.bind-address", loopback},
      {"rest.port", rest},
      {"rest.bind-port", rest},
      {"web.submit.enable", "false"},
      {"web.cancel.enable", "false"},
      {"web.access-control-allow-origin", "http://127.0.0.1:" + rest},
      {"execution.shutdown-on-application-finish", "false"},
      {"execution.submit-failed-job-on-application-error", "true"},
      {"execution.checkpointing.dir", ToUri(options.checkpoint_dir)},
      {"execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION"},
      {"io.tmp.dirs", options.folder + "/tmp"},
  };
}

Settings Usual(const Program& program, const ClusterOptions& options) {
  Settings usual = {
      {"pipeline.name", options.name},
      {"parallelism.default", std::to_string(options.parallelism)},
      // One task manager has room for all of the job.
      {"taskmanager.numberOfTaskSlots", std::to_string(options.parallelism)},
      {"jobmanager.memory.process.size", program.job_manager_memory},
      {"taskmanager.memory.process.size", program.task_manager_memory},
      {"metrics.fetcher.update-interval", "1000"},
      // A task manager that was killed is missed soon: everything is on one machine.
      {"heartbeat.interval", "1000"},
      {"heartbeat.timeout", "10000"},
  };
  if (!options.state_backend.empty()) {
    usual["state.backend.type"] = "gemini";
    usual["state.backend.gemini.local.dir"] = options.folder + "/tmp";
  }
  return usual;
}

}  // namespace

Result<Settings> MakeSettings(const Program& program, const ClusterOptions& options,
                              const Ports& ports) {
  Settings settings = Fixed(options, ports);
  for (const auto& [key, value] : program.settings) {
    if (!settings.emplace(key, value).second) {
      return Status::InvalidArgument("flinkConfiguration has " + key +
                                     ", which the platform sets for jobs on Flink; leave it out");
    }
  }
  settings.merge(Usual(program, options));
  return settings;
}

std::string ToYaml(const Settings& settings) {
  std::string yaml;
  // What JSON quotes is quoted in YAML, too.
  for (const auto& [key, value] : settings) {
    yaml += nlohmann::json(key).dump() + ": " + nlohmann::json(value).dump() + "\n";
  }
  return yaml;
}

std::string ToArgumentFile(const std::vector<std::string>& arguments) {
  std::string file;
  for (const std::string& argument : arguments) {
    file += '"';
    for (const char c : argument) {
      switch (c) {
        case '"':
        case '\\':
          file += '\\';
          file += c;
          break;
        case '\n':
          file += "\\n";
          break;
        case '\r':
          file += "\\r";
          break;
        default:
          file += c;
      }
    }
    file += "\"\n";
  }
  return file;
}

std::string ToUri(const std::string& path) {
  return path.starts_with('/') ? "file://" + path : path;
}

std::string ToPath(const std::string& uri) {
  for (const std::string_view scheme : {"file://", "file:"}) {
    if (uri.starts_with(scheme) && uri.size() > scheme.size() && uri[scheme.size()] == '/') {
      return uri.substr(scheme.size());
    }
  }
  return uri;
}

}  // namespace castor::flink
