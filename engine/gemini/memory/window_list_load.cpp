// How what runs hold of a window comes back into memory.
#include <algorithm>

#include "gemini/memory/memory_tier.h"
#include "gemini/memory/window_list_table.h"

namespace castor::gemini {

void StoredRows::Add(uint32_t hash, std::string_view key, uint64_t number, std::string_view row) {
  rows.push_back(
      {number, hash, static_cast<uint32_t>(key.size()), static_cast<uint32_t>(row.size())});
  bytes.append(key).append(row);
}

void WindowListTable::Load(int64_t window, const StoredRows& stored) {
  Window* found = Find(window);
  if (found == nullptr || found->index) return;
  // Memory knows best what it has, by the numbers of its segments.
  std::vector<std::byte*> logged = found->segments;
  std::sort(logged.begin(), logged.end(), [](std::byte* a, std::byte* b) {
    return SegmentOf(a)->first_number < SegmentOf(b)->first_number;
  });
  const auto known = [&](uint64_t number) {
    const auto after = std::upper_bound(logged.begin(), logged.end(), number,
                                        [](uint64_t wanted, std::byte* record) {
                                          return wanted < SegmentOf(record)->first_number;
                                        });
    if (after == logged.begin()) return false;
    const Segment* segment = SegmentOf(*std::prev(after));
    return number - segment->first_number < segment->rows;
  };
  std::byte* open = nullptr;
  std::vector<NumberedRow> rows;
  rows.reserve(stored.rows.size());
  stored.ForEach([&](const StoredRows::Row& row, std::string_view key, std::string_view bytes) {
    if (known(row.number)) return;
    const size_t size = LoggedRow::BytesFor(key, bytes);
    if (open == nullptr || SegmentOf(open)->capacity - SegmentOf(open)->size < size) {
      open = AddSegment(found, size, record_flag::kStored);
    }
    rows.push_back({row.number, Write(open, row.hash, key, bytes)});
  });
  LinkAll(found, std::move(rows), logged);
  found->held = true;
  CountIndex(found);
}

void WindowListTable::LinkAll(Window* window, std::vector<NumberedRow> loaded,
                              std::span<std::byte* const> logged) {
  std::vector<NumberedRow> rows = std::move(loaded);
  const auto older = [](const NumberedRow& a, const NumberedRow& b) { return a.number < b.number; };
  const auto newest = std::max_element(rows.begin(), rows.end(), older);
  const bool interleaved = newest != rows.end() && !logged.empty() &&
                           newest->number > SegmentOf(logged.front())->first_number;
  for (std::byte* record : logged) {
    uint64_t number = SegmentOf(record)->first_number;
    ForEachRow(record, 0, [&](LoggedRow* row, uint32_t) {
      rows.push_back({number++, row});
      return true;
    });
  }
  if (interleaved) std::sort(rows.begin(), rows.end(), older);
  window->index.emplace(0);
  for (const NumberedRow& row : rows) {
    row.row->last = 0;
    window->index->Reserve(1);
    Link(&*window->index, row.row);
  }
}

}  // namespace castor::gemini
