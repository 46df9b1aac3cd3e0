#include "platform/server/run_platform.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>

#include <cstdio>
#include <filesystem>

#include "cli/process/paths.h"
#include "cli/process/signals.h"
#include "cli/terminal/exit_code.h"
#include "io/file_system.h"
#include "platform/access/access.h"
#include "platform/access/local_servers.h"
#include "platform/alerts/alert_courier.h"
#include "platform/alerts/alert_watch.h"
#include "platform/api/api.h"
#include "platform/artifacts/artifact_store.h"
#include "platform/console/console.h"
#include "platform/controller/reconciler.h"
#include "platform/metrics/metric_recorder.h"
#include "platform/retention/sweeper.h"
#include "platform/server/http_server.h"
#include "platform/targets/find_flink.h"
#include "platform/targets/local_target.h"
#include "platform/targets/process_lock.h"

namespace castor::platform {
namespace {

// One server a folder: two would each bring deployments to what it believes.
Result<ProcessLock> TakeFolder(const std::string& data) {
  CASTOR_RETURN_NOT_OK(io::LocalFileSystem().MakeDirectories(data + "/bundles"));
  // Scripts may hold passwords.
  ::chmod(data.c_str(), 0700);
  auto lock = ProcessLock::Take(data + "/lock");
  if (lock.ok() || lock.status().code() != StatusCode::kInvalidArgument) return lock;
  return Status::InvalidArgument("another castor platform runs with the data directory " + data);
}

Status AddDefaultNamespace(Store* store) {
  CASTOR_ASSIGN_OR_RETURN(Session session, store->Begin());
  CASTOR_ASSIGN_OR_RETURN(const bool exists, session.HasNamespace("default"));
  if (exists) return Status::OK();
  CASTOR_RETURN_NOT_OK(session.AddNamespace("default"));
  return session.Commit();
}

void Announce(const Endpoint& endpoint, const HttpServer& server, const std::string& password) {
  std::printf("Castor Platform listens on %s\n", server.url().c_str());
  if (!password.empty()) {
    std::printf(
        "The first user is admin, with the password %s, which is shown this once and has to "
        "be changed at the first login.\n",
        password.c_str());
  }
  std::fflush(stdout);
  if (!endpoint.is_local() && !endpoint.is_encrypted()) {
    std::fprintf(stderr,
                 "castor: warning: passwords and tokens go over the network as they are; give "
                 "--tls-cert and --tls-key, or let a proxy before it encrypt them\n");
  }
}

void WaitForEnd(cli::Signals* signals) {
  while (!signals->Take()) {
    pollfd readable = {signals->fd(), POLLIN, 0};
    ::poll(&readable, 1, -1);
  }
}

Status Serve(const PlatformOptions& options) {
  // Before any thread, so that none of them is interrupted.
  cli::Signals signals{SIGINT, SIGTERM, SIGHUP};
  std::error_code ignored;
  const std::string data =
      std::filesystem::absolute(options.data_dir, ignored).lexically_normal().string();
  CASTOR_ASSIGN_OR_RETURN(const cli::Paths paths, cli::FindPaths());
  CASTOR_ASSIGN_OR_RETURN(const ProcessLock lock, TakeFolder(data));
  CASTOR_ASSIGN_OR_RETURN(const auto store, Store::Open(data + "/castor.db"));
  CASTOR_RETURN_NOT_OK(AddDefaultNamespace(store.get()));
  CASTOR_ASSIGN_OR_RETURN(const auto opened, Access::Open(store.get(), data + "/local.token"));
  CASTOR_ASSIGN_OR_RETURN(const FlinkInstallation flink,
                          FindFlink(options.flink_home, options.flink_state_backend));
  CASTOR_ASSIGN_OR_RETURN(const auto artifacts, ArtifactStore::Open(data + "/artifacts"));
  CASTOR_ASSIGN_OR_RETURN(const auto target, LocalTarget::Open(data, paths, flink));
  CASTOR_ASSIGN_OR_RETURN(const Vault vault, Vault::Open(data + "/secret.key"));
  CASTOR_ASSIGN_OR_RETURN(const auto metrics, MetricStore::Open(data + "/metrics.db"));
  CASTOR_ASSIGN_OR_RETURN(const auto previews, Previews::Open(data + "/previews", paths.worker));
  JobBoard board;
  const MetricRecorder recorder(&board, metrics.get());
  Reconciler reconciler(
      store.get(), &vault, target.get(), &board,
      {.paths = paths, .artifacts = artifacts.get(), .has_flink = !flink.home.empty()},
      data + "/bundles");
  const AlertWatch alerts(store.get(), &board, metrics.get());
  const AlertCourier courier(store.get(), &vault);
  Sweeper sweeper(store.get(), data);
  Api::Parts parts = {.store = store.get(),
                      .access = opened.access.get(),
                      .vault = &vault,
                      .board = &board,
                      .metrics = metrics.get(),
                      .artifacts = artifacts.get(),
                      .bundles = data + "/bundles",
                      .previews = previews.get(),
                      .paths = paths,
                      .log = {},
                      .latest_checkpoint = {},
                      .changed = {},
                      .policy_changed = {}};
  parts.log = [&](const JobRecord& job) { return target->ReadLog({job.id, job.generation}); };
  parts.latest_checkpoint = [&](const std::string& job) { return target->LatestCheckpoint(job); };
  parts.changed = [&](const std::string& deployment) { reconciler.Wake(deployment); };
  parts.policy_changed = [&](const std::string&) { sweeper.Wake(); };
  CASTOR_ASSIGN_OR_RETURN(const auto api, Api::Make(std::move(parts)));
  CASTOR_RETURN_NOT_OK(reconciler.Start());
  CASTOR_ASSIGN_OR_RETURN(const auto server, HttpServer::Listen(
                                                 options.endpoint,
                                                 [&](const HttpRequest& request) {
                                                   const auto page = AnswerFromConsole(request);
                                                   return page ? *page : api->Answer(request);
                                                 },
                                                 &Api::Refuse));
  const LocalServers::Entry entry(paths.runtime, server->port(), data);
  Announce(options.endpoint, *server, opened.first_password);
  WaitForEnd(&signals);
  return Status::OK();
}

}  // namespace

int RunPlatform(const PlatformOptions& options) {
  const Status status = Serve(options);
  return status.ok() ? cli::kSuccess : cli::Fail(status);
}

}  // namespace castor::platform
