#include "flink/cluster/program.h"

#include <nlohmann/json.hpp>

namespace castor::flink {

using Json = nlohmann::json;

Result<Program> ReadProgram(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    Program program;
    const auto kind = json.at("kind").get<std::string>();
    if (kind != "JAR" && kind != "SQLSCRIPT") {
      return Status::InvalidArgument("a program of kind '" + kind + "': there are JAR, SQLSCRIPT");
    }
    program.kind = kind == "JAR" ? Program::Kind::kJar : Program::Kind::kSql;
    program.jars = json.value("jars", program.jars);
    program.entry_class = json.value("entryClass", "");
    program.arguments = json.value("arguments", program.arguments);
    program.script = json.value("script", "");
    program.settings = json.value("flinkConfiguration", program.settings);
    program.job_manager_memory = json.value("jobManagerMemory", program.job_manager_memory);
    program.task_manager_memory = json.value("taskManagerMemory", program.task_manager_memory);
    if (program.kind == Program::Kind::kJar && program.jars.empty()) {
      return Status::InvalidArgument("a program of kind JAR without a jar");
    }
    return program;
  } catch (const Json::exception& error) {
    return Status::InvalidArgument(std::string("the program cannot be read: ") + error.what());
  }
}

}  // namespace castor::flink
