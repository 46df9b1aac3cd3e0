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

  StringRef() : size_(0), bytes_{} {}
  StringRef(const char* data, uint32_t size) : size_(size), bytes_{} {
    if (size <= kInlineSize) {
      CopyInline(data);
    } else {
      std::memcpy(bytes_, data, 4);
      std::memcpy(bytes_ + 4, &data, sizeof(data));
    }
  }
  explicit StringRef(std::string_view text)
      : StringRef(text.data(), static_cast<uint32_t>(text.size())) {}

  uint32_t size() const { return size_; }
  bool is_inline() const { return size_ <= kInlineSize; }
  // Valid as long as this object (when inline) or the referenced bytes live.
  const char* data() const {
    if (is_inline()) return bytes_;
    const char* pointer;
    std::memcpy(&pointer, bytes_ + 4, sizeof(pointer));
    return pointer;
  }
  std::string_view view() const { return {data(), size_}; }

  bool operator==(const StringRef& other) const {
    uint64_t a, b;
    std::memcpy(&a, this, 8);
    std::memcpy(&b, &other, 8);
    if (a != b) return false;  // size or prefix differ
    if (is_inline()) return std::memcmp(bytes_ + 4, other.bytes_ + 4, 8) == 0;
    return std::memcmp(data(), other.data(), size_) == 0;
  }

 private:
  // Copies of fixed sizes that overlap: a call to memcpy would cost more than the copy.
  void CopyInline(const char* data) {
    if (size_ >= 8) {
      std::memcpy(bytes_, data, 8);
      std::memcpy(bytes_ + size_ - 4, data + size_ - 4, 4);
    } else if (size_ >= 4) {
      std::memcpy(bytes_, data, 4);
      std::memcpy(bytes_ + size_ - 4, data + size_ - 4, 4);
    } else if (size_ > 0) {
      bytes_[0] = data[0];
      bytes_[size_ / 2] = data[size_ / 2];
      bytes_[size_ - 1] = data[size_ - 1];
    }
  }

  uint32_t size_;
  char bytes_[kInlineSize];  // the text, or its first four bytes and a pointer
};
static_assert(sizeof(StringRef) == 16);

}  // namespace castor
