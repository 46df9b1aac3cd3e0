// The live sessions of each key in keyed state: found, extended and merged as rows come, and given
// out when they are due. Defines Flink's MergingWindowSet and MergingWindowProcessFunction.
//
// A session is an entry of a map state whose name never changes (the window that it began with, as
// Flink's state window); its record starts with the window it has grown to, and the rest is the
// caller's. Each session has one timer, which stays where it was when the session grows, and is set
// anew when it is popped: most sessions grow with every row, and end once.
//
// A batch is `Assign`, the caller's changes to the records, then `Finish`. Firing is `NextDue`, the
// caller's reading of the records, then `EraseDue`, until nothing is due. Not thread-safe; belongs
// to one operator instance.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "operator/windowing/distinct_keys.h"
#include "operator/windowing/window.h"
#include "operator/windowing/zone_shift.h"
#include "state/keyed_state.h"

namespace castor::windowing {

class SessionWindows {
 public:
  // Bytes at the start of each record that hold the session's window.
  static constexpr int32_t kReservedBytes = sizeof(Window);

  struct Spec {
    state::StateDescriptor state;
    std::string timers_name;
    bool merges = true;      // else each distinct window is a session
    bool drops_late = true;  // event time
    ZoneShift shift;
  };
  // Two sessions that have become one: `from` is to be added to `into`.
  struct Merges {
    std::vector<std::byte*> into;
    std::vector<std::byte*> from;
    std::vector<int32_t> key_rows;  // rows of the batch that have their keys
    std::vector<Window> into_names;
    std::vector<Window> from_names;
  };
  struct Due {
    const state::KeyBatch* keys = nullptr;
    std::vector<int32_t> key_rows;  // per session: where in `keys` its key is
    std::vector<Window> windows;
    std::vector<Window> names;
    std::vector<std::byte*> records;
  };

  explicit SessionWindows(Spec spec) : spec_(std::move(spec)) {}
  Status Open(state::KeyedStateStore& store);

  // records[row] is that of the session that row belongs to after the whole batch, or nullptr: the
  // row is late. The sessions in `merges` come in the order in which they are to be merged. After
  // kPending the same call again.
  Result<state::Readiness> Assign(const state::KeyBatch& keys, std::span<const Window> windows,
                                  TimestampMs progress, std::vector<std::byte*>* records,
                                  Merges* merges);
  // The names of the sessions of the rows of the latest Assign; any for late rows.
  void NamesOfRows(std::vector<Window>* names);
  void Finish(const state::KeyBatch& keys);

  // The earliest instant at which a session may be due; kMaxWatermark: there are none.
  TimestampMs NextTime() { return timers_->NextTime(); }
  // Up to `max` sessions that are due by `progress`; `*due` is replaced and `*done` says whether
  // more may follow. After kPending the same call again.
  Result<state::Readiness> NextDue(TimestampMs progress, size_t max, Due* due, bool* done);
  void EraseDue();

  state::MapState* state() { return state_; }

 private:
  // A session of one of the batch's keys.
  struct Session {
    Window window;
    Window name;
    std::byte* record;    // nullptr: not in state yet
    int32_t key_row;      // a row of the batch that has its key
    int32_t next;         // of the same key; -1: last
    int32_t merged_into;  // -1: live
  };
  static constexpr int32_t kLate = -1;

  Result<state::Readiness> Load(const state::KeyBatch& keys);
  int32_t Place(int32_t row, int32_t key, const Window& window, TimestampMs progress);
  int32_t Join(int32_t one, int32_t other);
  int32_t Live(int32_t session);
  Result<state::Readiness> CreateRecords(const state::KeyBatch& keys);
  void CollectMerges(Merges* merges);
  bool IsDue(const Window& window, TimestampMs progress) const {
    return TimerOf(window) <= progress;
  }
  TimestampMs TimerOf(const Window& window) const { return spec_.shift.ToTimer(window.end - 1); }
  void SortOutDue();

  const Spec spec_;
  state::MapState* state_ = nullptr;
  state::TimerQueue* timers_ = nullptr;

  // Of the batch at hand.
  DistinctKeys distinct_;
  std::vector<Session> sessions_;
  std::vector<int32_t> first_session_;   // per distinct key; -1: none
  std::vector<int32_t> session_of_row_;  // kLate: none
  std::vector<int32_t> merged_;          // sessions merged into another, in order
  std::vector<int32_t> created_;         // sessions whose records were made

  // Of the page of due timers at hand.
  state::TimerPage timers_due_;
  std::vector<TimestampMs> due_times_;  // when each of them really is
  state::KeyBatch due_keys_;
  std::vector<int32_t> due_rows_;  // of the sessions given out, in order of time

  // Scratch.
  std::vector<int32_t> rows_;
  std::vector<std::string_view> names_;
  std::vector<std::byte*> found_;
  std::vector<uint64_t> handles_;
  std::vector<state::Record> page_;
};

}  // namespace castor::windowing
