// How an instance finds records of windows, and lets whole windows go.
#include <algorithm>
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

// Nothing is made before it is certain that nothing is pending.
Result<Readiness> Store::Acquire(EntryTable* table, std::span<const int64_t> windows,
                                 const Keys& keys, Access access, int64_t now, std::byte** payloads,
                                 uint8_t* created) {
  CASTOR_ASSIGN_OR_RETURN(const Readiness begun, Begin());
  if (begun == Readiness::kPending) return begun;
  if (access == Access::kOverwrite) access = Access::kFindOrCreate;
  const bool creates = access == Access::kFindOrCreate;
  if (!tier_.any_cold()) {
    table->Lookup(windows, keys, access, now, payloads, created, &missing_);
    return Ready(keys.count);
  }
  missing_.clear();
  table->Lookup(windows, keys, creates ? Access::kFind : access, now, payloads, nullptr, &missing_);
  std::map<int64_t, std::vector<ColdKey>> cold;
  size_t sought = 0;
  std::optional<SectionFilters> filters;  // of the window of the row before
  for (size_t at = 0; at < missing_.size(); ++at) {
    const uint32_t i = missing_[at];
    if (at == 0 || windows[i] != windows[missing_[at - 1]]) {
      filters.emplace(runs_, SectionId{table->options().section.table, windows[i]});
    }
    const Position position = tier_.PositionOfHash(keys.hash(i));
    const std::optional<size_t> from = filters->FirstThatMayContain(position, {});
    if (!from) continue;
    ColdKey& key = cold[windows[i]].emplace_back();
    key.position = position;
    key.from = *from;
    key.key = keys.key(i);
    WindowRow::Append(keys.hash(i), keys.key(i), &key.user_key);
    if (++sought == kMostCold) break;
  }
  for (auto& [window, of_window] : cold) {
    StartFetches(Sought::kWindowRecord, table, {table->options().section.table, window},
                 std::move(of_window));
  }
  if (!cold.empty()) return Readiness::kPending;
  if (creates) table->Lookup(windows, keys, access, now, payloads, created, nullptr);
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

// What memory has first, then what only runs have. Until the window has been walked nothing leaves
// memory, so that no record comes twice.
Result<Readiness> Store::ScanPage(EntryTable* table, int64_t window, uint64_t* cursor, size_t most,
                                  std::vector<EntryView>* page) {
  constexpr uint64_t kInRuns = uint64_t{1} << 63;
  CASTOR_ASSIGN_OR_RETURN(const Readiness begun, Begin());
  if (begun == Readiness::kPending) return begun;
  if ((*cursor & kInRuns) == 0) {
    if (*cursor == 0) scans_.erase(table);
    table->Walk(table->LocateWindow(window), Access::kRead, 0, cursor, most, page);
    const bool more_in_runs = *cursor == EntryTable::kEndOfEntries && !table->HoldsWhole(window);
    if (more_in_runs) *cursor = kInRuns;
    return Ready(page->size());
  }
  std::shared_ptr<WindowScan>& scan = scans_[table];
  const SectionId section{table->options().section.table, window};
  if (scan == nullptr) {
    scan = std::make_shared<WindowScan>(runs_, section, table->options().layout);
  }
  const uint64_t next = *cursor & ~kInRuns;
  if (scan->window() != window || next < scan->begin() || next > scan->end()) {
    return Status::Internal("a window is walked while another one of its state is");
  }
  if (next == scan->end() && !scan->ended()) {
    ReadPage(table, scan);
    return Readiness::kPending;
  }
  const uint64_t end = std::min<uint64_t>(scan->end(), next + most);
  for (uint64_t i = next; i < end; ++i) page->push_back(scan->At(i));
  *cursor = end == scan->end() && scan->ended() ? EntryTable::kEndOfEntries : kInRuns | end;
  return Ready(page->size());
}

void Store::ReadPage(EntryTable* table, std::shared_ptr<WindowScan> scan) {
  pending_ = true;
  ++fetching_;
  ExecuteAwaited([this, table, scan = std::move(scan)]() -> std::function<void()> {
    return [this, table, scan, status = scan->ReadPage()] {
      --fetching_;
      if (!status.ok()) {
        fetch_failure_ = status;
        scans_.erase(table);
        return;
      }
      scan->LeaveOut(
          [&](std::string_view user_key) { return table->Knows(scan->window(), user_key); });
      read_for_them_ += scan->end() - scan->begin();
    };
  });
}

void Store::DropWindow(EntryTable* table, int64_t window) {
  scans_.erase(table);
  const auto hash = static_cast<int32_t>(WindowRow::HashOf(window));
  const Keys key{WindowRow::KeyOf(window).data(), sizeof(window), nullptr, &hash, 1};
  constexpr int32_t kRow = 0;
  table->Clear(key, {&kRow, 1}, &missing_);
  DropSection({table->options().section.table, window});
}

}  // namespace castor::gemini
