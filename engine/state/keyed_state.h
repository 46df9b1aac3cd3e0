// Typed keyed state of one operator instance: what operators read and write, by the batch.
//
// Access is `Acquire(keys) -> kReady | kPending`. When ready, the call has filled in addresses of
// records that stay valid, and may be updated in place, until `Release`; at most one acquisition
// per state object is open at a time. When pending, cold data is on its way: the operator returns
// Progress::kPending and repeats the same call when it is resumed. Rows of a batch with equal keys
// get the same address, so processing rows in order keeps order per key. What is going to be done
// with records is said beforehand (`AccessMode`): what has not changed is in no snapshot again, and
// what is overwritten as a whole, blobs by SetBlob, need not be read (values and maps only).
//
// A record is `RecordLayout::fixed_size` bytes, zero when new, in native byte order, 16-byte
// aligned fields allowed, with Blobs at the offsets that the layout names for what varies in size.
// The layout is part of the state's schema: it is written to snapshots and compared at restore.
//
// TTL (`ttl_ms` > 0): processing time, refreshed when a record is acquired for writing; expired
// records are never returned (they are as good as absent). One instance belongs to one operator
// instance: not thread-safe, all calls from the subtask that owns it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "gemini/memory/keys.h"
#include "gemini/memory/record_layout.h"
#include "gemini/memory/views.h"
#include "state/keys.h"

namespace castor::state {

using Readiness = gemini::Readiness;
using AccessMode = gemini::Access;

// Bytes of varying size inside a record, short ones in the record itself. Owned by the state;
// written only through `SetBlob`.
using Blob = gemini::Blob;

struct RecordLayout {
  int32_t fixed_size = 0;  // a multiple of 16
  std::vector<int32_t> blob_offsets;
};

struct StateDescriptor {
  std::string name;  // stable within the operator, Flink's name where it has one
  RecordLayout layout;
  std::string schema;   // textual description of what the records hold, compared at restore
  int32_t version = 1;  // of the accumulators' layout
  int64_t ttl_ms = 0;
};

// What is found by a walk: `key` is the user key, the element of a list or the key in a window.
using Record = gemini::EntryView;

// key -> record. For accumulators (Flink's ValueState, ReducingState, AggregatingState).
class ValueState {
 public:
  virtual ~ValueState() = default;
  // records[i] is the record of keys.key(i), or nullptr (absent, and not to be made). created[i]
  // (may be null) is 1 at the first row of each key whose record this call made, else 0.
  virtual Result<Readiness> Acquire(const KeyBatch& keys, AccessMode mode, std::byte** records,
                                    uint8_t* created) = 0;
  virtual void Release() = 0;
  // Removes the records of the given rows' keys; equal keys may repeat. Not while acquired.
  virtual void Erase(const KeyBatch& keys, std::span<const int32_t> rows) = 0;
  virtual Status SetBlob(Blob* blob, std::string_view bytes) = 0;
};

// Walks over the entries of keys, in pages and in order of insertion as long as none was erased:
// what map and list states have in common.
class KeyEntries {
 public:
  static constexpr uint64_t kEndOfEntries = UINT64_MAX;

  virtual ~KeyEntries() = default;
  // handles[j] stands for the entries of the key of rows[j]; 0: there are none. One pass over the
  // batch, with prefetches. Handles hold until entries of this state are erased or cleared.
  virtual Result<Readiness> Locate(const KeyBatch& keys, std::span<const int32_t> rows,
                                   std::vector<uint64_t>* handles) = 0;
  // Appends up to `max_entries` to `*page`. `cursor` is 0 at the start and set to the next page, or
  // to kEndOfEntries. What is found is valid until entries of this state are erased or cleared. Not
  // kFindOrCreate.
  virtual Result<Readiness> Entries(uint64_t handle, AccessMode mode, uint64_t* cursor,
                                    size_t max_entries, std::vector<Record>* page) = 0;
};

// (key, user key) -> record (Flink's MapState), with a clear that is one mark. User keys are bytes,
// e.g. a row in BinaryRowData form; a record may be of size 0.
class MapState : public KeyEntries {
 public:
  // user_keys[i] belongs to keys.key(key_rows[i]).
  virtual Result<Readiness> Acquire(const KeyBatch& keys, std::span<const int32_t> key_rows,
                                    std::span<const std::string_view> user_keys, AccessMode mode,
                                    std::byte** records, uint8_t* created) = 0;
  virtual void Release() = 0;
  virtual void Erase(const KeyBatch& keys, std::span<const int32_t> key_rows,
                     std::span<const std::string_view> user_keys) = 0;
  virtual void Clear(const KeyBatch& keys, std::span<const int32_t> rows) = 0;

  virtual Status SetBlob(Blob* blob, std::string_view bytes) = 0;
};

// key -> bytes appended one after the other (Flink's ListState), each with a record of its own
// (e.g. an association count). Appending does not read.
class ListState : public KeyEntries {
 public:
  virtual Status Append(const KeyBatch& keys, std::span<const int32_t> key_rows,
                        std::span<const std::string_view> values, std::byte** records) = 0;
  virtual void Clear(const KeyBatch& keys, std::span<const int32_t> rows) = 0;
};

// (window, key) -> record, partitioned by window, which is a time (a slice's or window's end):
// opened by its first record, walked when it fires, dropped whole. No timers per key are needed.
class WindowState {
 public:
  virtual ~WindowState() = default;
  virtual Result<Readiness> Acquire(std::span<const TimestampMs> windows, const KeyBatch& keys,
                                    AccessMode mode, std::byte** records, uint8_t* created) = 0;
  virtual void Release() = 0;
  // The open windows in ascending order.
  virtual std::vector<TimestampMs> Windows() const = 0;
  // Walks one window; `cursor` as in KeyEntries. `*page` is replaced. Creating records in other
  // windows keeps the page valid. Not kFindOrCreate.
  virtual Result<Readiness> Scan(TimestampMs window, AccessMode mode, uint64_t* cursor,
                                 size_t max_records, std::vector<Record>* page) = 0;
  // The hash of the key of a record that has been found so.
  static int32_t KeyHashOf(const Record& record) {
    return static_cast<int32_t>(gemini::WindowRow::KeyHashOf(record));
  }
  virtual void Drop(TimestampMs window) = 0;
  virtual Status SetBlob(Blob* blob, std::string_view bytes) = 0;
};

// (window, key) -> rows appended (window join, window rank).
class WindowListState {
 public:
  // A key of a window. `handle` stands for its rows, as those that `Locate` finds.
  using Key = gemini::WindowKey;

  virtual ~WindowListState() = default;
  virtual Status Append(std::span<const TimestampMs> windows, const KeyBatch& keys,
                        std::span<const std::string_view> values) = 0;
  // The open windows in ascending order.
  virtual std::vector<TimestampMs> Windows() const = 0;
  // Walks the keys of a window; `cursor` as in KeyEntries. `*page` is replaced.
  virtual Result<Readiness> Keys(TimestampMs window, uint64_t* cursor, size_t max_keys,
                                 std::vector<Key>* page) = 0;
  // handles[i] stands for the rows of keys.key(i) in the window; 0: there are none. One pass over
  // the batch, with prefetches. Handles and rows found are valid until the window is appended to or
  // dropped.
  virtual Result<Readiness> Locate(TimestampMs window, const KeyBatch& keys,
                                   std::vector<uint64_t>* handles) = 0;
  // Walks the rows of a key, in the order they were appended; `*page` is replaced.
  virtual Result<Readiness> Values(uint64_t handle, uint64_t* cursor, size_t max_values,
                                   std::vector<std::string_view>* page) = 0;
  virtual void Drop(TimestampMs window) = 0;
};

// Timers of (key, namespace) at a time: set semantics, popped in order of time.
using Timer = gemini::TimerView;
using TimerPage = gemini::TimerPage;

class TimerQueue {
 public:
  virtual ~TimerQueue() = default;
  virtual void Register(const Timer& timer) = 0;
  virtual void Delete(const Timer& timer) = 0;
  // No timer is earlier; kMaxWatermark when there is none. A lower bound: looking for timers that
  // are due gives a better one.
  virtual TimestampMs NextTime() = 0;
  // Replaces `*due` by up to `max` timers with time <= `until`, earliest first, and removes them.
  // None: none is due.
  virtual Result<Readiness> PopDue(TimestampMs until, size_t max, TimerPage* due) = 0;
};

// All keyed state of one operator instance.
class KeyedStateStore {
 public:
  virtual ~KeyedStateStore() = default;
  // Opens a state, restored if the snapshot had one of that name. A restored state whose layout,
  // schema or version differs is refused with kIncompatible, naming operator, state and both
  // schemas. The pointers live as long as the store.
  virtual Result<ValueState*> OpenValue(const StateDescriptor& descriptor) = 0;
  virtual Result<MapState*> OpenMap(const StateDescriptor& descriptor) = 0;
  virtual Result<ListState*> OpenList(const StateDescriptor& descriptor) = 0;
  virtual Result<WindowState*> OpenWindow(const StateDescriptor& descriptor) = 0;
  virtual Result<WindowListState*> OpenWindowList(const StateDescriptor& descriptor) = 0;
  virtual Result<TimerQueue*> OpenTimers(const std::string& name) = 0;

  virtual int64_t ByteSize() const = 0;
};

}  // namespace castor::state
