// SIGINT and SIGTERM as an orderly cancellation; the second one ends the process at once.
//
// Must be made before any other thread, since it blocks the signals for all of them.
#pragma once

#include <functional>
#include <thread>

namespace castor::worker {

class CancelSignals {
 public:
  CancelSignals();
  ~CancelSignals();
  // `on_signal` is called on a thread of its own, once.
  void Start(std::function<void()> on_signal);

 private:
  std::thread thread_;
};

}  // namespace castor::worker
