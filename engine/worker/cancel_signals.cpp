#include "worker/cancel_signals.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <utility>

#include "worker/worker_options.h"

namespace castor::worker {
namespace {

// SIGUSR2 ends the waiting thread.
sigset_t Watched() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGUSR2);
  return set;
}

}  // namespace

CancelSignals::CancelSignals() {
  const sigset_t set = Watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void CancelSignals::Start(std::function<void()> on_signal) {
  thread_ = std::thread([on_signal = std::move(on_signal)] {
    const sigset_t set = Watched();
    bool told = false;
    while (true) {
      int signal = 0;
      if (sigwait(&set, &signal) != 0 || signal == SIGUSR2) return;
      if (std::exchange(told, true)) ::_exit(kCancelled);
      on_signal();
    }
  });
}

CancelSignals::~CancelSignals() {
  if (!thread_.joinable()) return;
  pthread_kill(thread_.native_handle(), SIGUSR2);
  thread_.join();
}

}  // namespace castor::worker
