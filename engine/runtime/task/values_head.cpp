#include "runtime/task/values_head.h"

namespace castor::runtime {

Result<InputGate::Event> ValuesHead::Next() {
  if (!ended_) {
    ended_ = true;
    return InputGate::Event(InputGate::InputEnded{0});
  }
  while (const auto item = injections_.Pop()) {
    const auto* barrier = std::get_if<Barrier>(&*item);
    if (barrier != nullptr && barrier->id > aborted_) return InputGate::Event(*barrier);
  }
  return InputGate::Event(std::monostate{});
}

}  // namespace castor::runtime
