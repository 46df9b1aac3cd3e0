#include "flink/state-backend/native/process_pool.h"

#include <algorithm>
#include <mutex>
#include <thread>

namespace castor::flink {
namespace {

// For reads that a task waits for, which wait for the disk rather than for a processor.
constexpr int kAwaited = 8;

}  // namespace

std::shared_ptr<IoPool> ProcessPool() {
  static std::mutex mutex;
  static std::weak_ptr<IoPool> pool;
  const std::lock_guard lock(mutex);
  std::shared_ptr<IoPool> found = pool.lock();
  if (found == nullptr) {
    const int background =
        static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 2u, 8u));
    found = std::make_shared<IoPool>(background + kAwaited, background);
    pool = found;
  }
  return found;
}

}  // namespace castor::flink
