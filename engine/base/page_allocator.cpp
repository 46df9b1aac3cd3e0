#include "base/page_allocator.h"

#include <sys/mman.h>

#include <atomic>

namespace castor {
namespace {

std::atomic<int64_t> mapped_bytes{0};

}  // namespace

void* MapPages(size_t bytes) {
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  mapped_bytes.fetch_add(static_cast<int64_t>(bytes), std::memory_order_relaxed);
  return memory;
}

void UnmapPages(void* memory, size_t bytes) {
  ::munmap(memory, bytes);
  mapped_bytes.fetch_sub(static_cast<int64_t>(bytes), std::memory_order_relaxed);
}

int64_t MappedPageBytes() { return mapped_bytes.load(std::memory_order_relaxed); }

}  // namespace castor
