// What is particular to windows: a window is a key, and keys are found in it.
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "gemini/memory/entry_table.h"
#include "gemini/memory/equal_bytes.h"
#include "gemini/memory/memory_tier.h"
#include "gemini/run/bloom_filter.h"

namespace castor::gemini {
namespace {

// Prefetched lines must still be there when they are used: the first-level cache holds some 500.
constexpr size_t kGroup = 128;

using namespace record_flag;

}  // namespace

uint32_t WindowRow::HashOf(int64_t window) {
  const uint64_t mixed = FilterHash(static_cast<uint32_t>(window)) ^ static_cast<uint64_t>(window);
  return static_cast<uint32_t>(FilterHash(static_cast<uint32_t>(mixed >> 32)) >> 32);
}

int64_t WindowRow::WindowOf(std::string_view key) {
  int64_t window;
  std::memcpy(&window, key.data(), sizeof(window));
  return window;
}

void WindowRow::Append(uint32_t key_hash, std::string_view key, std::string* out) {
  out->append(reinterpret_cast<const char*>(&key_hash), kHashBytes).append(key);
}

uint32_t WindowRow::KeyHashOf(const EntryView& record) {
  return HeaderOf(record.data - EntryTable::kPayloadOffset)->hash;
}

void EntryTable::AddWindow(std::byte* head) {
  constexpr uint32_t kMost = 1 << 20;  // no great loss should this one be different
  const int64_t time = WindowRow::WindowOf(KeyOfHead(head));
  Window* window = &windows_.try_emplace(time, head, KeyOffset()).first->second;
  Reserve(window, std::min(dropped_size_, kMost));
}

void EntryTable::DropWindow(const std::byte* head) {
  const auto at = windows_.find(WindowRow::WindowOf(KeyOfHead(head)));
  window_bytes_ -= at->second.index_bytes;
  dropped_size_ = static_cast<uint32_t>(at->second.index.size());
  windows_.erase(at);
}

EntryTable::Window* EntryTable::FindWindow(int64_t window, bool make) {
  const auto found = windows_.find(window);
  if (found != windows_.end()) return &found->second;
  if (!make) return nullptr;
  FindOrAddHead(WindowRow::KeyOf(window), WindowRow::HashOf(window), /*whole=*/true);
  return &windows_.find(window)->second;
}

void EntryTable::Reserve(Window* window, size_t records) {
  window->index.Reserve(records);
  const int64_t bytes = window->index.byte_size();
  window_bytes_ += bytes - window->index_bytes;
  window->index_bytes = bytes;
}

RecordIndex& EntryTable::ReservedIndexOf(const std::byte* head, size_t more) {
  if (is(EntriesOf::kWindows)) {
    Window* window = &windows_.find(WindowRow::WindowOf(KeyOfHead(head)))->second;
    Reserve(window, more);
    return window->index;
  }
  entries_.Reserve(more);
  return entries_;
}

void EntryTable::Lookup(std::span<const int64_t> windows, const Keys& keys, Access access,
                        int64_t now, std::byte** payloads, uint8_t* created,
                        std::vector<uint32_t>* missing) {
  const bool creates = access == Access::kFindOrCreate;
  // What the flags of a record are that needs nothing done.
  const bool reads = access == Access::kRead;
  const uint8_t mask = kReferenced | kDeleted | (reads ? 0 : kTag);
  const uint8_t plain = kReferenced | (reads ? 0 : static_cast<uint8_t>(tier_->current_));
  const bool has_ttl = options_.ttl_ms > 0;
  std::array<Window*, kGroup> found;
  for (size_t from = 0; from < keys.count; from += kGroup) {
    const size_t count = std::min(kGroup, keys.count - from);
    // Rows next to each other are mostly of one window.
    for (size_t j = 0, end = 0; j < count; j = end) {
      Window* window = FindWindow(windows[from + j], creates);
      for (; end < count && windows[from + end] == windows[from + j]; ++end) found[end] = window;
      if (window != nullptr) window->wanted += end - j;
    }
    for (size_t j = 0; j < count; ++j) {
      if (found[j] == nullptr || found[j]->wanted == 0) continue;
      Reserve(found[j], std::exchange(found[j]->wanted, 0));
    }
    const auto large = [&](size_t j) { return found[j] != nullptr && found[j]->index.large(); };
    for (size_t j = 0; j < count; ++j) {
      if (large(j)) found[j]->index.PrefetchSlot(keys.hash(from + j));
    }
    for (size_t j = 0; j < count; ++j) {
      if (large(j)) found[j]->index.PrefetchRecord(keys.hash(from + j));
    }
    for (size_t j = 0; j < count; ++j) {
      const size_t i = from + j;
      payloads[i] = nullptr;
      if (found[j] == nullptr) continue;
      RecordIndex& index = found[j]->index;
      const std::string_view key = keys.key(i);
      const uint64_t at = index.Locate(
          keys.hash(i), [&](const std::byte* entry) { return EqualBytes(BytesOf(entry), key); });
      std::byte* entry = index.At(at);
      bool is_new = false;
      if (entry != nullptr) {
        if ((HeaderOf(entry)->flags & mask) != plain || has_ttl) {
          entry = Visit(entry, access, now, &is_new);
        }
      } else if (missing != nullptr && HeadOf(found[j]->head)->whole == 0) {
        missing->push_back(static_cast<uint32_t>(i));
      } else if (creates) {
        entry = CreateRecord(found[j]->head, {{}, key, keys.hash(i)}, now);
        index.Put(at, keys.hash(i), entry);
        is_new = true;
      }
      if (entry != nullptr) payloads[i] = PayloadOf(entry);
      if (is_new && created != nullptr) created[i] = 1;
    }
  }
}

EntryTable::EntryName EntryTable::NameOf(uint32_t key_hash, std::string_view user_key) const {
  if (!is(EntriesOf::kWindows)) return {{}, user_key, EntryHash(key_hash, user_key)};
  uint32_t hash;
  std::memcpy(&hash, user_key.data(), sizeof(hash));
  return {{}, user_key.substr(WindowRow::kHashBytes), hash};
}

std::vector<int64_t> EntryTable::Windows() const {
  std::vector<int64_t> windows;
  for (const auto& [time, window] : windows_) {
    if (!IsDeleted(HeaderOf(window.head))) windows.push_back(time);
  }
  return windows;
}

void EntryTable::AddColdWindow(int64_t window) {
  FindOrAddHead(WindowRow::KeyOf(window), WindowRow::HashOf(window), /*whole=*/false);
}

uint64_t EntryTable::LocateWindow(int64_t window) {
  const Window* found = FindWindow(window, /*make=*/false);
  if (found == nullptr || HeadOf(found->head)->list.size == 0) return 0;
  return reinterpret_cast<uintptr_t>(found->head);
}

bool EntryTable::HoldsWhole(int64_t window) {
  const Window* found = FindWindow(window, /*make=*/false);
  return found == nullptr || HeadOf(found->head)->whole != 0;
}

bool EntryTable::Knows(int64_t window, std::string_view user_key) {
  const Window* found = FindWindow(window, /*make=*/false);
  if (found == nullptr) return false;
  ReservedIndexOf(found->head, 0);
  const EntryName name = NameOf(0, user_key);
  return FindEntry(found->head, name.bytes, name.hash) != nullptr;
}

}  // namespace castor::gemini
