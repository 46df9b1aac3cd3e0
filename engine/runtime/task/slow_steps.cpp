#include "runtime/task/slow_steps.h"

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <utility>

namespace castor::runtime {
namespace {

std::string Milliseconds(SlowSteps::Time::duration time) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f ms",
                std::chrono::duration<double, std::milli>(time).count());
  return text;
}

SlowSteps::Time::duration ProcessorTime() {
  timespec time;
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

SlowSteps::SlowSteps(std::chrono::microseconds threshold, std::string subtask,
                     std::vector<std::string> operators, Log log)
    : threshold_(threshold),
      subtask_(std::move(subtask)),
      operators_(std::move(operators)),
      log_(std::move(log)),
      times_(operators_.size() + kOthers) {}

SlowSteps::Usage SlowSteps::UsageNow() {
  rusage usage;
  ::getrusage(RUSAGE_THREAD, &usage);
  return {ProcessorTime(), usage.ru_nivcsw, usage.ru_nvcsw, usage.ru_minflt};
}

void SlowSteps::Begin(Time::time_point ready) {
  std::fill(times_.begin(), times_.end(), Time::duration(0));
  at_begin_ = UsageNow();
  begun_ = Time::now();
  ready_ = std::min(ready, begun_);
  step_ = kNone;
  since_ = begun_;
}

void SlowSteps::Enter(int step) {
  const Time::time_point now = Time::now();
  if (step_ != kNone) times_[static_cast<size_t>(step_ + kOthers)] += now - since_;
  step_ = step;
  since_ = now;
}

void SlowSteps::End() {
  Enter(kNone);
  if (since_ - ready_ >= threshold_) Tell(since_ - begun_);
}

void SlowSteps::Tell(Time::duration took) const {
  const Usage now = UsageNow();
  std::string line = "slow: " + subtask_ + ": waited " + Milliseconds(begun_ - ready_) + ", took " +
                     Milliseconds(took) + ", on the processor " +
                     Milliseconds(now.on_processor - at_begin_.on_processor) + ", put off it " +
                     std::to_string(now.put_off - at_begin_.put_off) + " times, slept " +
                     std::to_string(now.slept - at_begin_.slept) + " times, " +
                     std::to_string(now.pages - at_begin_.pages) + " new pages";
  std::vector<int> steps(times_.size());
  for (size_t i = 0; i < steps.size(); ++i) steps[i] = static_cast<int>(i) - kOthers;
  const auto time_of = [this](int step) { return times_[static_cast<size_t>(step + kOthers)]; };
  std::stable_sort(steps.begin(), steps.end(),
                   [&](int a, int b) { return time_of(a) > time_of(b); });
  constexpr size_t kLongest = 3;
  for (size_t i = 0; i < std::min(kLongest, steps.size()); ++i) {
    line += (i == 0 ? "; " : ", ") + NameOf(steps[i]) + " " + Milliseconds(time_of(steps[i]));
  }
  log_(line);
}

std::string SlowSteps::NameOf(int step) const {
  switch (step) {
    case kInput:
      return "input";
    case kOutput:
      return "output";
    case kSaving:
      return "saving of state";
    case kCut:
      return "cut";
    default:
      return operators_[static_cast<size_t>(step)];
  }
}

Result<std::unique_ptr<SlowSteps>> MakeSlowSteps(const Configuration& configuration,
                                                 std::string subtask,
                                                 std::vector<std::string> operators,
                                                 SlowSteps::Log log) {
  CASTOR_ASSIGN_OR_RETURN(const int64_t threshold,
                          configuration.GetDurationMs("castor.slow-steps", 0));
  if (threshold <= 0) return std::unique_ptr<SlowSteps>();
  return std::make_unique<SlowSteps>(std::chrono::milliseconds(threshold), std::move(subtask),
                                     std::move(operators), std::move(log));
}

}  // namespace castor::runtime
