// An allocator for vectors that may be large and come and go: large blocks are mapped, and go back
// to the system at once.
//
// The C library does the same until one has been freed; from then on it keeps blocks of that size
// in its arenas, where they leave holes, and in a process that is not ours (a JVM) it cannot be
// told otherwise. Stateless, thread-safe; mapping that fails throws std::bad_alloc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>

namespace castor {

// Of whole pages, zeros.
void* MapPages(size_t bytes);
void UnmapPages(void* memory, size_t bytes);
// What MapPages has given and is not unmapped yet.
int64_t MappedPageBytes();

template <typename T>
struct PageAllocator {
  using value_type = T;

  // From so many on; below, a mapping and its page faults cost more than they give.
  static constexpr size_t kMappedBytes = size_t{256} << 10;

  PageAllocator() = default;
  template <typename U>
  PageAllocator(const PageAllocator<U>& /*other*/) {}  // NOLINT(google-explicit-constructor)

  T* allocate(size_t count) {
    const size_t bytes = count * sizeof(T);
    return static_cast<T*>(bytes < kMappedBytes ? ::operator new(bytes) : MapPages(bytes));
  }
  void deallocate(T* memory, size_t count) {
    const size_t bytes = count * sizeof(T);
    if (bytes < kMappedBytes) return ::operator delete(memory);
    UnmapPages(memory, bytes);
  }

  friend bool operator==(const PageAllocator&, const PageAllocator&) { return true; }
};

}  // namespace castor
