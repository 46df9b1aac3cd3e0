// Keeps the process within `castor.memory`. The fuller it is, the less work is let in: queues
// between subtasks shrink, then sources slow down, then they stop; a job that stands still like
// this fails, saying who holds what. State may take so much that there is still room for rows on
// their way, and keeps to that by itself (state/snapshot.h).
//
// What no account sees has a reserve, and is measured besides: where it is more, state gets less.
//
// Everything static reads the process's account, two relaxed loads, and may be called per poll of a
// source and per element of a queue; thread-safe. `Measure` and `Watch` are for one thread.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/memory.h"
#include "base/status.h"

namespace castor::runtime {

// Bytes of keyed state of an operator, or of one subtask of it.
struct StateHolder {
  std::string operator_description;
  int64_t bytes = 0;
};

class MemoryGuard {
 public:
  // Before the job starts. `reserve`: what no account sees, at least. `state`: what state may take,
  // at most.
  static void Limit(int64_t limit, int64_t reserve, int64_t state = MemoryAccount::kUnlimited);

  MemoryGuard() = default;
  ~MemoryGuard();
  MemoryGuard(const MemoryGuard&) = delete;
  MemoryGuard& operator=(const MemoryGuard&) = delete;

  // How sources may read. kSlow: a batch every kPauseMs, so that a job goes on whose buffers only
  // get smaller when more comes (a sink's), and what it makes of a batch is worked off before the
  // next.
  enum class Pace : uint8_t { kFree, kSlow, kStop };
  static constexpr int64_t kPauseMs = 10;

  static Pace SourcePace() {
    const MemoryAccount& account = MemoryAccount::Process();
    const int64_t limit = account.limit();
    if (limit == MemoryAccount::kUnlimited) return Pace::kFree;
    const int64_t used = account.used();
    if (used <= SlowMark(limit)) return Pace::kFree;
    return used <= limit - limit / 16 ? Pace::kSlow : Pace::kStop;
  }

  // What a queue of `capacity` bytes may hold now: all of it while half of the memory is free, less
  // and less from there on, nothing where sources slow down.
  static int64_t QueueBytes(int64_t capacity) {
    const MemoryAccount& account = MemoryAccount::Process();
    const int64_t limit = account.limit();
    if (limit == MemoryAccount::kUnlimited) return capacity;
    const int64_t step = (SlowMark(limit) - limit / 2) / kSteps;
    if (step == 0) return capacity;
    const int64_t left = (SlowMark(limit) - account.used()) / step;
    return capacity / kSteps * std::clamp<int64_t>(left, 0, kSteps);
  }

  // To be called some ten times a second: compares what is resident with what is accounted for.
  void Measure(TimestampMs now);

  // To be called about once a second. `work_done` grows while operators give anything out;
  Status Watch(TimestampMs now, int64_t work_done, const StateHolder& largest);

 private:
  static constexpr int64_t kPatienceMs = 10'000;
  static constexpr int64_t kTrimMs = 1'000;
  static constexpr int64_t kLeastFall = int64_t{64} << 10;
  static constexpr int64_t kSteps = 16;

  // Above the mark there is room for what is on its way: state and reserve may come up to it.
  static int64_t SlowMark(int64_t limit) { return limit - limit / 8; }

  static int64_t StateBytes() {
    return std::min(SlowMark(MemoryAccount::Process().limit()) - reserve_, state_.load());
  }

  bool GoesOn(int64_t used, int64_t work_done) const;

  static std::atomic<int64_t> reserve_;
  static std::atomic<int64_t> state_;  // at most

  int64_t beyond_reserve_ = 0;  // that no account sees
  TimestampMs trimmed_ = kMinTimestamp;
  TimestampMs stands_since_ = kMaxWatermark;
  int64_t lowest_since_ = 0;
  int64_t work_done_ = 0;
};

}  // namespace castor::runtime
