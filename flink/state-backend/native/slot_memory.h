// What all instances in a slot of a task manager may have together. Thread-safe; outlives the
// instances.
#pragma once

#include <cstdint>

#include "base/memory.h"
#include "gemini/store/shared_budget.h"

namespace castor::flink {

class SlotMemory {
 public:
  explicit SlotMemory(int64_t bytes);
  ~SlotMemory();
  SlotMemory(const SlotMemory&) = delete;
  SlotMemory& operator=(const SlotMemory&) = delete;

  MemoryAccount& account() { return account_; }
  gemini::SharedBudget& budget() { return budget_; }

  // Of all that there are in the process: with what has not been let go of it is more than 0.
  static int64_t UsedInProcess();

 private:
  MemoryAccount account_;
  gemini::SharedBudget budget_;
};

}  // namespace castor::flink
