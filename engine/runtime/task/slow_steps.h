// Tells of the runs of a subtask that took long, and in which of its steps: where a late result
// lost its time. Off unless `castor.slow-steps` gives a duration.
//
// A run is what the scheduler lets a subtask do at once, about a millisecond. What is told of one
// beyond the threshold is one line: how long it waited for a thread, how long it took, how much of
// that it had the processor, how often it was put off it or slept (for a lock), how many pages it
// touched first, and the longest of its steps. Used by the subtask's thread; costs a look at the
// clock per step and some system calls per run.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/configuration.h"
#include "base/status.h"

namespace castor::runtime {

class SlowSteps {
 public:
  using Time = std::chrono::steady_clock;
  using Log = std::function<void(const std::string&)>;

  // What a subtask does besides calling its operators, whose steps are their numbers in the chain.
  enum : int { kInput = -4, kOutput = -3, kSaving = -2, kCut = -1 };

  // `subtask` and `operators` (those of its chain) as they are to be called.
  SlowSteps(std::chrono::microseconds threshold, std::string subtask,
            std::vector<std::string> operators, Log log);

  // A run begins that could have begun at `ready`.
  void Begin(Time::time_point ready);
  // From here on the time is that of `step`.
  void Enter(int step);
  void End();

 private:
  // Of the thread.
  struct Usage {
    Time::duration on_processor;
    int64_t put_off;
    int64_t slept;
    int64_t pages;
  };
  static Usage UsageNow();
  void Tell(Time::duration took) const;
  std::string NameOf(int step) const;

  static constexpr int kOthers = 4;
  static constexpr int kNone = -5;

  const std::chrono::microseconds threshold_;
  const std::string subtask_;
  const std::vector<std::string> operators_;
  const Log log_;

  Time::time_point ready_;
  Time::time_point begun_;
  Usage at_begin_{};
  int step_ = kNone;
  Time::time_point since_;
  std::vector<Time::duration> times_;  // by step + kOthers
};

// Nothing if the option is not set.
Result<std::unique_ptr<SlowSteps>> MakeSlowSteps(const Configuration& configuration,
                                                 std::string subtask,
                                                 std::vector<std::string> operators,
                                                 SlowSteps::Log log);

}  // namespace castor::runtime
