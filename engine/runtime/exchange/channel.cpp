#include "runtime/exchange/channel.h"

#include "runtime/memory/memory_guard.h"

namespace castor::runtime {

bool Channel::TryPush(Element& element) {
  const auto* batch = std::get_if<Batch>(&element);
  const int64_t bytes = batch != nullptr ? batch->ByteSize() : 0;
  bool was_empty;
  {
    const std::lock_guard lock(mutex_);
    if (batch != nullptr) {
      if (batches_ >= kAlwaysFit && bytes_ >= MemoryGuard::QueueBytes(capacity_)) {
        producer_waits_ = true;
        return false;
      }
      ++batches_;
    }
    bytes_ += bytes;
    was_empty = queue_.empty();
    queue_.emplace_back(std::move(element), bytes);
    size_.fetch_add(1);
  }
  if (was_empty) consumer_->Wake();
  return true;
}

bool Channel::Pop(Element* element) {
  if (empty()) return false;
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    auto& [front, bytes] = queue_.front();
    if (std::holds_alternative<Batch>(front)) --batches_;
    bytes_ -= bytes;
    *element = std::move(front);
    queue_.pop_front();
    size_.fetch_sub(1);
    if (producer_waits_ && (bytes_ <= capacity_ / 2 || batches_ < kAlwaysFit)) {
      producer_waits_ = false;
      wake = true;
    }
  }
  if (wake) producer_->Wake();
  return true;
}

}  // namespace castor::runtime
