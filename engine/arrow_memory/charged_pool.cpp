#include "arrow_memory/charged_pool.h"

#include <arrow/memory_pool.h>
#include <arrow/status.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/memory.h"

namespace castor::arrow_memory {
namespace {

class Pool final : public arrow::MemoryPool {
 public:
  arrow::Status Allocate(int64_t size, int64_t alignment, uint8_t** out) override {
    const auto align = static_cast<size_t>(alignment);
    const size_t padded = (static_cast<size_t>(size) / align + 1) * align;
    auto* memory = static_cast<uint8_t*>(std::aligned_alloc(align, padded));
    if (memory == nullptr) {
      return arrow::Status::OutOfMemory("cannot allocate ", size, " bytes");
    }
    MemoryAccount::Buffers().Charge(size);
    used_ += size;
    total_ += size;
    ++allocations_;
    *out = memory;
    return arrow::Status::OK();
  }

  arrow::Status Reallocate(int64_t old_size, int64_t new_size, int64_t alignment,
                           uint8_t** memory) override {
    uint8_t* moved = nullptr;
    ARROW_RETURN_NOT_OK(Allocate(new_size, alignment, &moved));
    std::memcpy(moved, *memory, static_cast<size_t>(std::min(old_size, new_size)));
    Free(*memory, old_size, alignment);
    *memory = moved;
    return arrow::Status::OK();
  }

  void Free(uint8_t* memory, int64_t size, int64_t) override {
    std::free(memory);
    MemoryAccount::Buffers().Release(size);
    used_ -= size;
  }

  int64_t bytes_allocated() const override { return used_; }
  int64_t total_bytes_allocated() const override { return total_; }
  int64_t num_allocations() const override { return allocations_; }
  std::string backend_name() const override { return "castor"; }

 private:
  std::atomic<int64_t> used_{0};
  std::atomic<int64_t> total_{0};
  std::atomic<int64_t> allocations_{0};
};

}  // namespace

arrow::MemoryPool* ChargedPool() {
  static Pool* const pool = new Pool();
  return pool;
}

}  // namespace castor::arrow_memory
