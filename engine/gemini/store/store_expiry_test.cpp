// A store with a TTL does not carry in its runs what nobody will be given again.
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gemini/memory/test_keys.h"
#include "gemini/store/store.h"
#include "gemini/store/test_file_system.h"

namespace castor::gemini {
namespace {

class StoreExpiryTest : public testing::Test {
 protected:
  StoreExpiryTest() {
    StoreOptions options;
    options.file_system = &files_;
    options.run_prefix = "dir/";
    options.key_group_of = GroupOfHash;
    options.execute = [](const std::function<void()>& work) { work(); };
    options.merge.fan_in = 2;
    options.merge.most_unread = 1;  // though all of it is in memory
    auto store = Store::Open(std::move(options), {});
    EXPECT_TRUE(store.ok()) << store.status().ToString();
    store_ = std::move(*store);
  }
  void Checkpoint(int64_t now) {
    ASSERT_TRUE(store_->StartCheckpoint().ok());
    while (!store_->TakeCheckpoint()) store_->Maintain(now);
    while (store_->Maintain(now) != Store::Work::kNone) {
    }
  }
  uint64_t EntriesInRuns() const {
    uint64_t entries = 0;
    for (const RunSet::Run& run : store_->runs().runs()) {
      for (const auto& section : run.file->sections()) entries += section.info.entries;
    }
    return entries;
  }

  TestFileSystem files_;
  std::unique_ptr<Store> store_;
};

constexpr int64_t kTtlMs = 100;

TEST_F(StoreExpiryTest, RecordsAndEntriesLeaveRunsWhenTheyHaveExpired) {
  RecordTable* records = *store_->AddTable({{1, 0}, {16, {}}, kTtlMs});
  RecordTable* for_ever = *store_->AddTable({{2, 0}, {16, {}}});
  EntryTable* entries = *store_->AddEntryTable({{3, 0}, {16, {}}, EntriesOf::kMap, kTtlMs});
  const auto write = [&](uint64_t number, int64_t now) {
    NumberKeys key;
    key.Add(number);
    constexpr int32_t kRow = 0;
    const std::string_view user_key = "u";
    std::byte* payload = nullptr;
    uint8_t created = 0;
    for (RecordTable* table : {records, for_ever}) {
      ASSERT_TRUE(
          store_->Acquire(table, key.view(), Access::kFindOrCreate, now, &payload, &created).ok());
      store_->Release();
    }
    ASSERT_TRUE(store_
                    ->Acquire(entries, {key.view(), {&kRow, 1}, {&user_key, 1}},
                              Access::kFindOrCreate, now, &payload, &created)
                    .ok());
    store_->Release();
  };
  for (uint64_t i = 0; i < 50; ++i) write(i, 1000);
  Checkpoint(1000);
  ASSERT_EQ(EntriesInRuns(), 150u);
  for (uint64_t i = 50; i < 100; ++i) write(i, 1000 + kTtlMs - 1);
  Checkpoint(1000 + kTtlMs - 1);
  ASSERT_EQ(store_->runs().runs().size(), 1u) << "merged";
  EXPECT_EQ(EntriesInRuns(), 300u) << "nothing has expired";
  for (uint64_t i = 100; i < 250; ++i) write(i, 1000 + kTtlMs);
  Checkpoint(1000 + kTtlMs);
  ASSERT_EQ(store_->runs().runs().size(), 1u) << "merged";
  EXPECT_EQ(EntriesInRuns(), 750u - 2 * 50) << "the first 50 of two tables are gone";
}

// Though nothing is written that would make a merge due.
TEST_F(StoreExpiryTest, WhatHasExpiredLeavesRunsWhenItIsMuchOfThem) {
  RecordTable* records = *store_->AddTable({{1, 0}, {16, {}}, kTtlMs});
  RecordTable* for_ever = *store_->AddTable({{2, 0}, {16, {}}});
  const auto write = [&](RecordTable* table, uint64_t number, int64_t now) {
    NumberKeys key;
    key.Add(number);
    std::byte* payload = nullptr;
    uint8_t created = 0;
    ASSERT_TRUE(
        store_->Acquire(table, key.view(), Access::kFindOrCreate, now, &payload, &created).ok());
    store_->Release();
  };
  for (uint64_t i = 0; i < 60; ++i) write(records, i, 1000);
  for (uint64_t i = 0; i < 50; ++i) write(for_ever, i, 1000);
  Checkpoint(1000);
  ASSERT_EQ(EntriesInRuns(), 110u);
  for (int64_t now = 1000; now < 1000 + kTtlMs; ++now) store_->Maintain(now);
  EXPECT_EQ(EntriesInRuns(), 110u) << "nothing has expired";
  for (int i = 0; i < 10; ++i) store_->Maintain(1000 + 2 * kTtlMs);
  EXPECT_EQ(EntriesInRuns(), 50u);
  for (uint64_t i = 100; i < 110; ++i) write(records, i, 2000);
  Checkpoint(2000);
  const size_t runs = store_->runs().runs().size();
  for (int i = 0; i < 10; ++i) store_->Maintain(2000 + 2 * kTtlMs);
  EXPECT_EQ(EntriesInRuns(), 60u) << "it is not much";
  EXPECT_EQ(store_->runs().runs().size(), runs);
}

}  // namespace
}  // namespace castor::gemini
