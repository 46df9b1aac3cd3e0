// What a store of Gemini asks of its host: the engine's threads for work that blocks, and the
// owner's sleep until it is woken.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <utility>

#include "base/io_pool.h"

namespace castor::bench {

class GeminiHost {
 public:
  // What has not been started when it goes is dropped.
  GeminiHost(int background, int awaited) : pool_(background + awaited, background) {}

  void Execute(std::function<void()> work) { pool_.Submit(std::move(work)); }
  void ExecuteAwaited(std::function<void()> work) { pool_.SubmitAwaited(std::move(work)); }
  void Wake();
  // Until there was a Wake since the last Sleep.
  void Sleep();

 private:
  std::mutex mutex_;
  std::condition_variable woken_up_;
  bool woken_ = false;
  IoPool pool_;
};

}  // namespace castor::bench
