// How an instance finds records of windows, and lets whole windows go.
#include <string>
#include <utility>

#include "gemini/store/store.h"

namespace castor::gemini {

Result<EntryTable*> Store::AddWindowTable(EntryTableOptions options) {
  options.kind = EntriesOf::kWindows;
  CASTOR_ASSIGN_OR_RETURN(EntryTable * added, AddEntryTable(std::move(options)));
  for (const int64_t window : runs_.PartitionsOf(added->options().section.table)) {
    added->AddColdWindow(window);
  }
  return added;
}

// Rows next to each other are often of one window.
EntryKeys Store::ComposeWindows(std::span<const int64_t> windows, const Keys& keys, Keys* heads) {
  window_keys_.clear();
  rows_in_windows_.clear();
  window_offsets_.assign(1, 0);
  window_hashes_.clear();
  window_rows_.clear();
  window_user_keys_.clear();
  for (size_t i = 0; i < windows.size(); ++i) {
    if (i == 0 || windows[i] != windows[i - 1]) {
      window_keys_.append(WindowRow::KeyOf(windows[i]));
      window_hashes_.push_back(static_cast<int32_t>(WindowRow::HashOf(windows[i])));
    }
    window_rows_.push_back(static_cast<int32_t>(window_hashes_.size()) - 1);
    WindowRow::Append(keys.hash(i), keys.key(i), &rows_in_windows_);
    window_offsets_.push_back(static_cast<uint32_t>(rows_in_windows_.size()));
  }
  const std::string_view bytes = rows_in_windows_;
  for (size_t i = 0; i < windows.size(); ++i) {
    const uint32_t begin = window_offsets_[i];
    window_user_keys_.push_back(bytes.substr(begin, window_offsets_[i + 1] - begin));
  }
  *heads = {window_keys_.data(), sizeof(int64_t), nullptr, window_hashes_.data(),
            window_hashes_.size()};
  return {*heads, window_rows_, window_user_keys_};
}

// Nothing is made before it is certain that nothing is pending.
Result<Readiness> Store::Acquire(EntryTable* table, std::span<const int64_t> windows,
                                 const Keys& keys, Access access, int64_t now, std::byte** payloads,
                                 uint8_t* created) {
  CASTOR_ASSIGN_OR_RETURN(const Readiness begun, Begin());
  if (begun == Readiness::kPending) return begun;
  Keys heads;
  const EntryKeys entries = ComposeWindows(windows, keys, &heads);
  if (!tier_.any_cold()) {
    table->Lookup(entries, access, now, payloads, created, &missing_);
    return Ready(keys.count);
  }
  const bool creates = access == Access::kFindOrCreate;
  missing_.clear();
  table->Lookup(entries, creates ? Access::kFind : access, now, payloads, nullptr, &missing_);
  std::map<int64_t, std::vector<ColdKey>> cold;
  for (const uint32_t j : missing_) {
    const Position position = tier_.PositionOfHash(keys.hash(j));
    if (!runs_.MayContain({table->options().section.table, windows[j]}, position, {})) continue;
    cold[windows[j]].push_back(
        {position, std::string(keys.key(j)), std::string(entries.user_keys[j]), {}, {}});
  }
  for (auto& [window, of_window] : cold) {
    StartFetches(Sought::kWindowRecord, table, {table->options().section.table, window},
                 std::move(of_window));
  }
  if (!cold.empty()) return Readiness::kPending;
  for (size_t j = 0; creates && j < entries.size(); ++j) {
    if (payloads[j] != nullptr) continue;
    const bool is_new = table->FindOrCreate(entries, j, now, /*others=*/false, &payloads[j]);
    if (is_new && created != nullptr) created[j] = 1;
  }
  return Ready(keys.count);
}

Result<Readiness> Store::Scan(EntryTable* table, int64_t window, uint64_t* handle) {
  CASTOR_ASSIGN_OR_RETURN(const Readiness begun, Begin());
  if (begun == Readiness::kPending) return begun;
  const auto hash = static_cast<int32_t>(WindowRow::HashOf(window));
  const Keys key{WindowRow::KeyOf(window).data(), sizeof(window), nullptr, &hash, 1};
  constexpr int32_t kRow = 0;
  std::vector<uint64_t> handles;
  missing_.clear();
  table->Locate(key, {&kRow, 1}, &handles, &missing_);
  if (!missing_.empty()) {
    return StartFetches(Sought::kWindow, table, {table->options().section.table, window}, {{}});
  }
  *handle = handles[0];
  return Ready(1);
}

void Store::DropWindow(EntryTable* table, int64_t window) {
  const auto hash = static_cast<int32_t>(WindowRow::HashOf(window));
  const Keys key{WindowRow::KeyOf(window).data(), sizeof(window), nullptr, &hash, 1};
  constexpr int32_t kRow = 0;
  table->Clear(key, {&kRow, 1}, &missing_);
  DropSection({table->options().section.table, window});
}

}  // namespace castor::gemini
