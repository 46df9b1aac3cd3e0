#include "runtime/recovery/restart_strategy.h"

#include <algorithm>
#include <cmath>
#include <deque>

namespace castor::runtime {
namespace {

class NoRestart final : public RestartStrategy {
 public:
  std::optional<int64_t> OnFailure(TimestampMs) override { return std::nullopt; }
  std::string Describe() const override { return "restart-strategy none"; }
};

class FixedDelay final : public RestartStrategy {
 public:
  FixedDelay(int64_t attempts, int64_t delay_ms) : attempts_(attempts), delay_ms_(delay_ms) {}

  std::optional<int64_t> OnFailure(TimestampMs) override {
    if (used_ >= attempts_) return std::nullopt;
    ++used_;
    return delay_ms_;
  }
  std::string Describe() const override {
    return "restart-strategy fixed-delay, attempts " + std::to_string(attempts_);
  }

 private:
  const int64_t attempts_;
  const int64_t delay_ms_;
  int64_t used_ = 0;
};

class FailureRate final : public RestartStrategy {
 public:
  FailureRate(int64_t max_failures, int64_t interval_ms, int64_t delay_ms)
      : max_failures_(max_failures), interval_ms_(interval_ms), delay_ms_(delay_ms) {}

  std::optional<int64_t> OnFailure(TimestampMs now) override {
    failures_.push_back(now);
    while (static_cast<int64_t>(failures_.size()) > max_failures_ + 1) failures_.pop_front();
    const bool too_many = static_cast<int64_t>(failures_.size()) > max_failures_ &&
                          now - failures_.front() <= interval_ms_;
    if (too_many) return std::nullopt;
    return delay_ms_;
  }
  std::string Describe() const override {
    return "restart-strategy failure-rate, at most " + std::to_string(max_failures_) +
           " failures in " + std::to_string(interval_ms_) + " ms";
  }

 private:
  const int64_t max_failures_;
  const int64_t interval_ms_;
  const int64_t delay_ms_;
  std::deque<TimestampMs> failures_;
};

struct Backoff {
  int64_t initial_ms = 1000;
  int64_t max_ms = 60'000;
  double multiplier = 1.5;
  int64_t reset_after_ms = 3'600'000;
  double jitter_factor = 0.1;
  int64_t attempts = INT32_MAX;  // before the backoff is reset
};

class ExponentialDelay final : public RestartStrategy {
 public:
  ExponentialDelay(const Backoff& backoff, double (*jitter)())
      : backoff_(backoff), jitter_(jitter) {}

  std::optional<int64_t> OnFailure(TimestampMs now) override {
    // What fails in the moment of its restart has not been restarted.
    if (used_ > 0 && now <= last_start_) return last_start_ - now;
    // Quiet for long enough since the job was last started: a new series of failures.
    if (now - last_start_ >= backoff_.reset_after_ms) used_ = 0;
    if (used_ >= backoff_.attempts) return std::nullopt;
    const int64_t delay = Delay();
    ++used_;
    last_start_ = now + delay;
    return delay;
  }
  std::string Describe() const override { return "restart-strategy exponential-delay"; }

 private:
  // Whole milliseconds as in Flink; the jitter is that of the backoff before it meets its limit.
  int64_t Delay() const {
    constexpr double kMost = 1e15;  // far above any limit, far below what overflows
    const double backoff =
        std::floor(std::min(kMost, static_cast<double>(backoff_.initial_ms) *
                                       std::pow(backoff_.multiplier, static_cast<double>(used_))));
    const double jittered =
        backoff + std::round(jitter_() * std::floor(backoff * backoff_.jitter_factor));
    const double limited = std::min(jittered, static_cast<double>(backoff_.max_ms));
    return std::max(backoff_.initial_ms, static_cast<int64_t>(limited));
  }

  const Backoff backoff_;
  double (*const jitter_)();
  int64_t used_ = 0;
  TimestampMs last_start_ = kMinTimestamp / 2;
};

Result<std::unique_ptr<RestartStrategy>> MakeFixedDelay(const Configuration& configuration) {
  const std::string prefix = "restart-strategy.fixed-delay.";
  CASTOR_ASSIGN_OR_RETURN(const int64_t attempts, configuration.GetInt(prefix + "attempts", 1));
  CASTOR_ASSIGN_OR_RETURN(const int64_t delay, configuration.GetDurationMs(prefix + "delay", 1000));
  if (attempts < 0 || delay < 0) {
    return Status::InvalidArgument(prefix + "*: attempts and delay must not be negative");
  }
  return std::unique_ptr<RestartStrategy>(std::make_unique<FixedDelay>(attempts, delay));
}

Result<std::unique_ptr<RestartStrategy>> MakeFailureRate(const Configuration& configuration) {
  const std::string prefix = "restart-strategy.failure-rate.";
  CASTOR_ASSIGN_OR_RETURN(const int64_t failures,
                          configuration.GetInt(prefix + "max-failures-per-interval", 1));
  CASTOR_ASSIGN_OR_RETURN(const int64_t interval,
                          configuration.GetDurationMs(prefix + "failure-rate-interval", 60'000));
  CASTOR_ASSIGN_OR_RETURN(const int64_t delay, configuration.GetDurationMs(prefix + "delay", 1000));
  if (failures < 1 || interval < 1 || delay < 0) {
    return Status::InvalidArgument(prefix +
                                   "*: max-failures-per-interval must be at least 1, "
                                   "failure-rate-interval at least 1 ms, delay not negative");
  }
  return std::unique_ptr<RestartStrategy>(std::make_unique<FailureRate>(failures, interval, delay));
}

Result<std::unique_ptr<RestartStrategy>> MakeExponentialDelay(const Configuration& configuration,
                                                              double (*jitter)()) {
  const std::string prefix = "restart-strategy.exponential-delay.";
  Backoff backoff;
  CASTOR_ASSIGN_OR_RETURN(backoff.initial_ms, configuration.GetDurationMs(
                                                  prefix + "initial-backoff", backoff.initial_ms));
  CASTOR_ASSIGN_OR_RETURN(backoff.max_ms,
                          configuration.GetDurationMs(prefix + "max-backoff", backoff.max_ms));
  CASTOR_ASSIGN_OR_RETURN(backoff.multiplier, configuration.GetDouble(prefix + "backoff-multiplier",
                                                                      backoff.multiplier));
  CASTOR_ASSIGN_OR_RETURN(
      backoff.reset_after_ms,
      configuration.GetDurationMs(prefix + "reset-backoff-threshold", backoff.reset_after_ms));
  CASTOR_ASSIGN_OR_RETURN(backoff.jitter_factor,
                          configuration.GetDouble(prefix + "jitter-factor", backoff.jitter_factor));
  CASTOR_ASSIGN_OR_RETURN(
      backoff.attempts,
      configuration.GetInt(prefix + "attempts-before-reset-backoff", backoff.attempts));
  if (backoff.initial_ms < 1 || backoff.max_ms < backoff.initial_ms || backoff.multiplier <= 1.0) {
    return Status::InvalidArgument(prefix +
                                   "*: initial-backoff must be at least 1 ms, max-backoff at least "
                                   "initial-backoff, backoff-multiplier greater than 1");
  }
  const bool jitter_in_range = backoff.jitter_factor >= 0.0 && backoff.jitter_factor <= 1.0;
  if (!jitter_in_range || backoff.reset_after_ms < 1 || backoff.attempts < 1) {
    return Status::InvalidArgument(prefix +
                                   "*: jitter-factor must be between 0 and 1, "
                                   "reset-backoff-threshold at least 1 ms, "
                                   "attempts-before-reset-backoff at least 1");
  }
  return std::unique_ptr<RestartStrategy>(std::make_unique<ExponentialDelay>(backoff, jitter));
}

}  // namespace

Result<std::unique_ptr<RestartStrategy>> MakeRestartStrategy(const Configuration& configuration,
                                                             bool checkpointing,
                                                             double (*jitter)()) {
  std::string type = configuration.GetString("restart-strategy.type", "");
  if (type.empty()) type = configuration.GetString("restart-strategy", "");
  if (type.empty()) type = checkpointing ? "exponential-delay" : "none";
  for (char& c : type) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (type == "none" || type == "off" || type == "disable") {
    return std::unique_ptr<RestartStrategy>(std::make_unique<NoRestart>());
  }
  if (type == "fixed-delay" || type == "fixeddelay") return MakeFixedDelay(configuration);
  if (type == "failure-rate" || type == "failurerate") return MakeFailureRate(configuration);
  if (type == "exponential-delay" || type == "exponentialdelay") {
    return MakeExponentialDelay(configuration, jitter);
  }
  return Status::InvalidArgument("restart-strategy.type = '" + type +
                                 "': expected none, fixed-delay, failure-rate or "
                                 "exponential-delay");
}

bool IsWorthRestarting(const Status& failure) {
  switch (failure.code()) {
    case StatusCode::kInvalidArgument:
    case StatusCode::kNotFound:
    case StatusCode::kUnsupported:
    case StatusCode::kDataError:
    case StatusCode::kCorruption:
    case StatusCode::kIncompatible:
    case StatusCode::kCancelled:
      return false;
    default:
      return true;
  }
}

}  // namespace castor::runtime
