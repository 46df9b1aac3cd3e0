#include "platform/client/commands.h"

#include <fmt/format.h>

#include <chrono>
#include <iterator>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/terminal/exit_code.h"
#include "cli/terminal/terminal.h"
#include "io/console.h"
#include "io/file_system.h"
#include "platform/api/yaml.h"
#include "platform/client/connection.h"
#include "platform/client/difference.h"

namespace castor::platform {
namespace {

using Json = nlohmann::json;

constexpr auto kPause = std::chrono::milliseconds(200);

void Say(const std::string& text) { cli::Print(io::Stream::kOutput, text + "\n"); }

std::string PathOf(const Json& deployment) {
  return "deployments/" + deployment["metadata"]["id"].get<std::string>();
}

// Null if there is none.
Result<Json> FindByName(Connection* connection, const std::string& name) {
  CASTOR_ASSIGN_OR_RETURN(const Json found, connection->Get("deployments?name=" + Encoded(name)));
  return found["items"].empty() ? Json() : found["items"][0];
}

Result<Json> MustFind(Connection* connection, const std::string& name) {
  CASTOR_ASSIGN_OR_RETURN(Json found, FindByName(connection, name));
  if (found.is_null()) return Status::NotFound("there is no deployment '" + name + "'");
  return found;
}

Result<Json> ReadFile(const std::string& path) {
  CASTOR_ASSIGN_OR_RETURN(
      const std::string text,
      io::ReadWholeFile(io::LocalFileSystem(), path == "-" ? "/dev/stdin" : path));
  Json document;
  CASTOR_RETURN_NOT_OK(ReadYaml(text, &document).WithContext(path));
  const auto name = Json::json_pointer("/metadata/name");
  if (!document.is_object() || !document.contains(name) || !document[name].is_string()) {
    return Status::InvalidArgument(path + ": a deployment has a metadata.name");
  }
  return document;
}

// What apply makes of a deployment.
Json Merged(const Json& current, const Json& wanted) {
  Json merged = current;
  merged.merge_patch(wanted);
  return merged;
}

// Of what a person writes.
std::string Changes(const Json& current, const Json& merged) {
  const auto written = [](const Json& document) -> Json {
    if (document.is_null()) return document;
    return {{"metadata",
             {{"name", document["metadata"].value("name", "")},
              {"labels", document["metadata"].value("labels", Json::object())},
              {"annotations", document["metadata"].value("annotations", Json::object())}}},
            {"spec", document.value("spec", Json())}};
  };
  return Difference(written(current), written(merged));
}

Result<Json> ApplyDocument(Connection* connection, const Json& wanted) {
  const auto name = wanted["metadata"]["name"].get<std::string>();
  CASTOR_ASSIGN_OR_RETURN(const Json current, FindByName(connection, name));
  if (current.is_null()) {
    CASTOR_ASSIGN_OR_RETURN(Json made, connection->Post("deployments", wanted));
    Say("deployment " + name + " created");
    return made;
  }
  if (Changes(current, Merged(current, wanted)).empty()) {
    Say("deployment " + name + " unchanged");
    return current;
  }
  Json patch = wanted;
  // Refused if somebody else changes it in between.
  patch["metadata"]["resourceVersion"] = current["metadata"]["resourceVersion"];
  CASTOR_ASSIGN_OR_RETURN(Json changed, connection->Patch(PathOf(current), patch));
  Say("deployment " + name + " changed");
  return changed;
}

// The conditions that say that what is wanted is not so.
std::string Troubles(const Json& deployment) {
  const Json& status = deployment["status"];
  std::string text = status.value("message", "");
  for (const Json& condition : status["conditions"]) {
    const auto message = condition.value("message", "");
    if (message != text) text += (text.empty() ? "" : "; ") + message;
  }
  return text;
}

// Until nothing is under way any more.
Result<Json> WaitUntilSettled(Connection* connection, const Json& deployment,
                              const ClientOptions& options) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(options.timeout_seconds);
  while (true) {
    CASTOR_ASSIGN_OR_RETURN(Json now, connection->Get(PathOf(deployment)));
    if (now["status"].value("settled", false)) return now;
    if (std::chrono::steady_clock::now() > end) {
      return Status(StatusCode::kCancelled,
                    fmt::format("deployment {} is {} after {} seconds; castor events {} tells why",
                                now["metadata"]["name"].get<std::string>(),
                                now["status"]["state"].get<std::string>(), options.timeout_seconds,
                                now["metadata"]["name"].get<std::string>()));
    }
    std::this_thread::sleep_for(kPause);
  }
}

int Wait(Connection* connection, const Json& deployment, const ClientOptions& options) {
  const Result<Json> settled = WaitUntilSettled(connection, deployment, options);
  if (settled.status().code() == StatusCode::kCancelled) {
    cli::Print(io::Stream::kError, "castor: error: " + settled.status().message() + "\n");
    return cli::kJobFailed;
  }
  if (!settled.ok()) return cli::Fail(settled.status());
  const auto state = (*settled)["status"]["state"].get<std::string>();
  const std::string troubles = Troubles(*settled);
  Say(fmt::format("deployment {} is {}", (*settled)["metadata"]["name"].get<std::string>(), state));
  if (state != "FAILED" && troubles.empty()) return cli::kSuccess;
  cli::Print(io::Stream::kError, "castor: error: " + troubles + "\n");
  return cli::kJobFailed;
}

std::string EventLine(const Json& event) {
  const std::string actor = event["spec"].value("actor", "");
  return fmt::format("{}  {:<40} {}{}", event["metadata"]["createdAt"].get<std::string>(),
                     event["metadata"]["name"].get<std::string>(),
                     event["spec"]["message"].get<std::string>(),
                     actor.empty() ? "" : fmt::format(" (by {})", actor));
}

std::string Row(const Json& deployment) {
  return fmt::format("{:<24} {:<14} {:<10} {:>7}  {}",
                     deployment["metadata"]["name"].get<std::string>(),
                     deployment["status"]["state"].get<std::string>(),
                     deployment["spec"]["state"].get<std::string>(),
                     deployment["status"]["version"].get<int64_t>(), Troubles(deployment));
}

Result<Json> NewestJob(Connection* connection, const std::string& deployment) {
  CASTOR_ASSIGN_OR_RETURN(const Json found, MustFind(connection, deployment));
  CASTOR_ASSIGN_OR_RETURN(
      const Json jobs,
      connection->GetAll("jobs", "deploymentId=" + found["metadata"]["id"].get<std::string>()));
  if (jobs.empty()) return Status::NotFound("deployment " + deployment + " has had no job yet");
  return jobs.back();
}

}  // namespace

int Apply(const ClientOptions& options) {
  const Result<std::string> token = FindToken(options.login, options.server);
  if (!token.ok()) return cli::Fail(token.status());
  Connection connection(options.server, options.in, *token);
  const Result<Json> wanted = ReadFile(options.file);
  if (!wanted.ok()) return cli::Fail(wanted.status());
  const Result<Json> applied = ApplyDocument(&connection, *wanted);
  if (!applied.ok()) return cli::Fail(applied.status());
  return options.wait ? Wait(&connection, *applied, options) : cli::kSuccess;
}

int Diff(const ClientOptions& options) {
  const Result<std::string> token = FindToken(options.login, options.server);
  if (!token.ok()) return cli::Fail(token.status());
  Connection connection(options.server, options.in, *token);
  const Result<Json> wanted = ReadFile(options.file);
  if (!wanted.ok()) return cli::Fail(wanted.status());
  const Result<Json> current =
      FindByName(&connection, (*wanted)["metadata"]["name"].get<std::string>());
  if (!current.ok()) return cli::Fail(current.status());
  const std::string changes = Changes(*current, Merged(*current, *wanted));
  cli::Print(io::Stream::kOutput, changes);
  return changes.empty() ? 0 : 1;
}

int Get(const ClientOptions& options) {
  const Result<std::string> token = FindToken(options.login, options.server);
  if (!token.ok()) return cli::Fail(token.status());
  Connection connection(options.server, options.in, *token);
  Result<Json> found = options.deployment.empty() ? connection.GetAll("deployments", "")
                                                  : MustFind(&connection, options.deployment);
  if (!found.ok()) return cli::Fail(found.status());
  if (options.json) {
    Say(found->dump(2));
    return cli::kSuccess;
  }
  Say(fmt::format("{:<24} {:<14} {:<10} {:>7}", "NAME", "STATE", "WANTED", "VERSION"));
  for (const Json& each : found->is_array() ? *found : Json::array({*found})) Say(Row(each));
  return cli::kSuccess;
}

int Logs(const ClientOptions& options) {
  const Result<std::string> token = FindToken(options.login, options.server);
  if (!token.ok()) return cli::Fail(token.status());
  Connection connection(options.server, options.in, *token);
  const Result<Json> job = NewestJob(&connection, options.deployment);
  if (!job.ok()) return cli::Fail(job.status());
  const Result<Json> log =
      connection.Get("jobs/" + (*job)["metadata"]["id"].get<std::string>() + "/log");
  if (!log.ok()) return cli::Fail(log.status());
  cli::Print(io::Stream::kOutput, (*log)["spec"]["text"].get<std::string>());
  return cli::kSuccess;
}

int Events(const ClientOptions& options) {
  const Result<std::string> token = FindToken(options.login, options.server);
  if (!token.ok()) return cli::Fail(token.status());
  Connection connection(options.server, options.in, *token);
  std::string query;
  if (!options.deployment.empty()) {
    const Result<Json> found = MustFind(&connection, options.deployment);
    if (!found.ok()) return cli::Fail(found.status());
    query = "deploymentId=" + (*found)["metadata"]["id"].get<std::string>();
  }
  if (options.watch) {
    return cli::Fail(
        connection.Watch(query + (query.empty() ? "" : "&") + "after=0", [](const Json& event) {
          Say(EventLine(event));
          return true;
        }));
  }
  const Result<Json> events = connection.GetAll("events", query);
  if (!events.ok()) return cli::Fail(events.status());
  for (const Json& event : *events) Say(EventLine(event));
  return cli::kSuccess;
}

int RollBack(const ClientOptions& options) {
  const Result<std::string> token = FindToken(options.login, options.server);
  if (!token.ok()) return cli::Fail(token.status());
  Connection connection(options.server, options.in, *token);
  const Result<Json> found = MustFind(&connection, options.deployment);
  if (!found.ok()) return cli::Fail(found.status());
  Json request = Json::object();
  if (options.version != 0) request["version"] = options.version;
  const Result<Json> changed = connection.Post(PathOf(*found) + "/rollback", request);
  if (!changed.ok()) return cli::Fail(changed.status());
  Say("deployment " + options.deployment + " goes back");
  return options.wait ? Wait(&connection, *changed, options) : cli::kSuccess;
}

}  // namespace castor::platform
