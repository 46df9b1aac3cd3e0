// A row that was appended to a key of a window, as it stands in memory.
//
//   16 bytes of header | key | row, up to a multiple of 8 bytes
//
// A key of kLargeKey bytes or more stands behind its size as a u32. The rows of a key are a ring in
// the order of appending, which is entered at the last one. Plain bytes, not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "gemini/memory/record.h"

namespace castor::gemini {

struct LoggedRow {
  uint32_t hash;  // of the key; here for RecordIndex, as in a record
  uint32_t row_size : 31;
  uint32_t last : 1;  // of its key
  uint64_t next_address : 48;
  uint64_t key_size : 16;

  static size_t BytesFor(std::string_view key, std::string_view row) {
    const size_t large = key.size() < kLargeKey ? 0 : sizeof(uint32_t);
    return (sizeof(LoggedRow) + large + key.size() + row.size() + 7) / 8 * 8;
  }
  // At an address aligned to 8 bytes, on its own.
  static LoggedRow* Write(std::byte* at, uint32_t hash, std::string_view key,
                          std::string_view row) {
    const bool large = key.size() >= kLargeKey;
    auto* made = reinterpret_cast<LoggedRow*>(at);
    *made = {hash, static_cast<uint32_t>(row.size()) & 0x7FFFFFFF, 0, 0,
             static_cast<uint16_t>(large ? kLargeKey : key.size())};
    auto* to = reinterpret_cast<char*>(made + 1);
    if (large) {
      const auto size = static_cast<uint32_t>(key.size());
      std::memcpy(to, &size, sizeof(size));
      to += sizeof(size);
    }
    std::memcpy(to, key.data(), key.size());
    std::memcpy(to + key.size(), row.data(), row.size());
    return made;
  }

  std::string_view key() const {
    const auto* bytes = reinterpret_cast<const char*>(this + 1);
    if (key_size < kLargeKey) return {bytes, key_size};
    uint32_t size;
    std::memcpy(&size, bytes, sizeof(size));
    return {bytes + sizeof(size), size};
  }
  std::string_view row() const {
    const std::string_view before = key();
    return {before.data() + before.size(), row_size};
  }
  size_t bytes() const { return BytesFor(key(), row()); }

  LoggedRow* next() const { return reinterpret_cast<LoggedRow*>(uintptr_t{next_address}); }
  void SetNext(LoggedRow* row) {
    next_address = reinterpret_cast<uintptr_t>(row) & ((uint64_t{1} << 48) - 1);
  }
};
static_assert(sizeof(LoggedRow) == 16);

}  // namespace castor::gemini
