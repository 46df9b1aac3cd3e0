// What other threads tell a head that reads no channels, in order: barriers, splits, and to go on
// or to end. Thread-safe; whoever pushes wakes the subtask.
#pragma once

#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "connector/api/source.h"
#include "runtime/exchange/element.h"

namespace castor::runtime {

class Injections {
 public:
  struct Resume {};
  struct Finish {};
  struct Splits {
    std::vector<connector::Split> splits;
  };
  struct NoMoreSplits {};
  using Item = std::variant<Barrier, Resume, Finish, Splits, NoMoreSplits>;

  void Push(Item item) {
    const std::lock_guard lock(mutex_);
    items_.push_back(std::move(item));
    pending_.store(true);
  }

  std::optional<Item> Pop() {
    if (!pending_.load()) return std::nullopt;
    const std::lock_guard lock(mutex_);
    if (items_.empty()) return std::nullopt;
    Item item = std::move(items_.front());
    items_.pop_front();
    pending_.store(!items_.empty());
    return item;
  }

 private:
  std::atomic<bool> pending_{false};
  std::mutex mutex_;
  std::deque<Item> items_;
};

}  // namespace castor::runtime
