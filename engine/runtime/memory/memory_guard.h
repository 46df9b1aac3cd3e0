// Keeps the process within `castor.memory`: sources pause while the account is over its high mark,
// and a job that cannot get below it fails, saying who holds what.
//
// MustPause is called once per poll of a source: two relaxed loads. Thread-safe.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/memory.h"
#include "base/status.h"

namespace castor::runtime {

class MemoryGuard {
 public:
  static constexpr int64_t kPauseMs = 10;

  static bool MustPause() {
    const MemoryAccount& account = MemoryAccount::Process();
    const int64_t limit = account.limit();
    return limit != MemoryAccount::kUnlimited && account.used() > HighMark(limit);
  }

  // To be called about once a second by one thread. `holder` names the largest holder of state.
  Status Watch(TimestampMs now, const std::string& holder);

 private:
  static constexpr int64_t kPatienceMs = 10'000;

  // Room for what is on its way when sources stop.
  static int64_t HighMark(int64_t limit) { return limit - limit / 8; }

  TimestampMs over_since_ = kMaxWatermark;
  int64_t lowest_since_ = 0;
};

}  // namespace castor::runtime
