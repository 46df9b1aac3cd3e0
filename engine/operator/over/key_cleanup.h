// When the state of a key goes that no row has touched for long: a state TTL of OVER windows, which
// have a timer per key instead of states that expire. Semantics: Flink's
// KeyedProcessFunctionWithCleanupState and CleanupState.
//
// A touched key goes after `max_retention_ms` of processing time, and is decided on anew only when
// it would otherwise go within `retention_ms`. Retentions of 0 and 1 ms mean that keys stay. The
// decisions and the timers are keyed state. Single-threaded.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "operator/api/operator.h"

namespace castor::over {

class KeyCleanup {
 public:
  KeyCleanup(int64_t retention_ms, int64_t max_retention_ms)
      : retention_ms_(retention_ms), max_retention_ms_(max_retention_ms) {}

  bool enabled() const { return retention_ms_ > 1; }
  // `state_name` is that of the decisions.
  Status Open(OperatorContext& context, const std::string& state_name);

  // Rows of these keys came, or were dealt with. Changes nothing when it answers pending.
  Result<state::Readiness> Touch(const state::KeyBatch& keys);
  // Replaces `*keys` by up to `max` that go at `now`; none: there are no more. Each must be given
  // to `Forget` or `Touch`.
  Result<state::Readiness> Due(TimestampMs now, size_t max, state::KeyBatch* keys);
  void Forget(const state::KeyBatch& keys, std::span<const int32_t> rows);
  // Asks for the call at which the next keys go.
  void RequestNext();

 private:
  const int64_t retention_ms_;
  const int64_t max_retention_ms_;
  OperatorContext* context_ = nullptr;
  state::ValueState* times_ = nullptr;
  state::TimerQueue* timers_ = nullptr;
  std::vector<std::byte*> records_;
  state::TimerPage due_;
};

}  // namespace castor::over
