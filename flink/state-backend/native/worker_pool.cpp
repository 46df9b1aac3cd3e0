#include "flink/state-backend/native/worker_pool.h"

#include <algorithm>
#include <utility>

namespace castor::flink {

std::shared_ptr<WorkerPool> WorkerPool::OfProcess() {
  static std::mutex mutex;
  static std::weak_ptr<WorkerPool> pool;
  const std::lock_guard lock(mutex);
  std::shared_ptr<WorkerPool> found = pool.lock();
  if (found == nullptr) {
    found = std::make_shared<WorkerPool>(std::clamp(std::thread::hardware_concurrency(), 2u, 8u));
    pool = found;
  }
  return found;
}

WorkerPool::WorkerPool(size_t threads) {
  for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

WorkerPool::~WorkerPool() {
  std::deque<std::function<void()>> dropped;  // letting go of it may take a while
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(queue_);
  }
  added_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::Execute(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(work));
  }
  added_.notify_one();
}

void WorkerPool::Run() {
  while (true) {
    std::function<void()> work;
    {
      std::unique_lock lock(mutex_);
      added_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_) return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    work();
  }
}

}  // namespace castor::flink
