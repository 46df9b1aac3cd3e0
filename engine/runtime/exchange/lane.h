// What one subtask has to say to one target subtask: pieces of batches being gathered, then a
// backlog of elements that the channel did not take yet. Single-threaded (the producer's).
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "runtime/exchange/channel.h"

namespace castor::runtime {

class Lane {
 public:
  Lane(Channel* channel, int32_t batch_rows) : channel_(channel), batch_rows_(batch_rows) {}

  // Sends `batch` as it is, behind what was gathered.
  void Send(Batch batch);
  // Gathers `piece` with its neighbours until there are about `batch_rows`. Pieces that are large
  // already are sent on: copying them once more would cost more than their number does.
  void Gather(Batch piece);
  void SendControl(Element element);
  void Flush();
  bool gathering() const { return !pieces_.empty(); }

  // True when the channel has taken everything that was sent.
  bool Drain();

 private:
  Channel* const channel_;
  const int32_t batch_rows_;
  std::vector<Batch> pieces_;
  int32_t rows_ = 0;
  std::deque<Element> backlog_;
};

}  // namespace castor::runtime
