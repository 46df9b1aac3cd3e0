// The kinds of keyed state, each as a table of a Gemini instance.
//
// What the interfaces in keyed_state.h promise is what the instance does; these only bring keys and
// the time along. They live as long as their store and are not thread-safe.
#pragma once

#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "gemini/store/store.h"
#include "state/keyed_state.h"

namespace castor::state {

inline gemini::Keys KeysOf(const KeyBatch& keys) {
  return {keys.rows.bytes.data(), static_cast<size_t>(keys.rows.fixed_width),
          keys.rows.offsets.data(), keys.hashes.data(), static_cast<size_t>(keys.count())};
}

// What an instance leaves alone is not made.
inline void ClearCreated(size_t count, uint8_t* created) {
  if (created != nullptr) std::memset(created, 0, count);
}

// An error for what is too large to be one value.
Status CheckBlobSize(std::string_view bytes);

class GeminiValueState final : public ValueState {
 public:
  GeminiValueState(gemini::Store* store, gemini::RecordTable* table, const Clock* clock)
      : store_(store), table_(table), clock_(clock) {}

  Result<Readiness> Acquire(const KeyBatch& keys, AccessMode mode, std::byte** records,
                            uint8_t* created) override {
    ClearCreated(static_cast<size_t>(keys.count()), created);
    return store_->Acquire(table_, KeysOf(keys), mode, Now(), records, created);
  }
  void Release() override {}  // by what looks after the store
  void Erase(const KeyBatch& keys, std::span<const int32_t> rows) override {
    store_->Erase(table_, KeysOf(keys), rows);
  }
  Status SetBlob(Blob* blob, std::string_view bytes) override {
    CASTOR_RETURN_NOT_OK(CheckBlobSize(bytes));
    table_->SetBlob(blob, bytes);
    return Status::OK();
  }
  gemini::RecordTable* table() { return table_; }

 private:
  TimestampMs Now() const { return table_->options().ttl_ms > 0 ? clock_->NowMs() : 0; }

  gemini::Store* const store_;
  gemini::RecordTable* const table_;
  const Clock* const clock_;
};

// What map and list have in common; `State` is MapState or ListState.
template <typename State>
class GeminiEntries : public State {
 public:
  GeminiEntries(gemini::Store* store, gemini::EntryTable* table, const Clock* clock)
      : store_(store), table_(table), clock_(clock) {}

  Result<Readiness> Locate(const KeyBatch& keys, std::span<const int32_t> rows,
                           std::vector<uint64_t>* handles) override {
    return store_->Locate(table_, KeysOf(keys), rows, handles);
  }
  Result<Readiness> Entries(uint64_t handle, AccessMode mode, uint64_t* cursor, size_t max_entries,
                            std::vector<Record>* page) override {
    table_->Walk(handle, mode, Now(), cursor, max_entries, page);
    return Readiness::kReady;
  }
  void Clear(const KeyBatch& keys, std::span<const int32_t> rows) override {
    store_->Clear(table_, KeysOf(keys), rows);
  }
  gemini::EntryTable* table() { return table_; }

 protected:
  TimestampMs Now() const { return table_->options().ttl_ms > 0 ? clock_->NowMs() : 0; }

  gemini::Store* const store_;
  gemini::EntryTable* const table_;
  const Clock* const clock_;
};

class GeminiMapState final : public GeminiEntries<MapState> {
 public:
  using GeminiEntries::GeminiEntries;

  Result<Readiness> Acquire(const KeyBatch& keys, std::span<const int32_t> key_rows,
                            std::span<const std::string_view> user_keys, AccessMode mode,
                            std::byte** records, uint8_t* created) override {
    ClearCreated(key_rows.size(), created);
    const gemini::Keys view = KeysOf(keys);
    return store_->Acquire(table_, {view, key_rows, user_keys}, mode, Now(), records, created);
  }
  void Release() override {}
  void Erase(const KeyBatch& keys, std::span<const int32_t> key_rows,
             std::span<const std::string_view> user_keys) override {
    const gemini::Keys view = KeysOf(keys);
    store_->Erase(table_, {view, key_rows, user_keys});
  }
  Status SetBlob(Blob* blob, std::string_view bytes) override {
    CASTOR_RETURN_NOT_OK(CheckBlobSize(bytes));
    table_->SetBlob(blob, bytes);
    return Status::OK();
  }
};

class GeminiListState final : public GeminiEntries<ListState> {
 public:
  using GeminiEntries::GeminiEntries;

  Status Append(const KeyBatch& keys, std::span<const int32_t> key_rows,
                std::span<const std::string_view> values, std::byte** records) override {
    const gemini::Keys view = KeysOf(keys);
    store_->Append(table_, {view, key_rows, values}, Now(), records);
    return Status::OK();
  }
};

class GeminiWindowState final : public WindowState {
 public:
  GeminiWindowState(gemini::Store* store, gemini::EntryTable* table)
      : store_(store), table_(table) {}

  Result<Readiness> Acquire(std::span<const TimestampMs> windows, const KeyBatch& keys,
                            AccessMode mode, std::byte** records, uint8_t* created) override {
    ClearCreated(windows.size(), created);
    return store_->Acquire(table_, windows, KeysOf(keys), mode, 0, records, created);
  }
  void Release() override {}
  std::vector<TimestampMs> Windows() const override { return table_->Windows(); }
  Result<Readiness> Scan(TimestampMs window, AccessMode mode, uint64_t* cursor, size_t max_records,
                         std::vector<Record>* page) override;
  void Drop(TimestampMs window) override { store_->DropWindow(table_, window); }
  Status SetBlob(Blob* blob, std::string_view bytes) override {
    CASTOR_RETURN_NOT_OK(CheckBlobSize(bytes));
    table_->SetBlob(blob, bytes);
    return Status::OK();
  }

 private:
  gemini::Store* const store_;
  gemini::EntryTable* const table_;
};

class GeminiWindowListState final : public WindowListState {
 public:
  GeminiWindowListState(gemini::Store* store, gemini::WindowListTable* table)
      : store_(store), table_(table) {}

  Status Append(std::span<const TimestampMs> windows, const KeyBatch& keys,
                std::span<const std::string_view> values) override {
    store_->Append(table_, windows, KeysOf(keys), values);
    return Status::OK();
  }
  std::vector<TimestampMs> Windows() const override { return table_->Windows(); }
  Result<Readiness> Keys(TimestampMs window, uint64_t* cursor, size_t max_keys,
                         std::vector<Key>* page) override {
    page->clear();
    return store_->WalkKeys(table_, window, cursor, max_keys, page);
  }
  Result<Readiness> Locate(TimestampMs window, const KeyBatch& keys,
                           std::vector<uint64_t>* handles) override {
    return store_->Locate(table_, window, KeysOf(keys), handles);
  }
  Result<Readiness> Values(uint64_t handle, uint64_t* cursor, size_t max_values,
                           std::vector<std::string_view>* page) override {
    page->clear();
    gemini::WindowListTable::WalkRows(handle, cursor, max_values, page);
    return Readiness::kReady;
  }
  void Drop(TimestampMs window) override { store_->DropWindow(table_, window); }

 private:
  gemini::Store* const store_;
  gemini::WindowListTable* const table_;
};

class GeminiTimerQueue final : public TimerQueue {
 public:
  GeminiTimerQueue(gemini::Store* store, gemini::TimerTable* table)
      : store_(store), table_(table) {}

  void Register(const Timer& timer) override { store_->Register(table_, timer); }
  void Delete(const Timer& timer) override { store_->Delete(table_, timer); }
  TimestampMs NextTime() override { return table_->NextTime(); }
  Result<Readiness> PopDue(TimestampMs until, size_t max, TimerPage* due) override {
    return store_->PopDue(table_, until, max, due);
  }

 private:
  gemini::Store* const store_;
  gemini::TimerTable* const table_;
};

}  // namespace castor::state
