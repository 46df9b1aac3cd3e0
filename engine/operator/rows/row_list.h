// Rows kept for one key, one after the other in the bytes of a state record, in order of arrival.
//
// Entry: uint32 size of the row, uint32 size of its match key with its row kind in the lowest two
// bits, the row, the match key; both are BinaryRowData and so multiples of 8 bytes. Rows match by
// match key if there is one, else as a whole. Views point into the bytes, which must not change
// meanwhile.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "column/batch.h"

namespace castor {

class RowList {
 public:
  struct Entry {
    size_t offset = 0;  // of the entry in the list
    RowKind kind = RowKind::kInsert;
    std::string_view row;
    std::string_view match_key;

    size_t end() const { return offset + kHeaderBytes + row.size() + match_key.size(); }
    bool Matches(std::string_view other_row, std::string_view other_key) const {
      return match_key.empty() ? row == other_row : match_key == other_key;
    }
  };

  explicit RowList(std::string_view bytes) : bytes_(bytes) {}

  bool empty() const { return bytes_.empty(); }
  size_t size() const { return bytes_.size(); }

  // The entry that starts at `offset`: 0, or the end of another one, below `size`.
  Entry At(size_t offset) const {
    uint32_t sizes[2];
    std::memcpy(sizes, bytes_.data() + offset, sizeof(sizes));
    const char* row = bytes_.data() + offset + kHeaderBytes;
    return {offset,
            static_cast<RowKind>(sizes[1] & kKindBits),
            {row, sizes[0]},
            {row + sizes[0], sizes[1] & ~kKindBits}};
  }

  // The first entry that matches, and the one in front of it, if there is one. False: none matches.
  bool Find(std::string_view row, std::string_view match_key, Entry* found, Entry* before) const {
    for (size_t offset = 0; offset < bytes_.size();) {
      const Entry entry = At(offset);
      if (entry.Matches(row, match_key)) {
        *found = entry;
        return true;
      }
      *before = entry;
      offset = entry.end();
    }
    return false;
  }

  // Changes the kind of the entry at `offset` of the list whose bytes start at `bytes`.
  static void SetKind(char* bytes, size_t offset, RowKind kind) {
    uint32_t size;
    std::memcpy(&size, bytes + offset + sizeof(size), sizeof(size));
    size = (size & ~kKindBits) | static_cast<uint32_t>(kind);
    std::memcpy(bytes + offset + sizeof(size), &size, sizeof(size));
  }

  // The list without `entry`.
  void Without(const Entry& entry, std::string* result) const {
    result->assign(bytes_.substr(0, entry.offset));
    result->append(bytes_.substr(entry.end()));
  }

  static void Append(RowKind kind, std::string_view row, std::string_view match_key,
                     std::string* list) {
    const uint32_t sizes[2] = {
        static_cast<uint32_t>(row.size()),
        static_cast<uint32_t>(match_key.size()) | static_cast<uint32_t>(kind)};
    list->append(reinterpret_cast<const char*>(sizes), sizeof(sizes));
    list->append(row);
    list->append(match_key);
  }

 private:
  static constexpr size_t kHeaderBytes = 8;
  static constexpr uint32_t kKindBits = 3;

  std::string_view bytes_;
};

}  // namespace castor
