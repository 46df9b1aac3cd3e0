// What is read of files that lie elsewhere when a store is restored from them.
#include <gtest/gtest.h>

#include <optional>
#include <utility>

#include "gemini/remote/cached_files.h"
#include "gemini/remote/test_scratch_file.h"
#include "gemini/store/test_small_store.h"

namespace castor::gemini {
namespace {

constexpr int32_t kPage = 16 << 10;
constexpr uint64_t kKeys = 20'000;
constexpr uint32_t kValueBytes = 256;

class StoreRestoreTest : public SmallStoreTest {
 protected:
  StoreRestoreTest() {
    file_system_.whole = true;
    file_system_.fails = [this] { return ++requests_, false; };
    options_.memory_budget = 64 << 20;
    options_.run_bytes = 16 << 20;
    OpenStore();
    RecordTable* const table = AddTable();
    for (uint64_t key = 0; key < kKeys; key += 100) LookUp(table, key, 100, Access::kFindOrCreate);
    checkpoint_ = Save();
    store_.reset();
    // Another machine, with nothing on its disk.
    options_.file_system = &files_;
    requests_ = 0;
  }
  ~StoreRestoreTest() override { store_.reset(); }

  RecordTable* AddTable() { return store_->AddTable({{1, 0}, {kValueBytes, {}}, 0}).value(); }
  Checkpoint Save() {
    EXPECT_TRUE(store_->StartCheckpoint().ok());
    while (true) {
      store_->Maintain(0);
      if (auto taken = store_->TakeCheckpoint()) {
        kept_ = std::move(*taken).value();
        return kept_->description;
      }
    }
  }
  // Without the upkeep that merges runs.
  void Read(RecordTable* table, uint64_t first, uint64_t count) {
    NumberKeys keys;
    for (uint64_t key = first; key < first + count; ++key) keys.Add(key);
    std::vector<std::byte*> payloads(count);
    UntilReady([&] {
      return store_->Acquire(table, keys.view(), Access::kRead, 0, payloads.data(), nullptr);
    });
    for (const std::byte* payload : payloads) EXPECT_NE(payload, nullptr);
    store_->Release();
  }
  void Restore() { store_ = Store::Open(options_, {&checkpoint_, 1}).value(); }
  int Requests() { return std::exchange(requests_, 0); }

  int requests_ = 0;
  Checkpoint checkpoint_;
  std::optional<LiveCheckpoint> kept_;
  TestDisk disk_;
  PageCache pages_{std::make_unique<TestScratchFile>(&disk_), {kPage, 64 << 20, 0}};
  CachedFiles files_{&file_system_, &pages_, /*ahead_bytes=*/16 * kPage};
};

TEST_F(StoreRestoreTest, ItServesWhenTheEndsOfItsFilesAreRead) {
  Restore();
  // Footers, indexes and filters, whatever the size of the state.
  const int64_t files = static_cast<int64_t>(checkpoint_.runs.size());
  EXPECT_LE(Requests(), 4 * files);
  EXPECT_LT(pages_.disk_bytes(), int64_t{kKeys} * kValueBytes / 20);

  // A lookup waits for what its blocks lie in.
  RecordTable* const table = AddTable();
  Read(table, 4711, 1);
  EXPECT_GE(requests_, 1);
  EXPECT_LE(Requests(), 2 * files);
  Read(table, 4711, 1);
  EXPECT_EQ(Requests(), 0);
}

TEST_F(StoreRestoreTest, WhatHasBeenBroughtInTheBackgroundIsNotAskedFor) {
  Restore();
  for (const CheckpointRun& run : checkpoint_.runs) {
    int64_t from = 0;
    while (*files_.FetchAhead(run.path, &from)) {
    }
  }
  const int pages = static_cast<int>(kKeys * kValueBytes / kPage);
  EXPECT_LT(Requests(), pages / 4);
  RecordTable* const table = AddTable();
  for (uint64_t key = 0; key < kKeys; key += 100) Read(table, key, 100);
  EXPECT_EQ(store_->stats().read_for_them, kKeys);
  EXPECT_EQ(Requests(), 0);
}

}  // namespace
}  // namespace castor::gemini
