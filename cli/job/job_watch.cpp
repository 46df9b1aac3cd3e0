#include "cli/job/job_watch.h"

#include <utility>

namespace castor::cli {

JobWatch::JobWatch(std::string socket, std::chrono::milliseconds interval)
    : socket_(std::move(socket)), interval_(interval), next_(SteadyClock::now() + interval) {}

int JobWatch::MsToNext() const {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_ - SteadyClock::now());
  return left.count() > 0 ? static_cast<int>(left.count()) : 0;
}

void JobWatch::Tick() {
  if (SteadyClock::now() < next_) return;
  if (!connection_) {
    if (auto connected = LineSocket::Connect(socket_); connected.ok()) {
      connection_ = std::move(*connected);
    } else {
      constexpr auto kRetry = std::chrono::milliseconds(50);
      next_ = SteadyClock::now() + kRetry;
      return;
    }
  }
  next_ = SteadyClock::now() + interval_;
  // A worker that does not answer is not asked twice.
  if (std::exchange(asked_, true)) return;
  if (!connection_->Send(R"({"op":"status"})").ok()) connection_.reset();
}

bool JobWatch::OnReadable() {
  const auto line = connection_->Receive(0);
  if (!line.ok()) {
    // It ends; the end of the process says the rest.
    connection_.reset();
    asked_ = false;
    next_ = SteadyClock::now() + interval_;
    return false;
  }
  if (!line->has_value()) return false;
  asked_ = false;
  auto status = ReadStatusAnswer(**line);
  if (!status.ok()) return false;
  Keep(std::move(*status));
  return true;
}

void JobWatch::Keep(JobStatus status) {
  if (status.completed_checkpoints != age_.completed) {
    age_ = {.completed = status.completed_checkpoints, .seen_at_ms = status.now_ms};
  }
  constexpr int64_t kWindowMs = 2000;
  while (recent_.size() > 1 && recent_[1].now_ms <= status.now_ms - kWindowMs) {
    recent_.pop_front();
  }
  recent_.push_back(status);
  latest_ = std::move(status);
}

Rates JobWatch::rates() const {
  if (recent_.empty()) return {};
  if (recent_.size() == 1) return RatesBetween(std::nullopt, recent_.back());
  return RatesBetween(recent_.front(), recent_.back());
}

}  // namespace castor::cli
