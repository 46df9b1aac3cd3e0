// What a store of Gemini asks of its host: threads for work that blocks, and the owner's sleep
// until it is woken.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace castor::bench {

class GeminiHost {
 public:
  explicit GeminiHost(int threads);
  ~GeminiHost();  // what has not been started is dropped

  void Execute(std::function<void()> work);
  void Wake();
  // Until there was a Wake since the last Sleep.
  void Sleep();

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable work_added_, woken_up_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false, woken_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace castor::bench
