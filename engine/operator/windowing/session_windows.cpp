#include "operator/windowing/session_windows.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "state/key_list.h"

namespace castor::windowing {
namespace {

using state::KeyEntries;
using state::Readiness;

std::string_view BytesOf(const Window& window) {
  return {reinterpret_cast<const char*>(&window), sizeof(window)};
}

Window& WindowOf(std::byte* record) { return *reinterpret_cast<Window*>(record); }

Window ReadName(std::string_view bytes) {
  Window name;
  std::memcpy(&name, bytes.data(), sizeof(name));
  return name;
}

}  // namespace

Status SessionWindows::Open(state::KeyedStateStore& store) {
  CASTOR_ASSIGN_OR_RETURN(state_, store.OpenMap(spec_.state));
  CASTOR_ASSIGN_OR_RETURN(timers_, store.OpenTimers(spec_.timers_name));
  return Status::OK();
}

Result<Readiness> SessionWindows::Load(const state::KeyBatch& keys) {
  constexpr size_t kPage = 64;
  distinct_.Find(keys);
  const std::vector<int32_t>& first_rows = distinct_.first_rows();
  sessions_.clear();
  first_session_.assign(first_rows.size(), -1);
  CASTOR_ASSIGN_OR_RETURN(const Readiness located, state_->Locate(keys, first_rows, &handles_));
  if (located == Readiness::kPending) return located;
  for (size_t key = 0; key < handles_.size(); ++key) {
    if (handles_[key] == 0) continue;
    for (uint64_t cursor = 0; cursor != KeyEntries::kEndOfEntries;) {
      page_.clear();
      // Any of them may grow.
      CASTOR_ASSIGN_OR_RETURN(
          const Readiness read,
          state_->Entries(handles_[key], state::AccessMode::kFind, &cursor, kPage, &page_));
      if (read == Readiness::kPending) return read;
      for (const state::Record& entry : page_) {
        sessions_.push_back({WindowOf(entry.data), ReadName(entry.key), entry.data, first_rows[key],
                             first_session_[key], -1});
        first_session_[key] = static_cast<int32_t>(sessions_.size()) - 1;
      }
    }
  }
  return Readiness::kReady;
}

int32_t SessionWindows::Live(int32_t session) {
  while (sessions_[static_cast<size_t>(session)].merged_into >= 0) {
    session = sessions_[static_cast<size_t>(session)].merged_into;
  }
  return session;
}

// The one that is in state already lives on, so that as few records as possible are merged.
int32_t SessionWindows::Join(int32_t one, int32_t other) {
  if (sessions_[static_cast<size_t>(one)].record == nullptr) std::swap(one, other);
  Session& into = sessions_[static_cast<size_t>(one)];
  Session& from = sessions_[static_cast<size_t>(other)];
  into.window = {std::min(into.window.start, from.window.start),
                 std::max(into.window.end, from.window.end)};
  from.merged_into = one;
  merged_.push_back(other);
  return one;
}

int32_t SessionWindows::Place(int32_t row, int32_t key, const Window& window,
                              TimestampMs progress) {
  int32_t found = -1;
  int32_t* link = &first_session_[static_cast<size_t>(key)];
  while (*link >= 0) {
    const int32_t at = *link;
    Session& session = sessions_[static_cast<size_t>(at)];
    const bool gone = session.merged_into >= 0;
    const bool same =
        !gone && (spec_.merges ? session.window.Intersects(window) : session.window == window);
    if (gone) {
      *link = session.next;
      continue;
    }
    if (same) {
      session.window = {std::min(session.window.start, window.start),
                        std::max(session.window.end, window.end)};
      found = found < 0 ? at : Join(found, at);
    }
    link = &session.next;
  }
  if (found >= 0) return found;
  if (spec_.drops_late && IsDue(window, progress)) return kLate;
  sessions_.push_back({window, window, nullptr, row, first_session_[static_cast<size_t>(key)], -1});
  first_session_[static_cast<size_t>(key)] = static_cast<int32_t>(sessions_.size()) - 1;
  return first_session_[static_cast<size_t>(key)];
}

Result<Readiness> SessionWindows::CreateRecords(const state::KeyBatch& keys) {
  rows_.clear();
  names_.clear();
  created_.clear();
  for (size_t i = 0; i < sessions_.size(); ++i) {
    const Session& session = sessions_[i];
    if (session.record != nullptr || session.merged_into >= 0) continue;
    created_.push_back(static_cast<int32_t>(i));
    rows_.push_back(session.key_row);
    names_.push_back(BytesOf(session.name));
  }
  found_.resize(created_.size());
  if (created_.empty()) return Readiness::kReady;
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                          state_->Acquire(keys, rows_, names_, state::AccessMode::kFindOrCreate,
                                          found_.data(), nullptr));
  if (readiness == Readiness::kPending) return readiness;
  for (size_t i = 0; i < created_.size(); ++i) {
    sessions_[static_cast<size_t>(created_[i])].record = found_[i];
  }
  return readiness;
}

// Only sessions that were in state before the batch have something to be merged.
void SessionWindows::CollectMerges(Merges* merges) {
  *merges = Merges();
  for (const int32_t merged : merged_) {
    const Session& from = sessions_[static_cast<size_t>(merged)];
    if (from.record == nullptr) continue;
    const Session& into = sessions_[static_cast<size_t>(Live(merged))];
    merges->into.push_back(into.record);
    merges->from.push_back(from.record);
    merges->key_rows.push_back(from.key_row);
    merges->into_names.push_back(into.name);
    merges->from_names.push_back(from.name);
  }
}

void SessionWindows::NamesOfRows(std::vector<Window>* names) {
  names->resize(session_of_row_.size());
  for (size_t row = 0; row < session_of_row_.size(); ++row) {
    const int32_t session = session_of_row_[row];
    (*names)[row] =
        session == kLate ? Window{} : sessions_[static_cast<size_t>(Live(session))].name;
  }
}

Result<Readiness> SessionWindows::Assign(const state::KeyBatch& keys,
                                         std::span<const Window> windows, TimestampMs progress,
                                         std::vector<std::byte*>* records, Merges* merges) {
  CASTOR_ASSIGN_OR_RETURN(const Readiness loaded, Load(keys));
  if (loaded == Readiness::kPending) return loaded;
  merged_.clear();
  session_of_row_.resize(windows.size());
  for (size_t row = 0; row < windows.size(); ++row) {
    session_of_row_[row] =
        Place(static_cast<int32_t>(row), distinct_.number_of_row()[row], windows[row], progress);
  }
  CASTOR_ASSIGN_OR_RETURN(const Readiness created, CreateRecords(keys));
  if (created == Readiness::kPending) return created;
  CollectMerges(merges);
  for (const Session& session : sessions_) {
    if (session.merged_into < 0) WindowOf(session.record) = session.window;
  }
  records->resize(windows.size());
  for (size_t row = 0; row < windows.size(); ++row) {
    const int32_t session = session_of_row_[row];
    (*records)[row] =
        session == kLate ? nullptr : sessions_[static_cast<size_t>(Live(session))].record;
  }
  return Readiness::kReady;
}

void SessionWindows::Finish(const state::KeyBatch& keys) {
  state_->Release();
  for (const int32_t created : created_) {
    const Session& session = sessions_[static_cast<size_t>(created)];
    timers_->Register(
        state::TimerAt(TimerOf(session.window), keys, session.key_row, BytesOf(session.name)));
  }
  rows_.clear();
  names_.clear();
  for (const int32_t merged : merged_) {
    const Session& session = sessions_[static_cast<size_t>(merged)];
    if (session.record == nullptr) continue;
    rows_.push_back(session.key_row);
    names_.push_back(BytesOf(session.name));
  }
  if (!rows_.empty()) state_->Erase(keys, rows_, names_);
}

Result<Readiness> SessionWindows::NextDue(TimestampMs progress, size_t max, Due* due, bool* done) {
  due->keys = &due_keys_;
  due->key_rows.clear();
  due->windows.clear();
  due->names.clear();
  due->records.clear();
  due_rows_.clear();
  if (timers_due_.empty()) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness popped, timers_->PopDue(progress, max, &timers_due_));
    if (popped == Readiness::kPending) return popped;
  }
  *done = timers_due_.empty();
  if (*done) return Readiness::kReady;

  state::TakeKeys(timers_due_, &due_keys_);
  names_.clear();
  for (size_t i = 0; i < timers_due_.size(); ++i) names_.push_back(timers_due_[i].name_space);
  rows_.resize(timers_due_.size());
  std::iota(rows_.begin(), rows_.end(), 0);
  found_.resize(timers_due_.size());
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      state_->Acquire(due_keys_, rows_, names_, state::AccessMode::kFind, found_.data(), nullptr));
  if (readiness == Readiness::kPending) return readiness;

  SortOutDue();
  for (const int32_t row : due_rows_) {
    std::byte* record = found_[static_cast<size_t>(row)];
    due->key_rows.push_back(row);
    due->windows.push_back(WindowOf(record));
    due->names.push_back(ReadName(names_[static_cast<size_t>(row)]));
    due->records.push_back(record);
  }
  return Readiness::kReady;
}

// What has grown beyond its timer waits for a later one, or takes its place within this page.
void SessionWindows::SortOutDue() {
  const TimestampMs last = timers_due_[timers_due_.size() - 1].time;
  due_times_.resize(timers_due_.size());
  for (size_t i = 0; i < timers_due_.size(); ++i) {
    if (found_[i] == nullptr) continue;  // merged into another
    state::Timer timer = timers_due_[i];
    timer.time = due_times_[i] = TimerOf(WindowOf(found_[i]));
    if (timer.time > last) {
      timers_->Register(timer);
    } else {
      due_rows_.push_back(static_cast<int32_t>(i));
    }
  }
  std::stable_sort(due_rows_.begin(), due_rows_.end(), [this](int32_t one, int32_t other) {
    return due_times_[static_cast<size_t>(one)] < due_times_[static_cast<size_t>(other)];
  });
}

void SessionWindows::EraseDue() {
  state_->Release();
  names_.clear();
  for (const int32_t row : due_rows_) {
    names_.push_back(timers_due_[static_cast<size_t>(row)].name_space);
  }
  if (!due_rows_.empty()) state_->Erase(due_keys_, due_rows_, names_);
  timers_due_.Clear();
  due_rows_.clear();
}

}  // namespace castor::windowing
