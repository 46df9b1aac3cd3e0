// What a sorted run holds: records under Flink's composite key, in one order everywhere.
//
// The order is (key group, hash, key, user key), unsigned and bytewise; a kClear stands before all
// entries of its key. So the entries of a key group, of a key, and of a map under a key each lie
// together: a run is clipped to key groups without being rewritten, and a map is read in one piece.
// Views in an Entry belong to whoever made it (a block, a caller).
#pragma once

#include <cstdint>
#include <string_view>

namespace castor::gemini {

enum class EntryKind : uint8_t {
  kPut = 0,
  kDelete = 1,  // hides older entries of the same key and user key
  kClear = 2,   // hides all older entries of the same key, whatever their user key
};

// Where in the order entries of a key begin: the key group in the upper, the hash in the lower
// half.
using Position = uint64_t;

constexpr Position PositionOf(uint32_t key_group, uint32_t hash) {
  return uint64_t{key_group} << 32 | hash;
}
constexpr uint32_t KeyGroupAt(Position position) { return static_cast<uint32_t>(position >> 32); }

struct Entry {
  Position position = 0;
  std::string_view key;
  std::string_view user_key;  // of maps: what the user put; of others empty
  EntryKind kind = EntryKind::kPut;
  int64_t time = 0;  // of the last write, for TTL; 0: none
  std::string_view value;
  bool apart = false;  // `value` is an encoded ValuePointer of the run that the entry is in
};

inline bool SameKey(const Entry& a, const Entry& b) {
  return a.position == b.position && a.key == b.key;
}

// Below, at or above zero as `a` comes before, with or after `b`.
inline int Compare(const Entry& a, const Entry& b) {
  if (a.position != b.position) return a.position < b.position ? -1 : 1;
  if (const int order = a.key.compare(b.key); order != 0) return order;
  const bool a_clears = a.kind == EntryKind::kClear;
  const bool b_clears = b.kind == EntryKind::kClear;
  if (a_clears || b_clears) return static_cast<int>(b_clears) - static_cast<int>(a_clears);
  return a.user_key.compare(b.user_key);
}

}  // namespace castor::gemini
