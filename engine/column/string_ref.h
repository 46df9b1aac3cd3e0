// A reference to bytes, held by string columns: 16 bytes, with up to 12 bytes inline.
//
// The form of Arrow's BinaryView with a plain pointer in the place of (buffer, offset), as DuckDB
// and Velox do: gathering, filtering and partitioning move 16 bytes and never touch the text, and a
// kernel needs no column to read a value. The four-byte prefix settles most comparisons without a
// cache miss. Unused inline bytes are zero, so that equal short strings are equal as two words.
// Does not own what it points to: the column's string buffers do.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace castor {

class StringRef {
 public:
  static constexpr uint32_t kInlineSize = 12;

  StringRef() : words_{} {}
  StringRef(const char* data, uint32_t size) {
    if (size <= kInlineSize) {
      SetInline(data, size);
    } else {
      words_[0] = size | uint64_t{Load<uint32_t>(data)} << 32;
      std::memcpy(&words_[1], &data, sizeof(data));
    }
  }
  explicit StringRef(std::string_view text)
      : StringRef(text.data(), static_cast<uint32_t>(text.size())) {}

  uint32_t size() const { return static_cast<uint32_t>(words_[0]); }
  bool is_inline() const { return size() <= kInlineSize; }
  // Valid as long as this object (when inline) or the referenced bytes live.
  const char* data() const {
    if (is_inline()) return reinterpret_cast<const char*>(words_) + sizeof(uint32_t);
    const char* pointer;
    std::memcpy(&pointer, &words_[1], sizeof(pointer));
    return pointer;
  }
  std::string_view view() const { return {data(), size()}; }

  bool operator==(const StringRef& other) const {
    if (words_[0] != other.words_[0]) return false;  // size or prefix differ
    if (is_inline()) return words_[1] == other.words_[1];
    return std::memcmp(data(), other.data(), size()) == 0;
  }

 private:
  template <typename T>
  static T Load(const char* at) {
    T value;
    std::memcpy(&value, at, sizeof(value));
    return value;
  }

  // Put together in registers: whoever copies the object next reads whole words, and would wait for
  // smaller stores to get through to the cache. Loads overlap, and agree where they do.
  void SetInline(const char* data, uint32_t size) {
    uint64_t low = 0;   // the first 8 bytes
    uint64_t high = 0;  // the other 4
    if (size >= 8) {
      low = Load<uint64_t>(data);
      if (size > 8) high = uint64_t{Load<uint32_t>(data + size - 4)} >> (8 * (kInlineSize - size));
    } else if (size >= 4) {
      low = Load<uint32_t>(data) | uint64_t{Load<uint32_t>(data + size - 4)} << (8 * (size - 4));
    } else if (size > 0) {
      low = uint64_t{Load<uint8_t>(data)} |
            uint64_t{Load<uint8_t>(data + size / 2)} << (8 * (size / 2)) |
            uint64_t{Load<uint8_t>(data + size - 1)} << (8 * (size - 1));
    }
    words_[0] = size | low << 32;
    words_[1] = low >> 32 | high << 32;
  }

  // In the order of memory: 4 bytes of size, then the text, or its first four bytes and a pointer.
  uint64_t words_[2];
};
static_assert(sizeof(StringRef) == 16);

}  // namespace castor
