#include "bench/state/server/gemini_host.h"

namespace castor::bench {

void GeminiHost::Wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  woken_up_.notify_one();
}

void GeminiHost::Sleep() {
  std::unique_lock lock(mutex_);
  woken_up_.wait(lock, [this] { return woken_; });
  woken_ = false;
}

}  // namespace castor::bench
