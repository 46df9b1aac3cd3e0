// Recognises a job that runs and does not get on: one that restarts again and again, or whose
// checkpoints fail.
//
// Fed with what the worker says; it knows nothing of the time before it was made. Used by one
// thread.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

namespace castor::platform {

struct Progress {
  int64_t restarts = 0;  // all three only ever grow
  int64_t completed_checkpoints = 0;
  int64_t failed_checkpoints = 0;
};

class Health {
 public:
  // Restarts, and failed checkpoints, without a completed one between them: from here on there is
  // no progress.
  static constexpr int64_t kManyInARow = 3;
  // Restarts in the window, whatever is saved between them.
  static constexpr size_t kManyRestarts = 10;
  static constexpr int64_t kWindowMs = 600'000;

  void See(int64_t now_ms, const Progress& progress);
  // What is wrong, for people; empty: nothing.
  std::string Problem() const;
  // Whether "nothing" means that it is well, not that too little has been seen.
  bool IsSure() const;

 private:
  bool seen_ = false;
  bool has_saved_ = false;
  int64_t first_seen_ms_ = 0, last_seen_ms_ = 0;
  Progress last_;
  Progress saved_;  // when a checkpoint was completed last
  std::deque<int64_t> restarted_at_;
};

}  // namespace castor::platform
