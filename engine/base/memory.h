// The memory account of a process (which runs one job): every buffer and state block is charged
// here, so that `castor.memory` is a figure that can be checked and kept.
//
// Accounts form a tree: charging a child charges its ancestors. `TryReserve` fails when any limit
// on the way up would be passed; `Charge` never fails and is for what has already been allocated
// (its caller must be able to give memory back or slow down soon). Thread-safe; one relaxed atomic
// add per level, so call it per buffer, never per row. A child must be destroyed before its parent.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace castor {

class MemoryAccount {
 public:
  static constexpr int64_t kUnlimited = INT64_MAX;

  explicit MemoryAccount(std::string name, int64_t limit = kUnlimited,
                         MemoryAccount* parent = nullptr)
      : name_(std::move(name)), limit_(limit), parent_(parent) {}
  MemoryAccount(const MemoryAccount&) = delete;
  MemoryAccount& operator=(const MemoryAccount&) = delete;

  bool TryReserve(int64_t bytes);
  void Charge(int64_t bytes);
  void Release(int64_t bytes);

  int64_t used() const { return used_.load(std::memory_order_relaxed); }
  int64_t limit() const { return limit_.load(std::memory_order_relaxed); }
  void set_limit(int64_t limit) { limit_.store(limit, std::memory_order_relaxed); }
  const std::string& name() const { return name_; }

  // The root account of the process, and its two standing children.
  static MemoryAccount& Process();
  static MemoryAccount& Buffers();
  static MemoryAccount& State();

 private:
  const std::string name_;
  std::atomic<int64_t> limit_;
  std::atomic<int64_t> used_{0};
  MemoryAccount* const parent_;
};

}  // namespace castor
