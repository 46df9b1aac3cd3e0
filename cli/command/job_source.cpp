#include "cli/command/job_source.h"

#include <fmt/format.h>

#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>

#include "cli/command/settings.h"
#include "cli/planner/compile_script.h"
#include "cli/terminal/exit_code.h"
#include "io/file_system.h"

namespace castor::cli {
namespace {

using Json = nlohmann::ordered_json;

Result<std::string> ReadStandardInput() {
  std::string text;
  char buffer[65536];
  while (const size_t n = std::fread(buffer, 1, sizeof(buffer), stdin)) text.append(buffer, n);
  if (std::ferror(stdin) != 0) return Status::IoError("cannot read standard input");
  return text;
}

Result<std::string> ReadInput(const Input& input) {
  if (!input.sql.empty()) return input.sql;
  if (input.file == "-") return ReadStandardInput();
  return io::ReadWholeFile(io::LocalFileSystem(), input.file);
}

std::string FileOf(const Input& input) {
  if (!input.sql.empty()) return "<sql>";
  return input.file == "-" ? "<stdin>" : input.file;
}

std::string NameOf(const Input& input) {
  if (!input.name.empty()) return input.name;
  if (!input.sql.empty()) return "sql";
  if (input.file == "-") return "stdin";
  return std::filesystem::path(input.file).stem().string();
}

// No statement begins with a brace.
bool IsBundle(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

// What is not of the form is for the worker to refuse, by its place.
Settings ConfigurationOf(const Json& bundle) {
  Settings strings;
  const Json configuration = bundle.value("configuration", Json::object());
  for (const auto& [key, value] : configuration.items()) {
    if (value.is_string()) strings[key] = value;
  }
  return strings;
}

Status UseBundle(const Input& input, std::string text, JobSource* source) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("castorBundle")) {
    return Status::InvalidArgument(
        source->file + " is no job bundle. Make one: castor compile job.sql -o job.json");
  }
  CASTOR_RETURN_NOT_OK(CheckBundleSettings(ConfigurationOf(json), input.settings, input.file));
  const Json name = json.value("name", Json());
  if (input.name.empty() && name.is_string()) source->name = name;
  source->bundle = std::move(text);
  if (input.file != "-" && input.sql.empty()) source->bundle_path = input.file;
  return Status::OK();
}

}  // namespace

int ReadJobSource(const Paths& paths, const Input& input, const PlanningOptions& options,
                  JobSource* source) {
  source->file = FileOf(input);
  source->name = NameOf(input);
  Result<std::string> text = ReadInput(input);
  if (!text.ok()) return Fail(text.status());
  if (IsBundle(*text)) {
    const Status used = UseBundle(input, std::move(*text), source);
    return used.ok() ? kSuccess : Fail(used);
  }
  source->script = std::move(*text);
  auto compiled = CompileScript(
      paths, {.file = source->file, .text = source->script, .name = source->name},
      {.settings = input.settings, .explain = options.explain, .quiet = options.quiet});
  if (!compiled.ok()) return Fail(compiled.status());
  if (const auto* error = std::get_if<SqlError>(&*compiled)) {
    Print(io::Stream::kError,
          RenderSqlError(*error, source->file, source->script, Style::Of(io::Stream::kError)));
    return kUsage;
  }
  auto& plan = std::get<Compiled>(*compiled);
  source->bundle = std::move(plan.bundle);
  source->bundle_path = std::move(plan.cached_path);
  if (input.settings.empty()) return kSuccess;
  const Status settings =
      CheckScriptSettings(ConfigurationOf(Json::parse(source->bundle)), input.settings);
  return settings.ok() ? kSuccess : Fail(settings);
}

}  // namespace castor::cli
