// The head of an operator without inputs (VALUES): its input ends at once, barriers are injected.
#pragma once

#include "runtime/task/head.h"
#include "runtime/task/injections.h"

namespace castor::runtime {

class ValuesHead final : public Head {
 public:
  Result<InputGate::Event> Next() override;
  void Inject(const Barrier& barrier) override { injections_.Push(barrier); }
  void Abort(int64_t checkpoint) override { aborted_ = checkpoint; }
  bool without_input() const override { return true; }

 private:
  Injections injections_;
  int64_t aborted_ = -1;
  bool ended_ = false;
};

}  // namespace castor::runtime
