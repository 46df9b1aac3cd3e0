#include "base/memory.h"

namespace castor {

bool MemoryAccount::TryReserve(int64_t bytes) {
  const int64_t before = used_.fetch_add(bytes, std::memory_order_relaxed);
  if (before + bytes > limit() || (parent_ != nullptr && !parent_->TryReserve(bytes))) {
    used_.fetch_sub(bytes, std::memory_order_relaxed);
    return false;
  }
  return true;
}

void MemoryAccount::Charge(int64_t bytes) {
  for (MemoryAccount* account = this; account != nullptr; account = account->parent_) {
    account->used_.fetch_add(bytes, std::memory_order_relaxed);
  }
}

void MemoryAccount::Release(int64_t bytes) { Charge(-bytes); }

MemoryAccount& MemoryAccount::Process() {
  static MemoryAccount account("castor.memory");
  return account;
}

MemoryAccount& MemoryAccount::Buffers() {
  static MemoryAccount account("buffers", kUnlimited, &Process());
  return account;
}

MemoryAccount& MemoryAccount::State() {
  static MemoryAccount account("state", kUnlimited, &Process());
  return account;
}

}  // namespace castor
