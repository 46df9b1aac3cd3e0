// What all instances in a slot of a task manager may have together. Thread-safe; outlives the
// instances.
#pragma once

#include <cstdint>

#include "base/memory.h"
#include "gemini/store/shared_budget.h"

namespace castor::flink {

class SlotMemory {
 public:
  explicit SlotMemory(int64_t bytes) : account_("slot", bytes), budget_(&account_) {}

  MemoryAccount& account() { return account_; }
  gemini::SharedBudget& budget() { return budget_; }

 private:
  MemoryAccount account_;
  gemini::SharedBudget budget_;
};

}  // namespace castor::flink
