#include "gemini/memory/window_list_table.h"

#include <algorithm>
#include <array>

#include "gemini/memory/equal_bytes.h"
#include "gemini/memory/memory_tier.h"

namespace castor::gemini {
namespace {

// As many of these fill a chunk, but for little. Windows of a few rows take a few of the small.
constexpr size_t kSmallSegment = 1024;
constexpr size_t kMiddleSegment = 8192;
constexpr size_t kLargeSegment = 28672;
constexpr size_t kMiddleSegments = 4;  // before the first large one

// Prefetched lines must still be there when they are used.
constexpr size_t kGroup = 64;

using namespace record_flag;

size_t SegmentBytes(size_t segments_before) {
  if (segments_before == 0) return kSmallSegment;
  return segments_before <= kMiddleSegments ? kMiddleSegment : kLargeSegment;
}

LoggedRow* RowAt(std::byte* record) { return reinterpret_cast<LoggedRow*>(record); }

}  // namespace

WindowListTable::WindowListTable(MemoryTier* tier, uint16_t number, WindowListOptions options)
    : tier_(tier), number_(number), options_(std::move(options)) {}

WindowListTable::~WindowListTable() = default;

WindowListTable::Window* WindowListTable::Find(int64_t window) const {
  const auto found = windows_.find(window);
  return found == windows_.end() ? nullptr : found->second.get();
}

WindowListTable::Window* WindowListTable::FindOrAdd(int64_t window) {
  std::unique_ptr<Window>& found = windows_[window];
  if (found == nullptr) {
    found = std::make_unique<Window>(window, first_number_);
  }
  return found.get();
}

std::vector<int64_t> WindowListTable::Windows() const {
  std::vector<int64_t> windows;
  windows.reserve(windows_.size());
  for (const auto& [time, window] : windows_) windows.push_back(time);
  return windows;
}

void WindowListTable::AddColdWindow(int64_t window) { DropIndex(FindOrAdd(window)); }

std::byte* WindowListTable::AddSegment(Window* window, size_t bytes, uint8_t flags) {
  const size_t wanted = std::max(SegmentBytes(window->segments.size()), kRowsOffset + bytes);
  std::byte* record = tier_->heap_.Allocate(wanted, RecordHeap::Use::kRecord);
  *HeaderOf(record) = {0, 0, number_, static_cast<uint8_t>(flags | kLive | kReferenced), 0};
  const size_t capacity = RecordHeap::RoundUp(wanted) - kRowsOffset;
  *SegmentOf(record) = {.window = window,
                        .first_number = window->next_number,
                        .capacity = static_cast<uint32_t>(capacity),
                        .size = 0,
                        .rows = 0,
                        .saved_size = 0,
                        .saved_rows = 0,
                        .place = static_cast<uint32_t>(window->segments.size())};
  window->segments.push_back(record);
  return record;
}

void WindowListTable::RemoveSegment(Window* window, std::byte* record) {
  const uint32_t place = SegmentOf(record)->place;
  std::byte* last = window->segments.back();
  window->segments[place] = last;
  SegmentOf(last)->place = place;
  window->segments.pop_back();
  if (window->open == record) window->open = nullptr;
}

LoggedRow* WindowListTable::Write(std::byte* record, uint32_t hash, std::string_view key,
                                  std::string_view row) {
  Segment* segment = SegmentOf(record);
  std::byte* at = record + kRowsOffset + segment->size;
  segment->size += static_cast<uint32_t>(LoggedRow::BytesFor(key, row));
  ++segment->rows;
  return LoggedRow::Write(at, hash, key, row);
}

LoggedRow* WindowListTable::Log(Window* window, uint32_t hash, std::string_view key,
                                std::string_view row) {
  const size_t bytes = LoggedRow::BytesFor(key, row);
  std::byte* record = window->open;
  if (record == nullptr || SegmentOf(record)->capacity - SegmentOf(record)->size < bytes) {
    record = window->open = AddSegment(window, bytes, 0);
  }
  RecordHeader* header = HeaderOf(record);
  if (TagOf(header) != tier_->current_) tier_->BeforeChange(record);
  header->flags = header->flags | kReferenced;
  ++window->next_number;
  return Write(record, hash, key, row);
}

void WindowListTable::Link(RecordIndex* index, LoggedRow* row) {
  const std::string_view key = row->key();
  const uint64_t at = index->Locate(row->hash, [&](const std::byte* other) {
    return EqualBytes(reinterpret_cast<const LoggedRow*>(other)->key(), key);
  });
  auto* record = reinterpret_cast<std::byte*>(row);
  row->last = 1;
  if (std::byte* found = index->At(at)) {
    LoggedRow* last = RowAt(found);
    row->SetNext(last->next());
    last->SetNext(row);
    last->last = 0;
    index->Exchange(at, found, record);
  } else {
    row->SetNext(row);
    index->Put(at, row->hash, record);
  }
}

void WindowListTable::Append(std::span<const int64_t> windows, const Keys& keys,
                             std::span<const std::string_view> rows) {
  std::array<Window*, kGroup> found;
  for (size_t from = 0; from < rows.size(); from += kGroup) {
    const size_t count = std::min(kGroup, rows.size() - from);
    for (size_t j = 0; j < count; ++j) {
      const size_t i = from + j;
      if (j > 0 && windows[i] == windows[i - 1]) {
        found[j] = found[j - 1];
        continue;
      }
      found[j] = FindOrAdd(windows[i]);
      if (found[j]->index) found[j]->index->Reserve(count - j);
    }
    const auto large = [&](size_t j) { return found[j]->index && found[j]->index->large(); };
    for (size_t j = 0; j < count; ++j) {
      if (large(j)) found[j]->index->PrefetchSlot(keys.hash(from + j));
    }
    for (size_t j = 0; j < count; ++j) {
      if (large(j)) found[j]->index->PrefetchRecord(keys.hash(from + j));
    }
    for (size_t j = 0; j < count; ++j) {
      const size_t i = from + j;
      LoggedRow* row = Log(found[j], keys.hash(i), keys.key(i), rows[i]);
      if (found[j]->index) Link(&*found[j]->index, row);
      if (j + 1 == count || found[j + 1] != found[j]) CountIndex(found[j]);
    }
  }
}

void WindowListTable::CountIndex(Window* window) {
  const int64_t bytes = window->index ? window->index->byte_size() : 0;
  index_bytes_ += bytes - window->index_bytes;
  window->index_bytes = bytes;
  next_number_ = std::max(next_number_, window->next_number);
}

void WindowListTable::DropIndex(Window* window) {
  window->index.reset();
  CountIndex(window);
}

bool WindowListTable::Hold(int64_t window) {
  Window* found = Find(window);
  if (found == nullptr) return true;
  if (!found->index) return false;
  found->held = true;
  return true;
}

void WindowListTable::Locate(int64_t window, const Keys& keys, std::vector<uint64_t>* handles) {
  handles->assign(keys.count, 0);
  Window* found = Find(window);
  if (found == nullptr) return;
  RecordIndex& index = *found->index;
  index.Reserve(0);
  for (size_t from = 0; from < keys.count; from += kGroup) {
    const size_t to = std::min(from + kGroup, keys.count);
    if (index.large()) {
      for (size_t i = from; i < to; ++i) index.PrefetchSlot(keys.hash(i));
      for (size_t i = from; i < to; ++i) index.PrefetchRecord(keys.hash(i));
    }
    for (size_t i = from; i < to; ++i) {
      const std::string_view key = keys.key(i);
      std::byte* last = index.At(index.Locate(keys.hash(i), [&](const std::byte* row) {
        return EqualBytes(reinterpret_cast<const LoggedRow*>(row)->key(), key);
      }));
      if (last == nullptr) continue;
      (*handles)[i] = reinterpret_cast<uintptr_t>(last);
      __builtin_prefetch(RowAt(last)->next());
    }
  }
}

// The cursor is the number of a segment and an offset in it.
void WindowListTable::WalkKeys(int64_t window, uint64_t* cursor, size_t most,
                               std::vector<WindowKey>* page) const {
  const Window* found = Find(window);
  size_t segment = *cursor >> 32;
  auto from = static_cast<uint32_t>(*cursor);
  for (; found != nullptr && segment < found->segments.size(); ++segment, from = 0) {
    ForEachRow(found->segments[segment], from, [&](LoggedRow* row, uint32_t end) {
      if (most == 0) return false;
      from = end;
      if (row->last == 0) return true;
      page->push_back({row->key(), row->hash, reinterpret_cast<uintptr_t>(row)});
      --most;
      return true;
    });
    if (from < SegmentOf(found->segments[segment])->size) {
      *cursor = uint64_t{segment} << 32 | from;
      return;
    }
  }
  *cursor = kEnd;
}

// The cursor is the address of the next row.
void WindowListTable::WalkRows(uint64_t handle, uint64_t* cursor, size_t most,
                               std::vector<std::string_view>* page) {
  if (handle == 0) {
    *cursor = kEnd;
    return;
  }
  const auto* last = reinterpret_cast<const LoggedRow*>(handle);
  const LoggedRow* row = *cursor == 0 ? last->next() : reinterpret_cast<const LoggedRow*>(*cursor);
  for (; most > 0; --most) {
    page->push_back(row->row());
    if (row == last) {
      *cursor = kEnd;
      return;
    }
    row = row->next();
  }
  *cursor = reinterpret_cast<uintptr_t>(row);
}

void WindowListTable::Drop(int64_t window) {
  const auto found = windows_.find(window);
  if (found == windows_.end()) return;
  Window* dropped = found->second.get();
  const bool saving = tier_->phase_ == MemoryTier::CutPhase::kSaving;
  dropped->dropped = true;
  dropped->cut = saving ? tier_->cuts_ : 0;
  DropIndex(dropped);
  dropped_.push_back(std::move(found->second));
  windows_.erase(found);
}

bool WindowListTable::Outdated(const Window& window) const {
  const bool of_this_cut =
      tier_->phase_ == MemoryTier::CutPhase::kSaving && window.cut == tier_->cuts_;
  return window.dropped && !of_this_cut;
}

bool WindowListTable::FreeSome(size_t records) {
  while (records > 0 && !dropped_.empty()) {
    std::vector<std::byte*>& segments = dropped_.back()->segments;
    if (segments.empty()) {
      dropped_.pop_back();
      continue;
    }
    std::byte* record = segments.back();
    size_t cost = 1;
    if (tier_->AwaitsCut(record)) cost += tier_->SaveForCut(record);
    segments.pop_back();
    tier_->FreeRecord(record);
    records -= std::min(records, cost);
  }
  return !dropped_.empty();
}

void WindowListTable::Save(std::byte* record, EntryBuffer* buffer) {
  Segment* segment = SegmentOf(record);
  if (Outdated(*segment->window)) return;
  const SectionId section{options_.table, segment->window->time};
  uint64_t next = segment->first_number + segment->saved_rows;
  ForEachRow(record, segment->saved_size, [&](LoggedRow* row, uint32_t) {
    const uint64_t number = __builtin_bswap64(next++);
    Entry entry;
    entry.position = tier_->PositionOfHash(row->hash);
    entry.key = row->key();
    entry.user_key = {reinterpret_cast<const char*>(&number), sizeof(number)};
    entry.value = row->row();
    buffer->Add(section, entry);
    return true;
  });
  segment->saved_size = segment->size;
  segment->saved_rows = segment->rows;
}

// Rows that runs have are written again; they have the same numbers.
void WindowListTable::NotSaved(std::byte* record) {
  SegmentOf(record)->saved_size = 0;
  SegmentOf(record)->saved_rows = 0;
}

void WindowListTable::Evict(std::byte* record) {
  Window* window = SegmentOf(record)->window;
  if (window->held || window->dropped) return;
  DropIndex(window);
  RemoveSegment(window, record);
  tier_->FreeRecord(record);
}

// Rows that others lead to stay where they are.
bool WindowListTable::Move(std::byte* record) {
  Window* window = SegmentOf(record)->window;
  if (window->index) return false;
  std::byte* to = tier_->CopyRecord(record);
  window->segments[SegmentOf(to)->place] = to;
  if (window->open == record) window->open = to;
  tier_->FreeRecord(record);
  return true;
}

}  // namespace castor::gemini
