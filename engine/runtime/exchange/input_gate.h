// The receiving end of one subtask: reads its channels in turn, merges their watermarks per input,
// and aligns barriers (Flink's single-checkpoint aligned barrier handling): a channel that has
// delivered a barrier is not read until all have.
//
// Single-threaded. Watermark marks inside batches are merged as watermarks are, without cutting the
// batch.
#pragma once

#include <cstdint>
#include <deque>
#include <variant>
#include <vector>

#include "operator/host/watermark_valve.h"
#include "runtime/exchange/channel.h"

namespace castor::runtime {

class InputGate {
 public:
  explicit InputGate(int inputs) : inputs_(static_cast<size_t>(inputs)) {}

  // All channels are added before the first Next.
  void AddChannel(Channel* channel, int input);

  struct Received {
    int input;
    Output::Element element;
  };
  struct InputEnded {
    int input;
  };
  // Nothing (monostate): all channels that may be read are empty.
  using Event = std::variant<std::monostate, Received, Barrier, InputEnded>;
  Event Next();

  // Checkpoint `id` will not complete: its barriers mean nothing, those still to come included.
  void Abort(int64_t id);

 private:
  struct Source {
    Channel* channel;
    int input;
    int index_in_input;
    bool blocked = false;  // has delivered the barrier that is being aligned
  };
  struct Input {
    int channels = 0;
    int ended = 0;
    std::vector<host::WatermarkValve> valve;  // one, made at the first Next
  };

  void Receive(Source& source, Element element);
  void OnBatch(const Source& source, Batch batch);
  void OnBarrier(Source& source, const Barrier& barrier);
  void Unblock();
  host::WatermarkValve& ValveOf(const Source& source);

  std::vector<Source> sources_;
  std::vector<Input> inputs_;
  size_t next_ = 0;
  std::deque<Event> ready_;
  size_t delivered_ = 0;  // channels that have delivered the barrier being aligned
  int64_t aborted_ = -1;  // barriers up to this id are ignored
};

}  // namespace castor::runtime
