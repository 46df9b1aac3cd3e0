// Asks a worker for its status at intervals, without ever blocking on it.
//
// The caller polls `fd` and calls `OnReadable`, and calls `Tick` when `MsToNext` is over.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "cli/job/job_status.h"
#include "cli/job/status_text.h"
#include "cli/process/line_socket.h"

namespace castor::cli {

class JobWatch {
 public:
  JobWatch(std::string socket, std::chrono::milliseconds interval);

  int fd() const { return connection_ ? connection_->fd() : -1; }
  int MsToNext() const;
  // Connects when the worker has made its socket, and asks when it is time.
  void Tick();
  // True when there is a new status.
  bool OnReadable();

  const std::optional<JobStatus>& latest() const { return latest_; }
  // Over the last seconds.
  Rates rates() const;
  const CheckpointAge& checkpoint_age() const { return age_; }

 private:
  using SteadyClock = std::chrono::steady_clock;

  void Keep(JobStatus status);

  const std::string socket_;
  const std::chrono::milliseconds interval_;
  SteadyClock::time_point next_;
  std::optional<LineSocket> connection_;
  bool asked_ = false;
  std::optional<JobStatus> latest_;
  std::deque<JobStatus> recent_;
  CheckpointAge age_;
};

}  // namespace castor::cli
