// What an instance says of itself.
#include <gtest/gtest.h>

#include <string>

#include "gemini/memory/test_keys.h"
#include "gemini/store/store.h"
#include "gemini/store/test_file_system.h"

namespace castor::gemini {
namespace {

class StoreStatsTest : public testing::Test {
 protected:
  StoreStatsTest() { Open(4 << 20); }

  void Open(int64_t budget) {
    StoreOptions options;
    options.file_system = &file_system_;
    options.run_prefix = "dir/";
    options.key_group_of = GroupOfHash;
    options.memory_budget = budget;
    options.run_bytes = 1 << 20;
    options.block_cache_bytes = 1 << 18;
    options.execute = [](const std::function<void()>& work) { work(); };
    options.release = [this](const std::string& path) { file_system_.files.erase(path); };
    store_ = Store::Open(std::move(options), {}).value();
    table_ = *store_->AddTable({{1, 0}, {512, {}}, 0});
  }

  void LookUp(uint64_t first, uint64_t count, Access access) {
    NumberKeys keys;
    for (uint64_t i = 0; i < count; ++i) keys.Add(first + i);
    std::vector<std::byte*> payloads(count);
    while (*store_->Acquire(table_, keys.view(), access, 0, payloads.data(), nullptr) !=
           Readiness::kReady) {
    }
    store_->Release();
    store_->Maintain(0);
  }

  TestFileSystem file_system_;
  std::unique_ptr<Store> store_;
  RecordTable* table_ = nullptr;
};

TEST_F(StoreStatsTest, WithoutABudgetAllIsInFilesBetweenBatches) {
  Open(0);
  constexpr uint64_t kKeys = 100;
  for (int round = 0; round < 3; ++round) {
    LookUp(0, kKeys, Access::kFindOrCreate);
    while (store_->Maintain(0) == Store::Work::kMore) {
    }
    EXPECT_FALSE(store_->MustWait());
  }
  EXPECT_EQ(store_->stats().looked_up, 3 * kKeys);
  EXPECT_EQ(store_->stats().read_for_them, 2 * kKeys);
}

TEST_F(StoreStatsTest, TellHowOftenMemoryKnew) {
  constexpr uint64_t kKeys = 40'000;  // five times the budget
  for (uint64_t key = 0; key < kKeys; key += 100) LookUp(key, 100, Access::kFindOrCreate);
  const StoreStats filled = store_->stats();
  EXPECT_EQ(filled.looked_up, kKeys);
  EXPECT_GT(filled.hit_rate(), 0.9);
  EXPECT_GT(filled.bytes_written, kKeys * 512 / 2);

  // All there are: most have to be read.
  for (uint64_t key = 0; key < kKeys; key += 100) LookUp(key, 100, Access::kRead);
  const StoreStats read = store_->stats();
  EXPECT_EQ(read.looked_up, 2 * kKeys);
  const uint64_t cold = read.read_for_them - filled.read_for_them;
  EXPECT_GT(cold, kKeys / 2);
  EXPECT_LE(cold, kKeys);
  EXPECT_GT(read.bytes_read, filled.bytes_read + cold * 512);

  // None: filters know that.
  for (uint64_t key = 0; key < kKeys; key += 100) LookUp(kKeys + key, 100, Access::kRead);
  const StoreStats missed = store_->stats();
  EXPECT_LT(missed.read_for_them - read.read_for_them, kKeys / 10);
  EXPECT_GT(missed.block_cache.misses, 0u);
  EXPECT_LE(store_->charged_bytes(), (4 << 20) + (4 << 20) / 4);
}

}  // namespace
}  // namespace castor::gemini
