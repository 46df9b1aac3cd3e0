// Signals as a descriptor to poll. From construction on they do nothing else in this process; the
// destructor gives them back.
#pragma once

#include <signal.h>

#include <initializer_list>
#include <optional>

#include "base/status.h"

namespace castor::cli {

class Signals {
 public:
  explicit Signals(std::initializer_list<int> signals);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  int fd() const { return fd_; }
  // The next one that has come.
  std::optional<int> Take();

 private:
  sigset_t before_;
  int fd_;
};

}  // namespace castor::cli
