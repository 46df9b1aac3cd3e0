#include "flink/cluster/run_cluster.h"

#include <fmt/format.h>
#include <poll.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <random>

#include "cli/process/signals.h"
#include "flink/cluster/cluster_options.h"
#include "flink/cluster/control.h"
#include "flink/cluster/flink_job.h"
#include "flink/cluster/processes.h"
#include "flink/cluster/program.h"
#include "io/file_system.h"
#include "io/listener.h"

namespace castor::flink {
namespace {

using Json = nlohmann::json;

constexpr int kSuccess = 0, kJobFailed = 1, kUsage = 2, kCancelled = 130;
constexpr int kLookMs = 250;
// A job that does not end when it is cancelled is ended with its processes.
constexpr int64_t kPatienceMs = 15'000;

int64_t SteadyMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// 32 hexadecimal digits, as Flink's ids.
std::string NewJobId() {
  std::random_device random;
  std::string id;
  for (int i = 0; i < 4; ++i) id += fmt::format("{:08x}", random());
  return id;
}

class Run {
 public:
  explicit Run(const ClusterOptions& options) : options_(options) {}

  int Go() {
    cli::Signals signals{SIGINT, SIGTERM, SIGHUP};
    if (const Status status = Prepare(); !status.ok()) return Refuse(status);
    if (const Status status = Watch(&signals); !status.ok()) return Lose(status);
    return Conclude();
  }

 private:
  Status Prepare() {
    CASTOR_ASSIGN_OR_RETURN(const std::string json,
                            io::ReadWholeFile(io::LocalFileSystem(), options_.program));
    CASTOR_ASSIGN_OR_RETURN(const Program program, ReadProgram(json));
    Ports ports;
    CASTOR_ASSIGN_OR_RETURN(ports.rest, FindFreePort());
    CASTOR_ASSIGN_OR_RETURN(ports.rpc, FindFreePort());
    const std::string id = NewJobId();
    CASTOR_ASSIGN_OR_RETURN(processes_, Processes::Prepare(options_, program, ports, id));
    job_ = std::make_unique<FlinkJob>(ports.rest, id, options_.name);
    CASTOR_RETURN_NOT_OK(processes_->Start());
    CASTOR_ASSIGN_OR_RETURN(
        control_, io::Listener::OnUnixSocket(options_.control_socket, [this](int connection) {
          std::string buffer, line;
          while (io::ReceiveLine(connection, &buffer, &line)) {
            const std::string answer =
                AnswerControl(line, job_.get(), [this] { cancelling_ = true; });
            if (!io::SendAll(connection, answer + "\n")) return;
          }
        }));
    return Status::OK();
  }

  // Until the job has ended. An error: its processes have, before it.
  Status Watch(cli::Signals* signals) {
    int64_t cancelled_at = 0;
    while (true) {
      pollfd readable = {signals->fd(), POLLIN, 0};
      ::poll(&readable, 1, kLookMs);
      while (signals->Take()) cancelling_ = true;
      CASTOR_RETURN_NOT_OK(processes_->Tend());
      job_->Look(processes_->ResidentBytes());
      if (job_->HasEnded()) return Status::OK();
      if (!cancelling_) continue;
      // Asked again and again: it may not have been there yet.
      (void)job_->Cancel();
      if (cancelled_at == 0) cancelled_at = SteadyMs();
      if (SteadyMs() - cancelled_at > kPatienceMs) return Status::OK();
    }
  }

  // What has asked for a savepoint gets its answer while the job manager still lives.
  void EndAll() {
    if (control_) control_->Stop();
    if (processes_) processes_->Kill();
    (void)io::LocalFileSystem().DeleteRecursively(options_.folder + "/tmp");
  }

  int Refuse(const Status& status) {
    EndAll();
    Report(std::string(StatusCodeName(status.code())), status.message());
    return kUsage;
  }

  int Lose(const Status& status) {
    EndAll();
    if (cancelling_) return Report("", ""), kCancelled;
    // Before the job was there its program may be what ended it; afterwards it is an accident.
    const bool began = job_->State() != "CREATED";
    Report(began ? "process lost" : std::string(StatusCodeName(status.code())), status.message());
    return kJobFailed;
  }

  int Conclude() {
    EndAll();
    const bool failed = job_->State() == "FAILED";
    Report(failed ? std::string(StatusCodeName(StatusCode::kInternal)) : "", job_->Failure());
    if (failed) return kJobFailed;
    const std::string state = job_->State();
    return state == "FINISHED" || state == "STOPPED" ? kSuccess : kCancelled;
  }

  void Report(const std::string& code, const std::string& message) {
    Json report = Json::object();
    if (!code.empty()) {
      report["error"] = {{"code", code}, {"message", message}};
      std::fprintf(stderr, "error: %s\n", message.c_str());
    }
    if (job_) {
      report["status"] = job_->StatusJson();
      if (cancelling_ && !job_->HasEnded()) report["status"]["state"] = "CANCELED";
    }
    const Status written =
        io::WriteFileAtomically(io::LocalFileSystem(), options_.report,
                                report.dump(-1, ' ', false, Json::error_handler_t::replace));
    if (!written.ok()) std::fprintf(stderr, "error: %s\n", written.message().c_str());
  }

  const ClusterOptions options_;
  std::unique_ptr<Processes> processes_;
  std::unique_ptr<FlinkJob> job_;
  std::unique_ptr<io::Listener> control_;
  std::atomic<bool> cancelling_ = false;
};

}  // namespace

int RunCluster(int argc, char** argv) {
  int exit_code = kSuccess;
  const auto options = ParseCommandLine(argc, argv, &exit_code);
  return options ? Run(*options).Go() : exit_code;
}

}  // namespace castor::flink
