// The tail of a chain that other chains read: every edge gets everything.
#pragma once

#include <memory>
#include <vector>

#include "runtime/exchange/edge_writer.h"
#include "runtime/task/tail.h"

namespace castor::runtime {

class EdgesTail final : public Tail {
 public:
  explicit EdgesTail(std::vector<std::unique_ptr<EdgeWriter>> edges) : edges_(std::move(edges)) {}

  Status Accept(Output::Element element) override;
  bool Drain() override;
  TimestampMs wake_at() const override;
  void OnTime(TimestampMs now) override;
  Status OnBarrier(const Barrier& barrier, SubtaskCut* cut) override;
  void OnEnd() override;

 private:
  void Broadcast(const Element& element);

  std::vector<std::unique_ptr<EdgeWriter>> edges_;
};

}  // namespace castor::runtime
