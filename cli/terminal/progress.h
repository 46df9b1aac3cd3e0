// "starting the planner ... 1.2 s" on a terminal, once something takes long enough to be noticed;
// nothing elsewhere. The destructor takes it away.
#pragma once

#include <chrono>
#include <string>

#include "cli/terminal/live_block.h"

namespace castor::cli {

class Progress {
 public:
  static constexpr int kTickMs = 100;

  Progress(std::string what, bool quiet);
  // To be called often while waiting.
  void Tick();

 private:
  const std::string what_;
  const bool shown_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point drawn_ = start_;
  LiveBlock block_;
};

}  // namespace castor::cli
