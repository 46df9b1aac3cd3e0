#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <random>
#include <set>

#include "state/snapshot.h"
#include "state/test_keys.h"
#include "state/test_snapshot.h"

namespace castor::state {
namespace {

constexpr int32_t kMaxParallelism = 128;

StateDescriptor Descriptor(std::string name, std::vector<int32_t> blobs = {}, int64_t ttl = 0) {
  return {std::move(name), {32, std::move(blobs)}, "test", 1, ttl};
}

template <typename Call>
void UntilReady(const Call& call) {
  while (true) {
    const Result<Readiness> ready = call();
    ASSERT_TRUE(ready.ok()) << ready.status().ToString();
    if (*ready == Readiness::kReady) return;
  }
}

int64_t& Counter(std::byte* record) { return *reinterpret_cast<int64_t*>(record); }

// Each test runs with both formats of snapshots.
class GeminiStoreTest : public testing::TestWithParam<SnapshotFormat> {
 protected:
  std::unique_ptr<SnapshottableStore> MakeStore(KeyGroupRange range = {0, kMaxParallelism - 1},
                                                const Clock& clock = Clock::System()) {
    return state::MakeStore("test", range, kMaxParallelism, clock, host_.Host());
  }
  TestSnapshot Save(SnapshottableStore& store) { return TakeSnapshot(store, GetParam()); }

 private:
  TestStoreHost host_;
};

TEST_P(GeminiStoreTest, CountsLikeAMapOverRandomBatches) {
  const auto store = MakeStore();
  ValueState* state = *store->OpenValue(Descriptor("counts"));
  std::map<int64_t, int64_t> expected;
  std::mt19937_64 random(7);
  std::vector<std::byte*> records(1000);
  std::vector<uint8_t> created(1000);
  for (int round = 0; round < 100; ++round) {
    std::vector<int64_t> values(1000);
    for (int64_t& value : values) value = static_cast<int64_t>(random() % 20000);
    const KeyBatch keys = MakeKeys(values);
    UntilReady([&] {
      return state->Acquire(keys, AccessMode::kFindOrCreate, records.data(), created.data());
    });
    for (size_t i = 0; i < values.size(); ++i) {
      EXPECT_EQ(created[i] != 0, !expected.contains(values[i]));
      EXPECT_EQ(++Counter(records[i]), ++expected[values[i]]);
    }
    state->Release();
    // Erase some, so that slots shift and records are reused.
    std::vector<int32_t> rows;
    for (int32_t i = 0; i < 300; ++i) rows.push_back(i);
    state->Erase(keys, rows);
    for (const int32_t row : rows) expected.erase(values[static_cast<size_t>(row)]);
  }
  std::vector<int64_t> all(20000);
  std::iota(all.begin(), all.end(), 0);
  records.resize(all.size());
  UntilReady(
      [&] { return state->Acquire(MakeKeys(all), AccessMode::kFind, records.data(), nullptr); });
  for (const int64_t value : all) {
    std::byte* record = records[static_cast<size_t>(value)];
    ASSERT_EQ(record != nullptr, expected.contains(value)) << value;
    if (record != nullptr) {
      EXPECT_EQ(Counter(record), expected[value]);
    }
  }
}

TEST_P(GeminiStoreTest, BlobsSurviveGrowthAndSnapshot) {
  const auto store = MakeStore();
  ValueState* state = *store->OpenValue(Descriptor("strings", {16}));
  const KeyBatch keys = MakeKeys({1, 2, 1});
  std::byte* records[3];
  UntilReady([&] { return state->Acquire(keys, AccessMode::kFindOrCreate, records, nullptr); });
  EXPECT_EQ(records[0], records[2]);
  auto* blob = reinterpret_cast<Blob*>(records[0] + 16);
  ASSERT_TRUE(state->SetBlob(blob, "short").ok());
  ASSERT_TRUE(state->SetBlob(blob, std::string(1000, 'x')).ok());
  state->Release();

  const auto restored = MakeStore();
  const TestSnapshot snapshot = Save(*store);
  ASSERT_TRUE(restored->Restore(snapshot.stored()).ok());
  ValueState* copy = *restored->OpenValue(Descriptor("strings", {16}));
  UntilReady([&] { return copy->Acquire(keys, AccessMode::kFind, records, nullptr); });
  ASSERT_NE(records[0], nullptr);
  EXPECT_EQ(reinterpret_cast<Blob*>(records[0] + 16)->view(), std::string(1000, 'x'));
  EXPECT_EQ(reinterpret_cast<Blob*>(records[1] + 16)->view(), "");
}

TEST_P(GeminiStoreTest, RestoresAtAnotherParallelism) {
  const auto store = MakeStore();
  ValueState* state = *store->OpenValue(Descriptor("counts"));
  std::vector<int64_t> values(5000);
  std::iota(values.begin(), values.end(), 0);
  const KeyBatch keys = MakeKeys(values);
  std::vector<std::byte*> records(values.size());
  UntilReady(
      [&] { return state->Acquire(keys, AccessMode::kFindOrCreate, records.data(), nullptr); });
  for (size_t i = 0; i < values.size(); ++i) Counter(records[i]) = values[i] * 3;
  const TestSnapshot snapshot = Save(*store);

  size_t found = 0;
  for (int32_t subtask = 0; subtask < 3; ++subtask) {
    const KeyGroupRange range = KeyGroupRangeOf(subtask, 3, kMaxParallelism);
    const auto part = MakeStore(range);
    ASSERT_TRUE(part->Restore(snapshot.stored()).ok());
    ValueState* copy = *part->OpenValue(Descriptor("counts"));
    UntilReady([&] { return copy->Acquire(keys, AccessMode::kFind, records.data(), nullptr); });
    for (size_t i = 0; i < values.size(); ++i) {
      const bool mine = range.Contains(KeyGroupOf(keys.hashes[i], kMaxParallelism));
      ASSERT_EQ(records[i] != nullptr, mine);
      if (mine) {
        EXPECT_EQ(Counter(records[i]), values[i] * 3);
      }
      found += mine;
    }
  }
  EXPECT_EQ(found, values.size());
}

TEST_P(GeminiStoreTest, MapEntriesFollowTheirKeyThroughErasureAndSnapshot) {
  auto store = MakeStore();
  MapState* state = *store->OpenMap(Descriptor("map"));
  std::map<int64_t, std::map<std::string, int64_t>> expected;
  std::mt19937_64 random(11);
  for (int round = 0; round < 200; ++round) {
    std::vector<int64_t> values;
    std::vector<std::string> names;
    for (int i = 0; i < 50; ++i) {
      values.push_back(static_cast<int64_t>(random() % 5));
      names.push_back("name" + std::to_string(random() % 300));
    }
    const KeyBatch keys = MakeKeys(values);
    std::vector<int32_t> rows(50);
    std::iota(rows.begin(), rows.end(), 0);
    const std::vector<std::string_view> user_keys(names.begin(), names.end());
    if (random() % 3 == 0) {
      state->Erase(keys, rows, user_keys);
      for (size_t i = 0; i < 50; ++i) expected[values[i]].erase(names[i]);
      continue;
    }
    std::vector<std::byte*> records(50);
    UntilReady([&] {
      return state->Acquire(keys, rows, user_keys, AccessMode::kFindOrCreate, records.data(),
                            nullptr);
    });
    for (size_t i = 0; i < 50; ++i) ++Counter(records[i]), ++expected[values[i]][names[i]];
    state->Release();
  }
  for (int pass = 0; pass < 2; ++pass) {
    const KeyBatch keys = MakeKeys({0, 1, 2, 3, 4});
    const std::vector<int32_t> rows = {0, 1, 2, 3, 4};
    std::vector<uint64_t> handles;
    UntilReady([&] { return state->Locate(keys, rows, &handles); });
    for (int32_t key = 0; key < 5; ++key) {
      std::map<std::string, int64_t> found;
      std::vector<Record> page;
      for (uint64_t cursor = 0; cursor != MapState::kEndOfEntries;) {
        page.clear();
        const uint64_t handle = handles[static_cast<size_t>(key)];
        UntilReady([&] { return state->Entries(handle, AccessMode::kRead, &cursor, 7, &page); });
        for (const Record& entry : page) {
          EXPECT_TRUE(found.emplace(entry.key, Counter(entry.data)).second);
        }
      }
      EXPECT_EQ(found, expected[key]);
    }
    const TestSnapshot snapshot = Save(*store);
    store = MakeStore();
    ASSERT_TRUE(store->Restore(snapshot.stored()).ok());
    state = *store->OpenMap(Descriptor("map"));
  }
}

TEST_P(GeminiStoreTest, ExpiredRecordsAreAbsentAndSweptAway) {
  ManualClock clock(1000);
  const auto store = MakeStore({0, kMaxParallelism - 1}, clock);
  ValueState* state = *store->OpenValue(Descriptor("ttl", {}, 500));
  const KeyBatch keys = MakeKeys({1, 2});
  std::byte* records[2];
  uint8_t created[2];
  UntilReady([&] { return state->Acquire(keys, AccessMode::kFindOrCreate, records, created); });
  Counter(records[0]) = 5;
  clock.Advance(499);
  UntilReady([&] { return state->Acquire(keys, AccessMode::kFind, records, created); });
  ASSERT_NE(records[0], nullptr);
  clock.Advance(1);
  UntilReady([&] { return state->Acquire(keys, AccessMode::kFind, records, created); });
  EXPECT_EQ(records[0], nullptr);
  UntilReady([&] { return state->Acquire(keys, AccessMode::kFindOrCreate, records, created); });
  EXPECT_EQ(created[0], 1);
  EXPECT_EQ(Counter(records[0]), 0);
}

TEST_P(GeminiStoreTest, RestoredRecordsHaveTheTtlThatTheJobSays) {
  ManualClock clock(1000);
  const KeyBatch keys = MakeKeys({1});
  std::byte* record = nullptr;
  const auto find = [&](ValueState* state) {
    UntilReady([&] { return state->Acquire(keys, AccessMode::kRead, &record, nullptr); });
    return record != nullptr;
  };
  for (const int64_t before : {int64_t{0}, int64_t{500}}) {
    clock.Set(1000);
    const auto store = MakeStore({0, kMaxParallelism - 1}, clock);
    ValueState* state = *store->OpenValue(Descriptor("ttl", {}, before));
    UntilReady([&] { return state->Acquire(keys, AccessMode::kFindOrCreate, &record, nullptr); });
    const TestSnapshot snapshot = Save(*store);
    clock.Set(1400);
    const auto restored = MakeStore({0, kMaxParallelism - 1}, clock);
    ASSERT_TRUE(restored->Restore(snapshot.stored()).ok());
    state = *restored->OpenValue(Descriptor("ttl", {}, 900));
    // What had no TTL counts as written when it was restored.
    const TimestampMs written = before == 0 ? 1400 : 1000;
    clock.Set(written + 899);
    EXPECT_TRUE(find(state)) << before;
    clock.Set(written + 900);
    EXPECT_FALSE(find(state)) << before;
  }
}

TEST_P(GeminiStoreTest, WindowListsKeepTheirOrderAndAreFoundByTheBatch) {
  auto store = MakeStore();
  WindowListState* lists = *store->OpenWindowList({"rows", {}, "rows"});
  const std::vector<TimestampMs> windows = {10, 20, 10, 10};
  const std::vector<std::string_view> values = {"a", "b", "c", "d"};
  ASSERT_TRUE(lists->Append(windows, MakeKeys({1, 1, 2, 1}), values).ok());
  const TestSnapshot saved = Save(*store);
  store = MakeStore();
  ASSERT_TRUE(store->Restore(saved.stored()).ok());
  lists = *store->OpenWindowList({"rows", {}, "rows"});
  EXPECT_EQ(lists->Windows(), (std::vector<TimestampMs>{10, 20}));

  std::vector<WindowListState::Key> keys;
  uint64_t cursor = 0;
  UntilReady([&] { return lists->Keys(10, &cursor, 10, &keys); });
  EXPECT_EQ(keys.size(), 2u);
  EXPECT_EQ(cursor, KeyEntries::kEndOfEntries);

  std::vector<uint64_t> handles;
  UntilReady([&] { return lists->Locate(10, MakeKeys({1, 3, 2}), &handles); });
  EXPECT_EQ(handles[1], 0u);
  std::vector<std::string_view> page;
  std::vector<std::string> found;
  for (cursor = 0; cursor != KeyEntries::kEndOfEntries;) {
    UntilReady([&] { return lists->Values(handles[0], &cursor, 1, &page); });
    found.insert(found.end(), page.begin(), page.end());
  }
  EXPECT_EQ(found, (std::vector<std::string>{"a", "d"}));
  const auto of_key_2 = std::find_if(keys.begin(), keys.end(),
                                     [&](const auto& key) { return key.handle == handles[2]; });
  ASSERT_NE(of_key_2, keys.end());
  EXPECT_EQ(of_key_2->bytes, MakeKeys({2}).key(0));

  lists->Drop(10);
  EXPECT_EQ(lists->Windows(), std::vector<TimestampMs>{20});
  UntilReady([&] { return lists->Locate(10, MakeKeys({1}), &handles); });
  EXPECT_EQ(handles, std::vector<uint64_t>{0});
}

TEST_P(GeminiStoreTest, WindowsAreScannedAndDroppedWhole) {
  const auto store = MakeStore();
  WindowState* state = *store->OpenWindow(Descriptor("windows"));
  const KeyBatch keys = MakeKeys({1, 2, 1, 1});
  const std::vector<TimestampMs> windows = {10, 10, 20, 10};
  std::byte* records[4];
  uint8_t created[4];
  UntilReady(
      [&] { return state->Acquire(windows, keys, AccessMode::kFindOrCreate, records, created); });
  EXPECT_EQ(records[0], records[3]);
  EXPECT_NE(records[0], records[2]);
  EXPECT_EQ(created[3], 0);
  EXPECT_EQ(state->Windows(), (std::vector<TimestampMs>{10, 20}));
  uint64_t cursor = 0;
  std::vector<Record> page;
  UntilReady([&] { return state->Scan(10, AccessMode::kRead, &cursor, 100, &page); });
  EXPECT_EQ(page.size(), 2u);
  EXPECT_EQ(cursor, MapState::kEndOfEntries);
  state->Drop(10);
  EXPECT_EQ(state->Windows(), std::vector<TimestampMs>{20});
}

TEST_P(GeminiStoreTest, TimersAreASetPoppedInOrder) {
  auto store = MakeStore();
  TimerQueue* timers = *store->OpenTimers("timers");
  timers->Register({30, 1, "a", ""});
  timers->Register({10, 1, "a", "w1"});
  timers->Register({10, 1, "a", "w1"});
  timers->Register({10, 2, "b", ""});
  timers->Delete({30, 1, "a", ""});
  timers->Register({20, 3, "c", ""});
  const TestSnapshot snapshot = Save(*store);
  store = MakeStore();
  ASSERT_TRUE(store->Restore(snapshot.stored()).ok());
  timers = *store->OpenTimers("timers");
  EXPECT_LE(timers->NextTime(), 10);
  TimerPage due;
  while (*timers->PopDue(15, 10, &due) == Readiness::kPending) {
  }
  std::set<std::string> names;
  for (size_t i = 0; i < due.size(); ++i) {
    names.insert(std::string(due[i].key) + "/" + std::string(due[i].name_space));
  }
  EXPECT_EQ(names, (std::set<std::string>{"a/w1", "b/"}));
  ASSERT_EQ(*timers->PopDue(100, 10, &due), Readiness::kReady);
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].key, "c");
  EXPECT_EQ(timers->NextTime(), kMaxWatermark);
}

TEST_P(GeminiStoreTest, RefusesAnotherSchemaAndCorruptBytesByName) {
  const auto store = MakeStore();
  ASSERT_TRUE(store->OpenValue(Descriptor("counts")).ok());
  const TestSnapshot saved = Save(*store);
  const std::string snapshot = saved.bytes;
  const auto other = MakeStore();
  ASSERT_TRUE(other->Restore(saved.stored()).ok());
  StateDescriptor changed = Descriptor("counts");
  changed.schema = "SUM(DECIMAL)";
  const Status refused = other->OpenValue(changed).status();
  EXPECT_EQ(refused.code(), StatusCode::kIncompatible);
  EXPECT_NE(refused.message().find("SUM(DECIMAL)"), std::string::npos) << refused.message();

  for (size_t byte = 0; byte < snapshot.size(); ++byte) {
    std::string broken = snapshot;
    broken[byte] = static_cast<char>(broken[byte] ^ 0x40);
    EXPECT_FALSE(MakeStore()->Restore({broken, saved.files}).ok()) << "flipped byte " << byte;
  }
  for (size_t size = 0; size < snapshot.size(); ++size) {
    EXPECT_FALSE(MakeStore()->Restore({snapshot.substr(0, size), saved.files}).ok())
        << "cut at " << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, GeminiStoreTest,
                         testing::Values(SnapshotFormat::kNative, SnapshotFormat::kCanonical));

}  // namespace
}  // namespace castor::state
