// For tests: a store whose states answer pending at random, as one does whose records come from a
// disk, in front of another. What was asked for is there when it is asked for again, until the
// state changes. Also checks what users owe to states (keyed_state.h): one is acquired once at a
// time, and nothing is erased while it is; what breaks that is a failure of the test. Not
// thread-safe.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <unordered_set>
#include <vector>

#include "state/keyed_state.h"

namespace castor::state {

// What a call asks for, as one number.
class CallFingerprint {
 public:
  explicit CallFingerprint(std::string_view method) { Add(method); }

  CallFingerprint& Add(std::string_view bytes) {
    return Add(static_cast<uint64_t>(std::hash<std::string_view>()(bytes)));
  }
  CallFingerprint& Add(uint64_t number) {
    value_ = (value_ ^ number) * 0x9E3779B97F4A7C15u + 1;
    return *this;
  }
  CallFingerprint& Add(const KeyBatch& keys) {
    for (int32_t i = 0; i < keys.count(); ++i) Add(keys.key(i));
    return *this;
  }
  template <typename T>
  CallFingerprint& Add(std::span<const T> items) {
    for (const T& item : items) {
      if constexpr (std::is_integral_v<T>) {
        Add(static_cast<uint64_t>(item));
      } else {
        Add(item);
      }
    }
    return *this;
  }
  uint64_t value() const { return value_; }

 private:
  uint64_t value_ = 0;
};

// The calls of one state.
class StateCalls {
 public:
  StateCalls(std::string name, std::mt19937* random) : name_(std::move(name)), random_(random) {}
  ~StateCalls() { EXPECT_FALSE(acquired_) << name_ << " is never released"; }

  // Whether the call is to be answered pending.
  bool Wait(const CallFingerprint& call) {
    if (fetched_.contains(call.value()) || (*random_)() % 2 == 0) return false;
    fetched_.insert(call.value());
    return true;
  }
  void Acquire() {
    EXPECT_FALSE(acquired_) << name_ << " is acquired twice";
    acquired_ = true;
  }
  void Release() {
    acquired_ = false;
    fetched_.clear();
  }
  void Change() {
    EXPECT_FALSE(acquired_) << name_ << " is changed while it is acquired";
    fetched_.clear();
  }

 private:
  const std::string name_;
  std::mt19937* const random_;
  std::unordered_set<uint64_t> fetched_;
  bool acquired_ = false;
};

class PendingValueState final : public ValueState {
 public:
  PendingValueState(ValueState* state, StateCalls calls)
      : state_(state), calls_(std::move(calls)) {}

  Result<Readiness> Acquire(const KeyBatch& keys, AccessMode mode, std::byte** records,
                            uint8_t* created) override {
    const auto call = CallFingerprint("acquire").Add(keys).Add(static_cast<uint64_t>(mode));
    if (calls_.Wait(call)) return Readiness::kPending;
    calls_.Acquire();
    return state_->Acquire(keys, mode, records, created);
  }
  void Release() override {
    calls_.Release();
    state_->Release();
  }
  void Erase(const KeyBatch& keys, std::span<const int32_t> rows) override {
    calls_.Change();
    state_->Erase(keys, rows);
  }
  Status SetBlob(Blob* blob, std::string_view bytes) override {
    return state_->SetBlob(blob, bytes);
  }

 private:
  ValueState* const state_;
  StateCalls calls_;
};

// What map and list states have in common.
template <typename State>
class PendingEntries : public State {
 public:
  PendingEntries(State* state, StateCalls calls) : state_(state), calls_(std::move(calls)) {}

  Result<Readiness> Locate(const KeyBatch& keys, std::span<const int32_t> rows,
                           std::vector<uint64_t>* handles) override {
    if (calls_.Wait(CallFingerprint("locate").Add(keys).Add(rows))) return Readiness::kPending;
    return state_->Locate(keys, rows, handles);
  }
  Result<Readiness> Entries(uint64_t handle, AccessMode mode, uint64_t* cursor, size_t max_entries,
                            std::vector<Record>* page) override {
    if (calls_.Wait(CallFingerprint("entries").Add(handle).Add(*cursor))) {
      return Readiness::kPending;
    }
    return state_->Entries(handle, mode, cursor, max_entries, page);
  }
  void Clear(const KeyBatch& keys, std::span<const int32_t> rows) override {
    calls_.Change();
    state_->Clear(keys, rows);
  }

 protected:
  State* const state_;
  StateCalls calls_;
};

class PendingMapState final : public PendingEntries<MapState> {
 public:
  using PendingEntries::PendingEntries;

  Result<Readiness> Acquire(const KeyBatch& keys, std::span<const int32_t> key_rows,
                            std::span<const std::string_view> user_keys, AccessMode mode,
                            std::byte** records, uint8_t* created) override {
    const auto call = CallFingerprint("acquire").Add(keys).Add(key_rows).Add(user_keys).Add(
        static_cast<uint64_t>(mode));
    if (calls_.Wait(call)) return Readiness::kPending;
    calls_.Acquire();
    return state_->Acquire(keys, key_rows, user_keys, mode, records, created);
  }
  void Release() override {
    calls_.Release();
    state_->Release();
  }
  void Erase(const KeyBatch& keys, std::span<const int32_t> key_rows,
             std::span<const std::string_view> user_keys) override {
    calls_.Change();
    state_->Erase(keys, key_rows, user_keys);
  }
  Status SetBlob(Blob* blob, std::string_view bytes) override {
    return state_->SetBlob(blob, bytes);
  }
};

class PendingListState final : public PendingEntries<ListState> {
 public:
  using PendingEntries::PendingEntries;

  Status Append(const KeyBatch& keys, std::span<const int32_t> key_rows,
                std::span<const std::string_view> values, std::byte** records) override {
    return state_->Append(keys, key_rows, values, records);
  }
};

class PendingWindowState final : public WindowState {
 public:
  PendingWindowState(WindowState* state, StateCalls calls)
      : state_(state), calls_(std::move(calls)) {}

  Result<Readiness> Acquire(std::span<const TimestampMs> windows, const KeyBatch& keys,
                            AccessMode mode, std::byte** records, uint8_t* created) override {
    const auto call =
        CallFingerprint("acquire").Add(windows).Add(keys).Add(static_cast<uint64_t>(mode));
    if (calls_.Wait(call)) return Readiness::kPending;
    calls_.Acquire();
    return state_->Acquire(windows, keys, mode, records, created);
  }
  void Release() override {
    calls_.Release();
    state_->Release();
  }
  std::vector<TimestampMs> Windows() const override { return state_->Windows(); }
  Result<Readiness> Scan(TimestampMs window, AccessMode mode, uint64_t* cursor, size_t max_records,
                         std::vector<Record>* page) override {
    const auto call = CallFingerprint("scan").Add(static_cast<uint64_t>(window)).Add(*cursor);
    if (calls_.Wait(call)) return Readiness::kPending;
    return state_->Scan(window, mode, cursor, max_records, page);
  }
  void Drop(TimestampMs window) override {
    calls_.Change();
    state_->Drop(window);
  }
  Status SetBlob(Blob* blob, std::string_view bytes) override {
    return state_->SetBlob(blob, bytes);
  }

 private:
  WindowState* const state_;
  StateCalls calls_;
};

class PendingWindowListState final : public WindowListState {
 public:
  PendingWindowListState(WindowListState* state, StateCalls calls)
      : state_(state), calls_(std::move(calls)) {}

  Status Append(std::span<const TimestampMs> windows, const KeyBatch& keys,
                std::span<const std::string_view> values) override {
    return state_->Append(windows, keys, values);
  }
  std::vector<TimestampMs> Windows() const override { return state_->Windows(); }
  Result<Readiness> Keys(TimestampMs window, uint64_t* cursor, size_t max_keys,
                         std::vector<Key>* page) override {
    const auto call = CallFingerprint("keys").Add(static_cast<uint64_t>(window)).Add(*cursor);
    if (calls_.Wait(call)) return Readiness::kPending;
    return state_->Keys(window, cursor, max_keys, page);
  }
  Result<Readiness> Locate(TimestampMs window, const KeyBatch& keys,
                           std::vector<uint64_t>* handles) override {
    const auto call = CallFingerprint("locate").Add(static_cast<uint64_t>(window)).Add(keys);
    if (calls_.Wait(call)) return Readiness::kPending;
    return state_->Locate(window, keys, handles);
  }
  Result<Readiness> Values(uint64_t handle, uint64_t* cursor, size_t max_values,
                           std::vector<std::string_view>* page) override {
    if (calls_.Wait(CallFingerprint("values").Add(handle).Add(*cursor))) {
      return Readiness::kPending;
    }
    return state_->Values(handle, cursor, max_values, page);
  }
  void Drop(TimestampMs window) override {
    calls_.Change();
    state_->Drop(window);
  }

 private:
  WindowListState* const state_;
  StateCalls calls_;
};

class PendingTimerQueue final : public TimerQueue {
 public:
  PendingTimerQueue(TimerQueue* timers, StateCalls calls)
      : timers_(timers), calls_(std::move(calls)) {}

  void Register(const Timer& timer) override { timers_->Register(timer); }
  void Delete(const Timer& timer) override { timers_->Delete(timer); }
  TimestampMs NextTime() override { return timers_->NextTime(); }
  Result<Readiness> PopDue(TimestampMs until, size_t max, TimerPage* due) override {
    due->Clear();
    if (calls_.Wait(CallFingerprint("pop").Add(static_cast<uint64_t>(until)))) {
      return Readiness::kPending;
    }
    calls_.Change();
    return timers_->PopDue(until, max, due);
  }

 private:
  TimerQueue* const timers_;
  StateCalls calls_;
};

class PendingStore final : public KeyedStateStore {
 public:
  // `store` must outlive this one.
  explicit PendingStore(KeyedStateStore* store) : store_(store) {}

  Result<ValueState*> OpenValue(const StateDescriptor& descriptor) override {
    return Wrap<PendingValueState>(store_->OpenValue(descriptor), descriptor.name, &values_);
  }
  Result<MapState*> OpenMap(const StateDescriptor& descriptor) override {
    return Wrap<PendingMapState>(store_->OpenMap(descriptor), descriptor.name, &maps_);
  }
  Result<ListState*> OpenList(const StateDescriptor& descriptor) override {
    return Wrap<PendingListState>(store_->OpenList(descriptor), descriptor.name, &lists_);
  }
  Result<WindowState*> OpenWindow(const StateDescriptor& descriptor) override {
    return Wrap<PendingWindowState>(store_->OpenWindow(descriptor), descriptor.name, &windows_);
  }
  Result<WindowListState*> OpenWindowList(const StateDescriptor& descriptor) override {
    return Wrap<PendingWindowListState>(store_->OpenWindowList(descriptor), descriptor.name,
                                        &window_lists_);
  }
  Result<TimerQueue*> OpenTimers(const std::string& name) override {
    return Wrap<PendingTimerQueue>(store_->OpenTimers(name), name, &timers_);
  }
  int64_t ByteSize() const override { return store_->ByteSize(); }

 private:
  template <typename Pending, typename State>
  Result<State*> Wrap(Result<State*> state, const std::string& name,
                      std::vector<std::unique_ptr<State>>* wrapped) {
    if (!state.ok()) return state.status();
    wrapped->push_back(std::make_unique<Pending>(*state, StateCalls(name, &random_)));
    return wrapped->back().get();
  }

  KeyedStateStore* const store_;
  std::mt19937 random_;  // always from the same seed: a failure comes again
  std::vector<std::unique_ptr<ValueState>> values_;
  std::vector<std::unique_ptr<MapState>> maps_;
  std::vector<std::unique_ptr<ListState>> lists_;
  std::vector<std::unique_ptr<WindowState>> windows_;
  std::vector<std::unique_ptr<WindowListState>> window_lists_;
  std::vector<std::unique_ptr<TimerQueue>> timers_;
};

}  // namespace castor::state
