// What the process really takes of memory, and how the C library is kept from taking much more than
// it has been asked for. Thread-safe.
#pragma once

#include <cstdint>

namespace castor {

// 0 where the system does not tell. Some microseconds.
int64_t ResidentBytes();

// For a process that has to keep within a figure, before it starts threads: few arenas, and large
// blocks are mapped, whatever has been freed before, and go back to the system at once.
void KeepAllocatorSmall();

// Gives the system what is free in the C library's arenas. Some milliseconds, in which others may
// wait to allocate.
void GiveBackFreeMemory();

}  // namespace castor
