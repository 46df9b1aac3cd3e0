// Jobs as processes of this machine, which outlive the server: workers of the native engine, and
// clusters of Flink, whose first process is one that can be asked as a worker can.
//
//   <data>/jobs/<job>/checkpoints/       of all attempts
//   <data>/jobs/<job>/<generation>/flink/  what a cluster of Flink needs
//   <data>/jobs/<job>/<generation>/lock  locked as long as the process lives, with its number
//   inside <data>/jobs/<job>/<generation>/{report,log}   how it ended, and what it said
//   <data>/savepoints/<id>/              the savepoint with that id
//   <data>/run/<job>-<generation>.sock   the worker's control socket
//
// The lock is inherited by the process from the moment of its birth, so that there is no instant at
// which a server could die and leave a process that nobody knows: whether an attempt was ever
// started, lives or has gone is asked of its lock, by this server and by the next.
#pragma once

#include <map>
#include <memory>

#include "cli/job/job_registry.h"
#include "cli/process/line_socket.h"
#include "cli/process/paths.h"
#include "platform/targets/target.h"

namespace castor::platform {

// Where Flink is; without it nothing is launched on it.
struct FlinkInstallation {
  std::string home;           // empty: none
  std::string state_backend;  // the jar of Gemini; empty: none
};

class LocalTarget : public Target {
 public:
  // kInvalidArgument: the folder's path is too long for sockets in it.
  static Result<std::unique_ptr<LocalTarget>> Open(const std::string& data_folder,
                                                   const cli::Paths& paths,
                                                   FlinkInstallation flink);

  // The end of what an attempt has said. Thread-safe, as is LatestCheckpoint, and nothing else
  // here.
  Result<std::string> ReadLog(const Attempt& attempt) const;

  Status Launch(const LaunchRequest& request) override;
  void Observe(const Attempt& attempt, Observed* observed,
               std::shared_ptr<const cli::JobStatus>* status) override;
  Status AskSavepoint(const Attempt& attempt, const Savepoint& savepoint) override;
  void ObserveSavepoint(const Savepoint& savepoint, Observed* observed) override;
  Status AskCancel(const Attempt& attempt) override;
  void Kill(const Attempt& attempt) override;
  std::string LatestCheckpoint(const std::string& job) override;
  Status DeleteSavepoint(const std::string& id) override;
  void Forget(const Attempt& attempt) override;
  void ForgetSavepoint(const std::string& id) override;

 private:
  // What is said over sockets to one attempt: status in one conversation, requests in another,
  // which a savepoint holds up.
  struct Conversation {
    std::optional<cli::LineSocket> socket;
    bool asked = false;
    std::shared_ptr<const cli::JobStatus> status;
    int64_t asked_at = 0;
    bool cancelled = false;
  };
  struct SavepointRequest {
    cli::LineSocket socket;
    std::optional<Result<std::string>> answer;
  };

  LocalTarget(std::string data, const cli::Paths& paths, FlinkInstallation flink)
      : data_(std::move(data)),
        worker_(paths.worker),
        flink_cluster_(paths.flink_cluster),
        registry_(paths.jobs()),
        flink_(std::move(flink)) {}
  std::vector<std::string> WorkerCommand(const LaunchRequest& request) const;
  Result<std::vector<std::string>> FlinkCommand(const LaunchRequest& request, int lock) const;
  std::optional<cli::JobEntry> Register(const LaunchRequest& request) const;
  std::string FolderOf(const Attempt& attempt) const;
  std::string SocketOf(const Attempt& attempt) const;
  std::string SavepointFolder(const std::string& id) const;
  void AskStatus(const Attempt& attempt, Conversation* conversation);
  void ReadEnd(const Attempt& attempt, Observed* observed) const;

  const std::string data_;
  const std::string worker_;
  const std::string flink_cluster_;
  const std::string registry_;  // of `castor list`
  const FlinkInstallation flink_;
  std::map<std::string, Conversation> conversations_;   // by socket
  std::map<std::string, SavepointRequest> savepoints_;  // by id
};

}  // namespace castor::platform
