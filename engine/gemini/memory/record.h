// A record in memory: a header, the payload that operators update in place, the key.
//
//   16 bytes of header | payload, a multiple of 16 bytes | key
//
// A key of kLargeKey bytes or more stands behind its size as a u32. A slot that holds no record has
// no flag set. Records belong to a RecordHeap; the thread that owns the instance alone touches
// them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace castor::gemini {

struct RecordHeader {
  uint32_t hash;
  uint16_t key_size;
  uint16_t table;
  uint64_t flags : 8;
  int64_t time : 56;  // of the last write, for TTL; 0: none
};
static_assert(sizeof(RecordHeader) == 16);

// Since which cut a record has changed: not since the last one that holds it, or since one of two.
enum class Tag : uint8_t { kClean = 0, kA = 1, kB = 2 };
constexpr Tag Other(Tag tag) { return tag == Tag::kA ? Tag::kB : Tag::kA; }

namespace record_flag {
inline constexpr uint8_t kTag = 3;
inline constexpr uint8_t kReferenced = 4;  // since the clock's hand passed
inline constexpr uint8_t kDeleted = 8;     // there is no such record, whatever runs say
inline constexpr uint8_t kStored = 16;     // runs may hold something of this key
inline constexpr uint8_t kLive = 32;
inline constexpr uint8_t kHead = 64;  // leads to the entries of a map or list
}  // namespace record_flag

inline constexpr uint32_t kLargeKey = 0xFFFF;

inline RecordHeader* HeaderOf(std::byte* record) { return reinterpret_cast<RecordHeader*>(record); }
inline const RecordHeader* HeaderOf(const std::byte* record) {
  return reinterpret_cast<const RecordHeader*>(record);
}
inline Tag TagOf(const RecordHeader* header) {
  return static_cast<Tag>(header->flags & record_flag::kTag);
}
inline bool IsLive(const RecordHeader* header) { return (header->flags & record_flag::kLive) != 0; }
inline bool IsDeleted(const RecordHeader* header) {
  return (header->flags & record_flag::kDeleted) != 0;
}

inline size_t RecordBytes(size_t payload_size, size_t key_size) {
  return sizeof(RecordHeader) + payload_size + key_size + (key_size < kLargeKey ? 0 : 4);
}

// The key of a record whose payload ends at `key_offset` from its begin.
inline std::string_view KeyOf(const std::byte* record, size_t key_offset) {
  const auto* key = reinterpret_cast<const char*>(record) + key_offset;
  const uint32_t size = HeaderOf(record)->key_size;
  if (size < kLargeKey) return {key, size};
  uint32_t large;
  std::memcpy(&large, key, sizeof(large));
  return {key + sizeof(large), large};
}

// Where the bytes of a key of that size are to be put.
inline std::byte* WriteKeySize(std::byte* record, size_t key_offset, size_t key_size) {
  std::byte* to = record + key_offset;
  if (key_size < kLargeKey) {
    HeaderOf(record)->key_size = static_cast<uint16_t>(key_size);
    return to;
  }
  HeaderOf(record)->key_size = kLargeKey;
  const auto large = static_cast<uint32_t>(key_size);
  std::memcpy(to, &large, sizeof(large));
  return to + sizeof(large);
}

inline void WriteKey(std::byte* record, size_t key_offset, std::string_view key) {
  key.copy(reinterpret_cast<char*>(WriteKeySize(record, key_offset, key.size())), key.size());
}

}  // namespace castor::gemini
