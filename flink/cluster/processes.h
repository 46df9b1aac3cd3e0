// The processes of one cluster: a job manager and one task manager, which comes again when it dies.
//
// They die with this process, however that dies, and keep the lock that it was given: as long as it
// is held one of them lives. Used by one thread, the one whose end is theirs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "cli/process/child.h"
#include "flink/cluster/cluster_options.h"
#include "flink/cluster/program.h"
#include "flink/cluster/settings.h"

namespace castor::flink {

class Processes {
 public:
  // kNotFound: the distribution, Java or something in them is not there.
  static Result<std::unique_ptr<Processes>> Prepare(const ClusterOptions& options,
                                                    const Program& program, const Ports& ports,
                                                    const std::string& job_id);
  Processes(const Processes&) = delete;
  Processes& operator=(const Processes&) = delete;
  ~Processes();  // kills them

  Status Start();
  // Takes notice of who has ended. An error: the job manager has, or no task manager will live.
  Status Tend();
  void Kill();
  int64_t ResidentBytes() const;

 private:
  Processes() = default;
  Status WriteFiles(const Program& program, const Settings& settings);
  Status FindPrograms(const ClusterOptions& options, const Program& program);
  Status MakeArguments(const ClusterOptions& options, const Program& program,
                       const std::string& job_id);
  // Flink's own reckoning of what of a process' memory is for what.
  Status ReckonMemory(const char* what, std::vector<std::string>* jvm,
                      std::vector<std::string>* flink) const;
  std::vector<std::string> Java(const std::string& who) const;
  Status Launch(const std::string& who, const std::vector<std::string>& arguments,
                std::optional<cli::Child>* child) const;
  Status StartTaskManager();

  std::string folder_;
  std::string java_;
  std::string class_path_;
  std::string home_;
  int lock_ = -1;
  std::vector<std::string> job_manager_arguments_;
  std::vector<std::string> task_manager_arguments_;
  std::optional<cli::Child> job_manager_;
  std::optional<cli::Child> task_manager_;
  int64_t task_manager_started_at_ = 0;
  int early_deaths_ = 0;  // of task managers, in a row
};

// A port of the loopback interface that nobody has at the moment.
Result<int> FindFreePort();

}  // namespace castor::flink
