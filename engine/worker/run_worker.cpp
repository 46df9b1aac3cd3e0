#include "worker/run_worker.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include "io/file_system.h"
#include "plan/explain.h"
#include "runtime/job/job.h"
#include "worker/cancel_signals.h"
#include "worker/control_server.h"
#include "worker/engine_options.h"
#include "worker/file_systems.h"
#include "worker/memory_limit.h"
#include "worker/metrics_server.h"
#include "worker/registrations.h"
#include "worker/status_report.h"
#include "worker/worker_options.h"

namespace castor::worker {
namespace {

int ExitCodeOf(const Status& status, bool started) {
  switch (status.code()) {
    case StatusCode::kUnsupported:
      return kUnsupported;
    case StatusCode::kIncompatible:
    case StatusCode::kCorruption:
      return kBadSnapshot;
    case StatusCode::kInvalidArgument:
    case StatusCode::kNotFound:
      return started ? kJobFailed : kUsage;
    default:
      return kJobFailed;
  }
}

// Says how it ended: in the report if one was asked for, else on standard error. Gives the exit
// code.
int Conclude(const WorkerOptions& options, runtime::Job* job, const Status& status) {
  const bool told =
      !options.report_path.empty() && WriteReport(options.report_path, job, status).ok();
  if (!told && !status.ok()) std::fprintf(stderr, "error: %s\n", status.message().c_str());
  if (!status.ok()) return ExitCodeOf(status, job != nullptr);
  const bool cancelled = job != nullptr && job->state() == runtime::Job::State::kCancelled;
  return cancelled ? kCancelled : kSuccess;
}

// What has to stand before the job can start.
struct Prepared {
  std::unique_ptr<plan::Bundle> bundle;
  std::unique_ptr<runtime::Blueprint> blueprint;
  std::unique_ptr<runtime::Job> job;
  std::unique_ptr<io::Listener> control;
  std::unique_ptr<io::Listener> metrics;
};

Status ReadJob(const WorkerOptions& options, Prepared* prepared) {
  CASTOR_ASSIGN_OR_RETURN(const std::string json,
                          io::ReadWholeFile(io::LocalFileSystem(), options.bundle_path));
  CASTOR_ASSIGN_OR_RETURN(prepared->bundle, plan::ReadBundle(json));
  if (!options.name.empty()) prepared->bundle->name = options.name;
  return Status::OK();
}

Status Prepare(const WorkerOptions& options, Prepared* prepared) {
  Configuration configuration = Effective(prepared->bundle->configuration, options);
  CASTOR_RETURN_NOT_OK(CheckEngineOptions(configuration));
  CASTOR_RETURN_NOT_OK(LimitMemory(configuration));
  CASTOR_RETURN_NOT_OK(ConfigureFileSystems(configuration));
  CASTOR_ASSIGN_OR_RETURN(prepared->blueprint,
                          runtime::MakeBlueprint(*prepared->bundle, Registrations(),
                                                 std::move(configuration), Clock::System()));
  runtime::JobOptions job;
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  job.threads = options.threads > 0 ? options.threads : std::max(cores, 1);
  CASTOR_ASSIGN_OR_RETURN(job.restore,
                          runtime::ReadRestoreOptions(prepared->blueprint->configuration));
  if (!options.quiet) {
    job.log = [](const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); };
  }
  CASTOR_ASSIGN_OR_RETURN(prepared->job, runtime::Job::Create(*prepared->blueprint, job));
  if (!options.control_socket.empty()) {
    CASTOR_ASSIGN_OR_RETURN(prepared->control,
                            ServeControl(options.control_socket, prepared->job.get()));
  }
  if (options.metrics_port >= 0) {
    CASTOR_ASSIGN_OR_RETURN(prepared->metrics,
                            ServeMetrics(options.metrics_port, &prepared->job->metrics()));
  }
  return Status::OK();
}

// What an operator would refuse when it is made for a subtask.
Status TryOperators(const Prepared& prepared) {
  for (const plan::NodePtr& node : prepared.bundle->graph.nodes) {
    if (!prepared.blueprint->registries->operators.Knows(node->type)) continue;
    CASTOR_RETURN_NOT_OK(
        prepared.blueprint->MakeOperator(*node).status().WithContext(node->Describe()));
  }
  return Status::OK();
}

// File systems are closed when the job and its connectors are gone.
int RunJob(const WorkerOptions& options) {
  CancelSignals signals;
  Prepared prepared;
  if (const Status read = ReadJob(options, &prepared); !read.ok()) {
    return Conclude(options, nullptr, read);
  }
  if (options.explain) {
    std::fputs(plan::Explain(*prepared.bundle).c_str(), stdout);
    return kSuccess;
  }
  if (const Status status = Prepare(options, &prepared); !status.ok()) {
    return Conclude(options, nullptr, status);
  }
  if (options.check) {
    return Conclude(options, nullptr, TryOperators(prepared));
  }
  signals.Start([&prepared] { prepared.job->Cancel(); });
  const auto end = prepared.job->Run();
  if (prepared.control != nullptr) prepared.control->Stop();
  if (prepared.metrics != nullptr) prepared.metrics->Stop();
  return Conclude(options, prepared.job.get(), end.status());
}

}  // namespace

int RunWorker(int argc, char** argv) {
  bool done = false;
  int exit_code = kSuccess;
  const WorkerOptions options = ParseCommandLine(argc, argv, &done, &exit_code);
  if (done) return exit_code;
  exit_code = RunJob(options);
  CloseFileSystems();
  return exit_code;
}

}  // namespace castor::worker
