// Rows in the order of their sort keys, one after the other in the bytes of a state record.
//
// Entry: u32 sizes of sort key, row and row key, u32 unused, i64 when it was written, then the
// three parts, padded to 8 bytes. `SortedRow`s are views into such bytes, or into a batch. Not
// thread-safe.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace castor {

struct SortedRow {
  std::string_view sort_key;
  std::string_view row;
  std::string_view row_key;  // empty where rows are not updated by key
  TimestampMs written = 0;
};

// Reads the entry at `offset` and moves it to the next one.
inline SortedRow ReadSortedRow(std::string_view bytes, size_t* offset) {
  uint32_t sizes[4];
  SortedRow entry;
  const char* at = bytes.data() + *offset;
  std::memcpy(sizes, at, sizeof(sizes));
  std::memcpy(&entry.written, at + sizeof(sizes), sizeof(entry.written));
  at += sizeof(sizes) + sizeof(entry.written);
  entry.row = {at, sizes[1]};
  entry.row_key = {at + sizes[1], sizes[2]};
  entry.sort_key = {at + sizes[1] + sizes[2], sizes[0]};
  *offset += (24 + size_t{sizes[0]} + sizes[1] + sizes[2] + 7) / 8 * 8;
  return entry;
}

inline void AppendSortedRow(const SortedRow& entry, std::string* bytes) {
  const uint32_t sizes[4] = {static_cast<uint32_t>(entry.sort_key.size()),
                             static_cast<uint32_t>(entry.row.size()),
                             static_cast<uint32_t>(entry.row_key.size()), 0};
  bytes->append(reinterpret_cast<const char*>(sizes), sizeof(sizes));
  bytes->append(reinterpret_cast<const char*>(&entry.written), sizeof(entry.written));
  bytes->append(entry.row);
  bytes->append(entry.row_key);
  bytes->append(entry.sort_key);
  bytes->resize((bytes->size() + 7) / 8 * 8);
}

// Where a row with the sort key belongs: behind (or in front of) those with the same.
inline size_t PlaceInOrder(const std::vector<SortedRow>& rows, std::string_view sort_key,
                           bool behind_equal = true) {
  const auto before = [=](const SortedRow& row) {
    return behind_equal ? row.sort_key <= sort_key : row.sort_key < sort_key;
  };
  return static_cast<size_t>(std::partition_point(rows.begin(), rows.end(), before) - rows.begin());
}

}  // namespace castor
