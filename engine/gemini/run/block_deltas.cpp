#include "gemini/run/block_deltas.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace castor::gemini {
namespace {

constexpr size_t kArraysAt = sizeof(uint32_t);
constexpr size_t kArrayBytes = sizeof(uint16_t) + 2 * sizeof(uint32_t);  // of each entry

template <typename Number>
void PutArray(const char* array, size_t count, char* planes) {
  Number before = 0;
  for (size_t i = 0; i < count; ++i) {
    Number number;
    std::memcpy(&number, array + i * sizeof(Number), sizeof(Number));
    const auto delta = static_cast<Number>(number - before);
    before = number;
    for (size_t byte = 0; byte < sizeof(Number); ++byte) {
      planes[byte * count + i] = static_cast<char>(delta >> (8 * byte));
    }
  }
}

template <typename Number>
void TakeArray(const char* planes, size_t count, char* array) {
  Number number = 0;
  for (size_t i = 0; i < count; ++i) {
    Number delta = 0;
    for (size_t byte = 0; byte < sizeof(Number); ++byte) {
      const auto part = static_cast<uint8_t>(planes[byte * count + i]);
      delta = static_cast<Number>(delta | static_cast<Number>(part) << (8 * byte));
    }
    number = static_cast<Number>(number + delta);
    std::memcpy(array + i * sizeof(Number), &number, sizeof(Number));
  }
}

// The number of entries; 0 if there is no room for the arrays of so many.
size_t CountOf(std::string_view block) {
  if (block.size() < kArraysAt) return 0;
  uint32_t count;
  std::memcpy(&count, block.data(), sizeof(count));
  return count <= (block.size() - kArraysAt) / kArrayBytes ? count : 0;
}

}  // namespace

void PutDeltas(std::string* block) {
  const size_t count = CountOf(*block);
  const std::string arrays = block->substr(kArraysAt, count * kArrayBytes);
  const char* from = arrays.data();
  char* to = block->data() + kArraysAt;
  PutArray<uint16_t>(from, count, to);
  PutArray<uint32_t>(from + 2 * count, count, to + 2 * count);
  PutArray<uint32_t>(from + 6 * count, count, to + 6 * count);
}

bool TakeDeltas(std::string* block) {
  const size_t count = CountOf(*block);
  if (count == 0) return false;
  const std::string planes = block->substr(kArraysAt, count * kArrayBytes);
  const char* from = planes.data();
  char* to = block->data() + kArraysAt;
  TakeArray<uint16_t>(from, count, to);
  TakeArray<uint32_t>(from + 2 * count, count, to + 2 * count);
  TakeArray<uint32_t>(from + 6 * count, count, to + 6 * count);
  return true;
}

}  // namespace castor::gemini
