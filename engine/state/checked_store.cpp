#include "state/checked_store.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

namespace castor::state {
namespace {

// What states of records have in common: `State` is acquired by the batch.
template <typename State>
class Checked : public State {
 public:
  Checked(State* state, const StateDescriptor& descriptor, const ReportMisuse* report)
      : state_(state), layout_(descriptor.layout), records_(descriptor, report) {}

  void Forget() { records_.Forget(); }

 protected:
  Result<Readiness> Acquired(Result<Readiness> readiness, AccessMode mode,
                             std::span<std::byte* const> records) {
    if (!readiness.ok() || *readiness == Readiness::kPending) return readiness;
    for (std::byte* record : records) {
      records_.Loaded(record, mode);
      if (mode == AccessMode::kOverwrite) Scribble(record);
    }
    return readiness;
  }
  Result<Readiness> Found(Result<Readiness> readiness, AccessMode mode,
                          std::span<const Record> page) {
    if (!readiness.ok() || *readiness == Readiness::kPending) return readiness;
    for (const Record& record : page) records_.Loaded(record.data, mode);
    return readiness;
  }

  State* const state_;
  const RecordLayout layout_;
  ReadRecords records_;

 private:
  // Blobs stay what they are: they are set, not written over.
  void Scribble(std::byte* record) const {
    constexpr std::byte kAnything{0x5A};
    int32_t from = 0;
    for (const int32_t blob : layout_.blob_offsets) {
      std::fill(record + from, record + blob, kAnything);
      from = blob + static_cast<int32_t>(sizeof(Blob));
    }
    std::fill(record + from, record + layout_.fixed_size, kAnything);
  }
};

template <typename State>
class CheckedWithBlobs : public Checked<State> {
 public:
  using Checked<State>::Checked;

  void Release() override {
    this->records_.Forget();
    this->state_->Release();
  }
  Status SetBlob(Blob* blob, std::string_view bytes) override {
    this->records_.Write(blob);
    return this->state_->SetBlob(blob, bytes);
  }
};

class CheckedValueState final : public CheckedWithBlobs<ValueState> {
 public:
  using CheckedWithBlobs::CheckedWithBlobs;

  Result<Readiness> Acquire(const KeyBatch& keys, AccessMode mode, std::byte** records,
                            uint8_t* created) override {
    return Acquired(state_->Acquire(keys, mode, records, created), mode,
                    {records, static_cast<size_t>(keys.count())});
  }
  void Erase(const KeyBatch& keys, std::span<const int32_t> rows) override {
    records_.Forget();
    state_->Erase(keys, rows);
  }
};

// What map and list have in common; `Base` is Checked, with or without blobs.
template <typename Base>
class CheckedEntries : public Base {
 public:
  using Base::Base;

  Result<Readiness> Locate(const KeyBatch& keys, std::span<const int32_t> rows,
                           std::vector<uint64_t>* handles) override {
    return this->state_->Locate(keys, rows, handles);
  }
  Result<Readiness> Entries(uint64_t handle, AccessMode mode, uint64_t* cursor, size_t max_entries,
                            std::vector<Record>* page) override {
    const size_t before = page->size();
    auto readiness = this->state_->Entries(handle, mode, cursor, max_entries, page);
    return this->Found(std::move(readiness), mode, std::span(*page).subspan(before));
  }
  void Clear(const KeyBatch& keys, std::span<const int32_t> rows) override {
    this->records_.Forget();
    this->state_->Clear(keys, rows);
  }
};

class CheckedMapState final : public CheckedEntries<CheckedWithBlobs<MapState>> {
 public:
  using CheckedEntries::CheckedEntries;

  Result<Readiness> Acquire(const KeyBatch& keys, std::span<const int32_t> key_rows,
                            std::span<const std::string_view> user_keys, AccessMode mode,
                            std::byte** records, uint8_t* created) override {
    return Acquired(state_->Acquire(keys, key_rows, user_keys, mode, records, created), mode,
                    {records, key_rows.size()});
  }
  void Erase(const KeyBatch& keys, std::span<const int32_t> key_rows,
             std::span<const std::string_view> user_keys) override {
    records_.Forget();
    state_->Erase(keys, key_rows, user_keys);
  }
};

class CheckedListState final : public CheckedEntries<Checked<ListState>> {
 public:
  using CheckedEntries::CheckedEntries;

  Status Append(const KeyBatch& keys, std::span<const int32_t> key_rows,
                std::span<const std::string_view> values, std::byte** records) override {
    CASTOR_RETURN_NOT_OK(state_->Append(keys, key_rows, values, records));
    for (std::byte* record : std::span(records, key_rows.size())) {
      records_.Loaded(record, AccessMode::kFindOrCreate);
    }
    return Status::OK();
  }
};

class CheckedWindowState final : public CheckedWithBlobs<WindowState> {
 public:
  using CheckedWithBlobs::CheckedWithBlobs;

  Result<Readiness> Acquire(std::span<const TimestampMs> windows, const KeyBatch& keys,
                            AccessMode mode, std::byte** records, uint8_t* created) override {
    return Acquired(state_->Acquire(windows, keys, mode, records, created), mode,
                    {records, windows.size()});
  }
  std::vector<TimestampMs> Windows() const override { return state_->Windows(); }
  // The page before goes.
  Result<Readiness> Scan(TimestampMs window, AccessMode mode, uint64_t* cursor, size_t max_records,
                         std::vector<Record>* page) override {
    records_.Forget();
    auto readiness = state_->Scan(window, mode, cursor, max_records, page);
    return Found(std::move(readiness), mode, *page);
  }
  void Drop(TimestampMs window) override {
    records_.Forget();
    state_->Drop(window);
  }
};

class CheckedStore final : public SnapshottableStore {
 public:
  CheckedStore(std::unique_ptr<SnapshottableStore> store, ReportMisuse report)
      : store_(std::move(store)), report_(std::move(report)) {}

  Result<ValueState*> OpenValue(const StateDescriptor& descriptor) override {
    return Check(store_->OpenValue(descriptor), descriptor, &values_);
  }
  Result<MapState*> OpenMap(const StateDescriptor& descriptor) override {
    return Check(store_->OpenMap(descriptor), descriptor, &maps_);
  }
  Result<ListState*> OpenList(const StateDescriptor& descriptor) override {
    return Check(store_->OpenList(descriptor), descriptor, &lists_);
  }
  Result<WindowState*> OpenWindow(const StateDescriptor& descriptor) override {
    return Check(store_->OpenWindow(descriptor), descriptor, &windows_);
  }
  // Rows of windows, as timers, are bytes that nobody can write to.
  Result<WindowListState*> OpenWindowList(const StateDescriptor& descriptor) override {
    return store_->OpenWindowList(descriptor);
  }
  Result<TimerQueue*> OpenTimers(const std::string& name) override {
    return store_->OpenTimers(name);
  }
  int64_t ByteSize() const override { return store_->ByteSize(); }

  bool HasStates() const override { return store_->HasStates(); }
  bool MayCut() override { return store_->MayCut(); }
  Result<std::unique_ptr<StateCut>> Cut(SnapshotFormat format) override {
    Forget();
    return store_->Cut(format);
  }
  Work Maintain(bool at_rest, std::chrono::nanoseconds budget) override {
    if (at_rest) Forget();
    return store_->Maintain(at_rest, budget);
  }
  bool OverBudget() const override { return store_->OverBudget(); }
  bool MustWait() const override { return store_->MustWait(); }
  Status Restore(const StoredState& stored) override { return store_->Restore(stored); }

 private:
  template <typename State, typename CheckedState>
  Result<State*> Check(Result<State*> state, const StateDescriptor& descriptor,
                       std::vector<std::unique_ptr<CheckedState>>* checked) {
    if (!state.ok()) return state.status();
    checked->push_back(std::make_unique<CheckedState>(*state, descriptor, &report_));
    return checked->back().get();
  }

  void Forget() {
    const auto forget = [](auto& states) {
      for (auto& state : states) state->Forget();
    };
    forget(values_);
    forget(maps_);
    forget(lists_);
    forget(windows_);
  }

  const std::unique_ptr<SnapshottableStore> store_;
  const ReportMisuse report_;
  std::vector<std::unique_ptr<CheckedValueState>> values_;
  std::vector<std::unique_ptr<CheckedMapState>> maps_;
  std::vector<std::unique_ptr<CheckedListState>> lists_;
  std::vector<std::unique_ptr<CheckedWindowState>> windows_;
};

}  // namespace

std::unique_ptr<SnapshottableStore> MakeCheckedStore(std::unique_ptr<SnapshottableStore> store,
                                                     ReportMisuse report) {
  return std::make_unique<CheckedStore>(std::move(store), std::move(report));
}

std::unique_ptr<SnapshottableStore> CheckedIfAsked(const std::string& operator_name,
                                                   std::unique_ptr<SnapshottableStore> store) {
  const char* const asked = std::getenv("CASTOR_CHECK_STATE");
  if (asked == nullptr || std::string_view(asked) != "1") return store;
  return MakeCheckedStore(std::move(store), [operator_name](const std::string& misuse) {
    std::fprintf(stderr, "error: operator %s: %s\n", operator_name.c_str(), misuse.c_str());
    std::abort();
  });
}

}  // namespace castor::state
