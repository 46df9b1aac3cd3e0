// The rows kept for one key, one after the other in the bytes of a state record, in order of
// arrival.
//
// Entry: uint32 size of the row, uint32 size of its match key, the row, the match key; both are
// BinaryRowData and so multiples of 8 bytes. Rows are found by match key if there is one, else as a
// whole.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace castor {

class RowList {
 public:
  struct Entry {
    size_t offset = 0;  // of the entry in the list
    std::string_view row;
    std::string_view match_key;

    size_t end() const { return offset + kHeaderBytes + row.size() + match_key.size(); }
  };

  explicit RowList(std::string_view bytes) : bytes_(bytes) {}

  bool empty() const { return bytes_.empty(); }

  // The first entry at or after `offset`; offset < size.
  Entry At(size_t offset) const {
    uint32_t sizes[2];
    std::memcpy(sizes, bytes_.data() + offset, sizeof(sizes));
    const char* row = bytes_.data() + offset + kHeaderBytes;
    return {offset, {row, sizes[0]}, {row + sizes[0], sizes[1]}};
  }

  // The first entry that matches, and the one in front of it, if there is one. False: none matches.
  bool Find(std::string_view row, std::string_view match_key, Entry* found, Entry* before) const {
    for (size_t offset = 0; offset < bytes_.size();) {
      const Entry entry = At(offset);
      const bool equal = match_key.empty() ? entry.row == row : entry.match_key == match_key;
      if (equal) {
        *found = entry;
        return true;
      }
      *before = entry;
      offset = entry.end();
    }
    return false;
  }

  static void AppendEntry(std::string_view row, std::string_view match_key, std::string* list) {
    const uint32_t sizes[2] = {static_cast<uint32_t>(row.size()),
                               static_cast<uint32_t>(match_key.size())};
    list->append(reinterpret_cast<const char*>(sizes), sizeof(sizes));
    list->append(row);
    list->append(match_key);
  }

 private:
  static constexpr size_t kHeaderBytes = 8;

  std::string_view bytes_;
};

}  // namespace castor
