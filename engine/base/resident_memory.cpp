#include "base/resident_memory.h"

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <string_view>

namespace castor {

int64_t ResidentBytes() {
  const int file = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  std::array<char, 128> text;
  const ssize_t got = ::read(file, text.data(), text.size());
  ::close(file);
  if (got <= 0) return 0;
  // Pages: all of them, then those that are resident.
  const std::string_view numbers(text.data(), static_cast<size_t>(got));
  const size_t second = numbers.find(' ') + 1;
  int64_t pages = 0;
  std::from_chars(numbers.data() + second, numbers.data() + numbers.size(), pages);
  return pages * ::sysconf(_SC_PAGESIZE);
}

void KeepAllocatorSmall() {
  constexpr int kArenas = 4;
  constexpr int kMapped = 512 << 10;
  ::mallopt(M_ARENA_MAX, kArenas);
  ::mallopt(M_MMAP_THRESHOLD, kMapped);
  ::mallopt(M_TRIM_THRESHOLD, kMapped);
}

void GiveBackFreeMemory() { ::malloc_trim(0); }

}  // namespace castor
