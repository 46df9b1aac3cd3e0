#include "base/clock.h"

#include <chrono>

namespace castor {
namespace {

class SystemClock final : public Clock {
 public:
  TimestampMs NowMs() const override {
    using std::chrono::milliseconds;
    return std::chrono::duration_cast<milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
};

}  // namespace

const Clock& Clock::System() {
  static const SystemClock kClock;
  return kClock;
}

}  // namespace castor
