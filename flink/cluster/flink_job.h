// The job in its cluster, as its job manager tells of it and takes requests for it.
//
// Look is for one thread; the rest is thread-safe. Requests wait for Flink's answer.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>

#include "base/status.h"
#include "flink/cluster/rest_client.h"

namespace castor::flink {

class FlinkJob {
 public:
  FlinkJob(int rest_port, std::string id, std::string name);
  ~FlinkJob();

  // Asks the job manager how it is; while that does not answer all stays as it was.
  // `memory_bytes`: what the cluster's processes have.
  void Look(int64_t memory_bytes);
  // As spec/worker-control.md names it; STOPPED behind a savepoint with which it was to stop.
  std::string State() const;
  bool HasEnded() const;
  // Why it has failed; empty otherwise.
  std::string Failure() const;
  // What `status` answers.
  nlohmann::json StatusJson() const;

  // The path of the savepoint, once it is complete. `native`: in the format of the state backend,
  // else in that of any. The job stops behind it if it is to.
  Result<std::string> Savepoint(const std::string& folder, bool stop, bool drain, bool native);
  Status Cancel();

 private:
  struct Seen;
  void LookAtJob(Seen* seen);
  // A program that ends without a job, or before it.
  void LookAtApplication(Seen* seen) const;
  void LookAtProgress(bool was_up, Seen* seen) const;
  void LookAtVertices(const nlohmann::json& details, Seen* seen);
  Result<std::string> AwaitSavepoint(const std::string& request) const;

  const RestClient rest_;
  const std::string id_;
  const std::string name_;
  std::map<std::string, std::string> figures_to_ask_;  // by vertex; the looking thread's own
  std::atomic<bool> stopped_ = false;
  mutable std::mutex mutex_;
  std::unique_ptr<Seen> seen_;
};

}  // namespace castor::flink
