// Memory that all instances of a process have together: whoever has more than its share gives back
// when all of it is used, and as long as there is room anybody may have more.
//
// The share is that of each among those there are, of what is left of the account's limit by what
// else is charged to it and cannot be asked for anything. Thread-safe; reading costs a few relaxed
// loads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "base/memory.h"

namespace castor::gemini {

class SharedBudget {
 public:
  explicit SharedBudget(const MemoryAccount* account) : account_(account) {}

  class Member {
   public:
    // May be nullptr.
    explicit Member(SharedBudget* budget) : budget_(budget) {
      if (budget_ != nullptr) budget_->members_.fetch_add(1, std::memory_order_relaxed);
    }
    ~Member() {
      if (budget_ == nullptr) return;
      Report(0);
      budget_->members_.fetch_sub(1, std::memory_order_relaxed);
    }
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;

    // What of the account it has now.
    void Report(int64_t charged) {
      if (budget_ == nullptr) return;
      budget_->of_members_.fetch_add(charged - reported_, std::memory_order_relaxed);
      reported_ = charged;
    }

   private:
    SharedBudget* const budget_;
    int64_t reported_ = 0;
  };

  // So much a member may have now that has `charged` bytes.
  int64_t BudgetOf(int64_t charged) const {
    const int64_t limit = account_->limit();
    if (limit == MemoryAccount::kUnlimited) return limit / 2;
    const int64_t most = limit - limit / kRoomShare;
    const int64_t used = account_->used();
    const int64_t others = std::max<int64_t>(used - of_members_.load(std::memory_order_relaxed), 0);
    const int64_t members = std::max(members_.load(std::memory_order_relaxed), 1);
    return std::max({charged - (used - most), (most - others) / members, int64_t{0}});
  }

 private:
  // Of the limit, for what comes while memory is being freed.
  static constexpr int64_t kRoomShare = 6;

  const MemoryAccount* const account_;
  std::atomic<int> members_{0};
  std::atomic<int64_t> of_members_{0};  // bytes, as they were last reported
};

}  // namespace castor::gemini
