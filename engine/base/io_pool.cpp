#include "base/io_pool.h"

#include <utility>

namespace castor {

IoPool::IoPool(int threads, int background) : most_(background) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

void IoPool::Submit(std::function<void()> work) { Add(&background_, std::move(work)); }

void IoPool::SubmitAwaited(std::function<void()> work) { Add(&awaited_, std::move(work)); }

void IoPool::Add(Queue* queue, std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    queue->push_back(std::move(work));
  }
  ready_.notify_one();
}

void IoPool::Stop() {
  Queue dropped[2];  // letting go of it may take a while, and submit work
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped[0].swap(awaited_);
    dropped[1].swap(background_);
  }
  ready_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void IoPool::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    ready_.wait(lock, [this] { return stopping_ || !awaited_.empty() || MayBeginBackground(); });
    if (stopping_) return;
    RunNext(&lock);
  }
}

void IoPool::RunNext(std::unique_lock<std::mutex>* lock) {
  const bool awaited = !awaited_.empty();
  Queue& queue = awaited ? awaited_ : background_;
  std::function<void()> work = std::move(queue.front());
  queue.pop_front();
  if (!awaited) ++in_background_;
  lock->unlock();
  work();
  work = nullptr;  // what it held may be long to let go of
  lock->lock();
  if (!awaited) --in_background_;
}

}  // namespace castor
