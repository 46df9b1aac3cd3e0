// Memory that all instances of a process have together: whoever has more than its share gives back
// when all of it is used, and as long as there is room anybody may have more.
//
// The share is that of each among those there are; nobody is asked for what it holds, since what
// all hold stands in an account. Thread-safe; reading costs three relaxed loads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "base/memory.h"

namespace castor::gemini {

class SharedBudget {
 public:
  // Of the account's limit, what it says is left to what else is charged to it.
  explicit SharedBudget(const MemoryAccount* account) : account_(account) {}

  class Member {
   public:
    // May be nullptr.
    explicit Member(SharedBudget* budget) : budget_(budget) {
      if (budget_ != nullptr) budget_->members_.fetch_add(1, std::memory_order_relaxed);
    }
    ~Member() {
      if (budget_ != nullptr) budget_->members_.fetch_sub(1, std::memory_order_relaxed);
    }
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;

   private:
    SharedBudget* const budget_;
  };

  // So much a member may have now that has `charged` bytes.
  int64_t BudgetOf(int64_t charged) const {
    const int64_t limit = account_->limit();
    if (limit == MemoryAccount::kUnlimited) return limit / 2;
    const int64_t most = limit - limit / kRoomShare;
    const int64_t excess = account_->used() - most;
    const int64_t members = std::max(members_.load(std::memory_order_relaxed), 1);
    return std::max(charged - excess, most / members);
  }

 private:
  // Of the limit, for what comes while memory is being freed.
  static constexpr int64_t kRoomShare = 8;

  const MemoryAccount* const account_;
  std::atomic<int> members_{0};
};

}  // namespace castor::gemini
