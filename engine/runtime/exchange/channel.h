// A queue from one subtask to another, bounded in bytes; while memory is short, in fewer.
//
// One producer, one consumer; one short lock per element. A refused batch makes the channel wake
// its producer once there is room again; each push into an empty channel wakes the consumer. Only
// batches are ever refused: what carries no rows is small and must not wait. At least two batches
// always fit, so that producer and consumer can work at the same time whatever the size of a batch.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <utility>

#include "runtime/exchange/element.h"
#include "runtime/scheduler/task.h"

namespace castor::runtime {

class Channel {
 public:
  explicit Channel(int64_t capacity_bytes) : capacity_(capacity_bytes) {}

  // Before either side runs.
  void Connect(Task* producer, Task* consumer) {
    producer_ = producer;
    consumer_ = consumer;
  }

  // Takes `element`, or leaves it alone and returns false.
  bool TryPush(Element& element);
  // False when empty.
  bool Pop(Element* element);
  bool empty() const { return size_.load() == 0; }

 private:
  static constexpr size_t kAlwaysFit = 2;

  const int64_t capacity_;
  Task* producer_ = nullptr;
  Task* consumer_ = nullptr;
  std::atomic<size_t> size_{0};
  std::mutex mutex_;
  std::deque<std::pair<Element, int64_t>> queue_;  // with its bytes
  int64_t bytes_ = 0;
  size_t batches_ = 0;
  bool producer_waits_ = false;
};

}  // namespace castor::runtime
