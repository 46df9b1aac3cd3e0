#include "bench/state/server/gemini_host.h"

#include <utility>

namespace castor::bench {

GeminiHost::GeminiHost(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

GeminiHost::~GeminiHost() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_added_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void GeminiHost::Execute(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(work));
  }
  work_added_.notify_one();
}

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

void GeminiHost::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    work_added_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (stopping_) return;
    std::function<void()> work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    work();
    work = nullptr;  // what it held may let go of files, which is work again
    lock.lock();
  }
}

}  // namespace castor::bench
