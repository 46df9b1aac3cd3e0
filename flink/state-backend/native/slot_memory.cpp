#include "flink/state-backend/native/slot_memory.h"

#include <mutex>
#include <set>

namespace castor::flink {
namespace {

std::mutex mutex;
std::set<SlotMemory*>& All() {
  static std::set<SlotMemory*> all;
  return all;
}

}  // namespace

SlotMemory::SlotMemory(int64_t bytes) : account_("slot", bytes), budget_(&account_) {
  const std::lock_guard lock(mutex);
  All().insert(this);
}

SlotMemory::~SlotMemory() {
  const std::lock_guard lock(mutex);
  All().erase(this);
}

int64_t SlotMemory::UsedInProcess() {
  const std::lock_guard lock(mutex);
  int64_t used = 0;
  for (SlotMemory* memory : All()) used += memory->account().used();
  return used;
}

}  // namespace castor::flink
