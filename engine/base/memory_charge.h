// What a growing container holds, kept charged to a memory account: for caches and indexes whose
// memory comes from the general allocator.
//
// The owner says how many bytes it holds whenever that has changed, once a batch; the account is
// touched when they have changed by a step. Released at the end. Not thread-safe; the account is.
#pragma once

#include <cstdint>
#include <string>

#include "base/memory.h"

namespace castor {

class MemoryCharge {
 public:
  explicit MemoryCharge(MemoryAccount& account = MemoryAccount::State()) : account_(account) {}
  ~MemoryCharge() { account_.Release(charged_); }
  MemoryCharge(const MemoryCharge&) = delete;
  MemoryCharge& operator=(const MemoryCharge&) = delete;

  void Set(int64_t bytes) {
    const int64_t change = bytes - charged_;
    if (change > -kStep && change < kStep) return;
    account_.Charge(change);
    charged_ = bytes;
  }

 private:
  static constexpr int64_t kStep = 4096;

  MemoryAccount& account_;
  int64_t charged_ = 0;
};

// What an entry of a std::map takes whose key is a string of so many bytes: the node with its links
// and the allocator's header, and the string's own memory where it does not fit inside it.
constexpr int64_t MapEntryBytes(size_t key_bytes, size_t value_bytes) {
  constexpr size_t kLinks = 32, kHeader = 16, kInside = 15;
  const size_t outside = key_bytes > kInside ? key_bytes + 1 + kHeader : 0;
  return static_cast<int64_t>(kLinks + kHeader + sizeof(std::string) + value_bytes + outside);
}

}  // namespace castor
