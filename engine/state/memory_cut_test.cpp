// A cut is saved piece by piece while the state goes on changing; what is written must be what was
// there at the cut.
#include <gtest/gtest.h>

#include <numeric>
#include <random>
#include <set>

#include "base/memory.h"
#include "state/snapshot.h"
#include "state/snapshot_format.h"
#include "state/test_keys.h"
#include "state/test_snapshot.h"

namespace castor::state {
namespace {

constexpr int32_t kMaxParallelism = 16;
constexpr int64_t kKeys = 3000;

int64_t& Number(std::byte* record) { return *reinterpret_cast<int64_t*>(record); }
Blob* Text(std::byte* record) { return reinterpret_cast<Blob*>(record + 16); }

// A store with a state of each kind, and random changes to all of them.
class Changing {
 public:
  explicit Changing(int64_t ttl_ms = 0) : ttl_ms_(ttl_ms) {
    value_ = *store_->OpenValue(Describe("value", {16}));
    map_ = *store_->OpenMap(Describe("map", {16}));
    list_ = *store_->OpenList(Describe("list", {}));
    window_ = *store_->OpenWindow(Describe("window", {16}));
    rows_ = *store_->OpenWindowList(Describe("rows", {}));
    timers_ = *store_->OpenTimers("timers");
  }

  SnapshottableStore& store() { return *store_; }
  ManualClock& clock() { return clock_; }

  void Change() {
    std::vector<int64_t> values(100);
    for (int64_t& value : values) value = static_cast<int64_t>(random_() % kKeys);
    const KeyBatch keys = MakeKeys(values);
    switch (random_() % 9) {
      case 0:
        return ChangeValues(keys);
      case 1:
        return value_->Erase(keys, Rows(10));
      case 2:
        return ChangeMap(keys);
      case 3:
        return map_->Erase(keys, Rows(100), Names(keys));
      case 4:
        map_->Clear(keys, Rows(3));
        return list_->Clear(keys, Rows(3));
      case 5:
        EXPECT_TRUE(list_->Append(keys, Rows(100), Names(keys), nullptr).ok());
        return;
      case 6:
        return ChangeWindows(keys);
      case 7:
        return DropWindows();
      default:
        return ChangeTimers(keys);
    }
  }

 private:
  StateDescriptor Describe(std::string name, std::vector<int32_t> blobs) const {
    return {std::move(name), {32, std::move(blobs)}, "test", 1, ttl_ms_};
  }
  static std::vector<int32_t> Rows(int32_t count) {
    std::vector<int32_t> rows;
    for (int32_t i = 0; i < count; ++i) rows.push_back(i);
    return rows;
  }
  std::vector<std::string_view> Names(const KeyBatch& keys) {
    static constexpr std::string_view kNames[] = {"a", "bb", "a longer name", "", "dddd"};
    std::vector<std::string_view> names;
    for (int32_t i = 0; i < keys.count(); ++i) names.push_back(kNames[random_() % 5]);
    return names;
  }
  std::string RandomText() { return std::string(random_() % 40, static_cast<char>(random_())); }

  void ChangeValues(const KeyBatch& keys) {
    std::vector<std::byte*> records(static_cast<size_t>(keys.count()));
    EXPECT_TRUE(value_->Acquire(keys, AccessMode::kFindOrCreate, records.data(), nullptr).ok());
    for (std::byte* record : records) {
      Number(record) += static_cast<int64_t>(random_() % 100);
      EXPECT_TRUE(value_->SetBlob(Text(record), RandomText()).ok());
    }
    value_->Release();
  }
  void ChangeMap(const KeyBatch& keys) {
    std::vector<std::byte*> records(static_cast<size_t>(keys.count()));
    EXPECT_TRUE(map_->Acquire(keys, Rows(keys.count()), Names(keys), AccessMode::kFindOrCreate,
                              records.data(), nullptr)
                    .ok());
    for (std::byte* record : records) {
      Number(record) += static_cast<int64_t>(random_() % 100);
      EXPECT_TRUE(map_->SetBlob(Text(record), RandomText()).ok());
    }
    map_->Release();
  }
  void ChangeWindows(const KeyBatch& keys) {
    std::vector<TimestampMs> windows;
    for (int32_t i = 0; i < keys.count(); ++i) {
      windows.push_back(static_cast<TimestampMs>(random_() % 8) * 1000);
    }
    std::vector<std::byte*> records(windows.size());
    EXPECT_TRUE(
        window_->Acquire(windows, keys, AccessMode::kFindOrCreate, records.data(), nullptr).ok());
    for (std::byte* record : records) {
      Number(record) += static_cast<int64_t>(random_() % 100);
      EXPECT_TRUE(window_->SetBlob(Text(record), RandomText()).ok());
    }
    window_->Release();
    EXPECT_TRUE(rows_->Append(windows, keys, Names(keys)).ok());
  }
  void DropWindows() {
    const auto window = static_cast<TimestampMs>(random_() % 8) * 1000;
    // As the operator that resolves conflicts does: what a scan finds is changed.
    uint64_t cursor = 0;
    std::vector<Record> page;
    EXPECT_TRUE(window_->Scan(window + 1000, &cursor, 20, &page).ok());
    for (const Record& record : page) EXPECT_TRUE(window_->SetBlob(Text(record.data), "").ok());
    window_->Drop(window);
    rows_->Drop(window);
  }
  void ChangeTimers(const KeyBatch& keys) {
    std::vector<TimerQueue::Timer> due;
    timers_->PopDue(static_cast<TimestampMs>(random_() % 20), 30, &due);
    for (int32_t i = 0; i < keys.count(); ++i) {
      const auto time = static_cast<TimestampMs>(random_() % 20);
      const int32_t hash = keys.hashes[static_cast<size_t>(i)];
      if (random_() % 4 == 0) {
        timers_->Delete(time, keys.key(i), hash, "w");
      } else {
        timers_->Register(time, keys.key(i), hash, "w");
      }
    }
  }

  const int64_t ttl_ms_;
  ManualClock clock_;
  std::unique_ptr<SnapshottableStore> store_ =
      MakeMemoryStore("test", {0, kMaxParallelism - 1}, kMaxParallelism, clock_);
  std::mt19937_64 random_{11};
  ValueState* value_;
  MapState* map_;
  ListState* list_;
  WindowState* window_;
  WindowListState* rows_;
  TimerQueue* timers_;
};

// One entry's bytes, by the kind's layout in spec/checkpoint-format.md. A saved pointer means
// nothing.
std::string TakeEntry(StateKind kind, const StateDescriptor& descriptor, BlockReader* in) {
  BlockWriter out;
  const bool windowed = kind == StateKind::kWindow || kind == StateKind::kWindowList;
  if (windowed || kind == StateKind::kTimers) out.PutI64(in->I64());
  out.PutU32(in->U32());
  if (kind == StateKind::kValue) out.PutI64(in->I64());
  out.PutBytes(in->Bytes());
  if (kind == StateKind::kMap || kind == StateKind::kList) out.PutI64(in->I64());
  if (kind != StateKind::kValue && kind != StateKind::kWindow) out.PutBytes(in->Bytes());
  if (kind == StateKind::kWindowList || kind == StateKind::kTimers) return std::string(out.bytes());
  const std::string_view record = in->Raw(static_cast<size_t>(descriptor.layout.fixed_size));
  out.PutRaw(descriptor.layout.blob_offsets.empty() ? record : record.substr(0, 16));
  for (size_t i = 0; i < descriptor.layout.blob_offsets.size(); ++i) out.PutBytes(in->Bytes());
  return std::string(out.bytes());
}

std::multiset<std::string> Entries(const std::string& snapshot) {
  std::multiset<std::string> entries;
  StateKind kind{};
  StateDescriptor descriptor;
  SnapshotVisitor visitor;
  visitor.on_state = [&](StateKind k, const StateDescriptor& d) {
    kind = k;
    descriptor = d;
    return Status::OK();
  };
  visitor.on_block = [&](int32_t group, uint32_t count, BlockReader& in) {
    for (uint32_t i = 0; i < count; ++i) {
      entries.insert(descriptor.name + std::to_string(group) + TakeEntry(kind, descriptor, &in));
    }
    EXPECT_TRUE(in.at_end() && !in.failed()) << descriptor.name;
    return Status::OK();
  };
  EXPECT_TRUE(DecodeSnapshot(snapshot, {0, kMaxParallelism - 1}, kMaxParallelism, visitor).ok());
  return entries;
}

constexpr auto kNoTime = std::chrono::nanoseconds(0);
using Work = SnapshottableStore::Work;

TEST(MemoryCut, HoldsWhatWasThereWhateverChangesMeanwhile) {
  Changing state;
  for (int i = 0; i < 600; ++i) state.Change();
  for (int round = 0; round < 12; ++round) {
    const std::multiset<std::string> expected = Entries(SnapshotOf(state.store()));
    ASSERT_GT(expected.size(), 1000u);
    const auto cut = state.store().Cut(SnapshotFormat::kNative, {}).value();
    std::string bytes;
    Work saving = Work::kMore;
    int steps = 0;
    for (; saving != Work::kNone; ++steps) {
      // Written in pieces, or when it must be.
      if (round % 3 != 0 || saving == Work::kWaiting) {
        EXPECT_FALSE(WriteSome(*cut, &bytes));
      }
      for (int i = 0; i <= round % 4; ++i) state.Change();
      saving = state.store().Maintain(true, kNoTime);
    }
    EXPECT_GT(steps, 10);
    for (int i = 0; i < 20; ++i) state.Change();
    EXPECT_TRUE(WriteSome(*cut, &bytes));
    EXPECT_TRUE(Entries(bytes) == expected) << "round " << round;
  }
}

TEST(MemoryCut, GivenUpItLeavesNoTrace) {
  Changing state;
  for (int i = 0; i < 600; ++i) state.Change();
  for (int round = 0; round < 6; ++round) {
    auto given_up = state.store().Cut(SnapshotFormat::kNative, {}).value();
    given_up->WhenReady([] { ADD_FAILURE(); });
    for (int i = 0; i < 3 * round; ++i) {
      // By whoever writes it, or by the next cut.
      if (i == 5 && round % 2 == 1) given_up.reset();
      state.store().Maintain(true, kNoTime);
      state.Change();
    }
    const std::multiset<std::string> expected = Entries(SnapshotOf(state.store()));
    const auto cut = state.store().Cut(SnapshotFormat::kNative, {}).value();
    state.Change();
    std::string bytes;
    WriteRest(state.store(), *cut, &bytes);
    EXPECT_TRUE(Entries(bytes) == expected) << "round " << round;
  }
}

TEST(MemoryCut, WhatExpiresMeanwhileWasStillThere) {
  Changing state(1000);
  for (int i = 0; i < 300; ++i) state.Change();
  const std::multiset<std::string> expected = Entries(SnapshotOf(state.store()));
  const auto cut = state.store().Cut(SnapshotFormat::kNative, {}).value();
  state.clock().Set(5000);
  for (int i = 0; i < 100; ++i) state.Change();
  while (state.store().Maintain(true, kNoTime) != Work::kNone) state.Change();
  std::string bytes;
  EXPECT_TRUE(WriteSome(*cut, &bytes));
  EXPECT_TRUE(Entries(bytes) == expected);
}

TEST(MemoryCut, ItsBytesAreAccounted) {
  const int64_t before = MemoryAccount::Buffers().used();
  {
    Changing state;
    for (int i = 0; i < 300; ++i) state.Change();
    const auto cut = state.store().Cut(SnapshotFormat::kNative, {}).value();
    EXPECT_EQ(state.store().Maintain(true, std::chrono::hours(1)), Work::kNone);
    EXPECT_GT(MemoryAccount::Buffers().used(), before + 10'000);
  }
  EXPECT_EQ(MemoryAccount::Buffers().used(), before);
}

// A store with one value state of `keys` keys.
std::unique_ptr<SnapshottableStore> Filled(int64_t keys) {
  static const ManualClock clock;
  auto store = MakeMemoryStore("test", {0, kMaxParallelism - 1}, kMaxParallelism, clock);
  ValueState* state = *store->OpenValue({"value", {64, {}}, "test", 1, 0});
  std::vector<int64_t> values(1000);
  std::vector<std::byte*> records(1000);
  for (int64_t first = 0; first < keys; first += 1000) {
    std::iota(values.begin(), values.end(), first);
    EXPECT_TRUE(
        state->Acquire(MakeKeys(values), AccessMode::kFindOrCreate, records.data(), nullptr).ok());
  }
  return store;
}

TEST(MemoryCut, ALargeStateIsSavedInLittleMemory) {
  const auto store = Filled(200'000);
  const int64_t before = MemoryAccount::Buffers().used();
  int told = 0, room = 0, waits = 0;
  const auto cut = store->Cut(SnapshotFormat::kNative, [&room] { ++room; }).value();
  cut->WhenReady([&told] { ++told; });
  std::string bytes;
  int64_t most = 0;
  for (bool done = false; !done;) {
    const Work saving = store->Maintain(true, std::chrono::hours(1));
    most = std::max(most, MemoryAccount::Buffers().used() - before);
    EXPECT_EQ(saving == Work::kWaiting, told > 0 && saving != Work::kNone);
    waits += saving == Work::kWaiting ? 1 : 0;
    done = WriteSome(*cut, &bytes);
    EXPECT_EQ(room, waits);
  }
  EXPECT_GT(bytes.size(), 16u << 20);
  EXPECT_GT(waits, 3);
  EXPECT_LT(most, 8 << 20);
  EXPECT_GT(told, waits);
  EXPECT_LE(told, waits + 2);
  EXPECT_EQ(Entries(bytes).size(), 200'000u);
}

TEST(MemoryCut, AWriterThatGivesUpLetsTheOwnerGoOn) {
  const auto store = Filled(200'000);
  int room = 0;
  auto cut = store->Cut(SnapshotFormat::kNative, [&room] { ++room; }).value();
  EXPECT_EQ(store->Maintain(true, std::chrono::hours(1)), Work::kWaiting);
  cut.reset();
  EXPECT_EQ(room, 1);
  EXPECT_EQ(store->Maintain(true, std::chrono::hours(1)), Work::kNone);
}

}  // namespace
}  // namespace castor::state
