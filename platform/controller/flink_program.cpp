#include "platform/controller/flink_program.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "platform/artifacts/artifact_address.h"

namespace castor::platform {

Result<std::vector<std::string>> SplitArguments(std::string_view line) {
  std::vector<std::string> arguments;
  std::optional<std::string> word;
  char quote = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (quote == 0 && is_space) {
      if (word) arguments.push_back(std::move(*word));
      word.reset();
      continue;
    }
    if (!word) word.emplace();
    if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == '\\' && quote != '\'' && i + 1 < line.size()) {
      *word += line[++i];
    } else {
      *word += c;
    }
  }
  if (quote != 0) {
    return Status::InvalidArgument(std::string("mainArgs: a ") + quote + " has no end");
  }
  if (word) arguments.push_back(std::move(*word));
  return arguments;
}

Result<std::string> MakeFlinkProgram(const Template& of, const ArtifactStore& artifacts,
                                     const std::string& in) {
  if (of.kind == ArtifactKind::kPython) {
    return Status::InvalidArgument(
        "artifacts of kind PYTHON are not served yet; there are SQLSCRIPT and JAR");
  }
  const bool is_jar = of.kind == ArtifactKind::kJar;
  nlohmann::json jars = nlohmann::json::array();
  if (is_jar) {
    CASTOR_ASSIGN_OR_RETURN(std::string jar, FetchArtifact(artifacts, in, of.jar_uri));
    jars.push_back(std::move(jar));
  }
  for (const std::string& address : of.dependencies) {
    CASTOR_ASSIGN_OR_RETURN(std::string jar, FetchArtifact(artifacts, in, address));
    jars.push_back(std::move(jar));
  }
  CASTOR_ASSIGN_OR_RETURN(const auto arguments, SplitArguments(of.arguments));
  nlohmann::json program = {{"kind", is_jar ? "JAR" : "SQLSCRIPT"},
                            {"jars", std::move(jars)},
                            {"flinkConfiguration", of.configuration}};
  if (is_jar) {
    program["entryClass"] = of.entry_class;
    program["arguments"] = arguments;
  } else {
    program["script"] = of.sql;
  }
  if (!of.job_manager_memory.empty()) program["jobManagerMemory"] = of.job_manager_memory;
  if (!of.task_manager_memory.empty()) program["taskManagerMemory"] = of.task_manager_memory;
  return program.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace castor::platform
