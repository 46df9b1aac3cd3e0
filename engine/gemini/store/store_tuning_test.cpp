// That an instance chooses its settings by itself, says so, and that all is found as before.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "gemini/store/test_small_store.h"

namespace castor::gemini {
namespace {

struct Payload {
  int64_t number;
  int64_t unused;
  Blob text;
};

class StoreTuningTest : public SmallStoreTest {
 protected:
  // One record of a table whose payload is a Payload.
  std::string Acquire(RecordTable* table, uint64_t number, Access access, const std::string* text) {
    NumberKeys keys;
    keys.Add(number);
    std::byte* bytes = nullptr;
    UntilReady([&] { return store_->Acquire(table, keys.view(), access, 0, &bytes, nullptr); });
    if (bytes == nullptr) return {};
    auto* payload = reinterpret_cast<Payload*>(bytes);
    if (text != nullptr) table->SetBlob(&payload->text, *text);
    std::string now(payload->text.view());
    store_->Release();
    store_->Maintain(0);
    return now;
  }

  uint64_t Decided(Knob knob) const { return store_->stats().decided[static_cast<size_t>(knob)]; }
};

TEST_F(StoreTuningTest, ValuesThatMergesCopyComeToStandApart) {
  options_.tuning.separation = true;
  OpenStore();
  RecordTable* const table = *store_->AddTable({{1, 0}, {32, {16}}, 0});
  const std::string text(1000, 't');
  uint64_t number = 0;
  while (decisions_.empty() && number < 200'000) {
    Acquire(table, number++, Access::kFindOrCreate, &text);
  }
  ASSERT_EQ(decisions_.size(), 1u);
  EXPECT_NE(decisions_[0].find("before: none"), std::string::npos) << decisions_[0];
  for (const uint64_t end = number * 2; number < end; ++number) {
    Acquire(table, number, Access::kFindOrCreate, &text);
  }
  size_t apart = 0;
  for (const RunSet::Run& run : store_->runs().runs()) apart += run.values.size();
  EXPECT_GT(apart, 0u);
  for (uint64_t key = 0; key < number; key += 97) {
    ASSERT_EQ(Acquire(table, key, Access::kRead, nullptr), text) << key;
  }
  EXPECT_EQ(decisions_.size(), 1u);
}

// Small records: the oldest run's filter would be room for a tenth more of them. All that is read
// exists, and much of it is read again soon, until that changes.
TEST_F(StoreTuningTest, FiltersThatSpareNothingLeaveMemoryAndComeBack) {
  options_.tuning.filters = true;
  options_.memory_budget = 16 << 20;
  OpenStore();
  RecordTable* const table = *store_->AddTable({{1, 0}, {16, {}}, 0});
  constexpr uint64_t kKeys = 1'000'000, kBatch = 200;
  for (uint64_t key = 0; key < kKeys; key += 1000) LookUp(table, key, 1000, Access::kFindOrCreate);
  std::mt19937_64 random(1);
  const auto read = [&](uint64_t from) {
    NumberKeys keys;
    for (uint64_t i = 0; i < kBatch; ++i) {
      const double skewed = std::pow(static_cast<double>(random() >> 11) * 0x1p-53, 2);
      keys.Add(from + static_cast<uint64_t>(skewed * kKeys));
    }
    LookUp(table, keys, Access::kRead);
  };
  for (int i = 0; i < 3000 && Decided(Knob::kFilters) == 0; ++i) read(0);
  ASSERT_EQ(Decided(Knob::kFilters), 1u);
  EXPECT_NE(decisions_[0].find("leaves memory"), std::string::npos) << decisions_[0];
  EXPECT_EQ(store_->runs().runs().back().filters, nullptr);

  for (uint64_t i = 1; i < 1000 && Decided(Knob::kFilters) == 1; ++i) read(i * kKeys);
  ASSERT_EQ(Decided(Knob::kFilters), 2u);
  EXPECT_NE(decisions_[1].find("comes to memory"), std::string::npos) << decisions_[1];
  store_->Maintain(0);
  EXPECT_NE(store_->runs().runs().back().filters, nullptr);
}

// Entries of a map are read one after the other, as those next to each other in a block.
TEST_F(StoreTuningTest, BlocksThatAreReadAgainAreKept) {
  options_.tuning.block_cache = true;
  options_.tuning.interval = 8 << 20;
  OpenStore();
  EntryTable* const table = *store_->AddEntryTable({{1, 0}, {16, {}}, EntriesOf::kMap, 0});
  constexpr uint64_t kMaps = 2000, kEntries = 100;
  const auto entry = [&](uint64_t map, uint64_t number, Access access) {
    NumberKeys keys;
    keys.Add(map);
    const std::vector<int32_t> rows = {0};
    const std::string user_key = std::to_string(number);
    const std::vector<std::string_view> user_keys = {user_key};
    const EntryKeys entries{keys.view(), rows, user_keys};
    std::byte* payload = nullptr;
    UntilReady([&] { return store_->Acquire(table, entries, access, 0, &payload, nullptr); });
    const bool found = payload != nullptr;
    store_->Release();
    store_->Maintain(0);
    return found;
  };
  for (uint64_t map = 0; map < kMaps; ++map) {
    for (uint64_t i = 0; i < kEntries; ++i) entry(map, i, Access::kFindOrCreate);
  }
  for (uint64_t map = 0; map < kMaps && Decided(Knob::kBlockCache) == 0; ++map) {
    for (uint64_t i = 0; i < kEntries; ++i) ASSERT_TRUE(entry(map, i, Access::kRead));
  }
  ASSERT_EQ(Decided(Knob::kBlockCache), 1u);
  EXPECT_GT(store_->stats().settings.block_cache_bytes, 0);
  for (uint64_t i = 0; i < kEntries; ++i) ASSERT_TRUE(entry(kMaps / 2, i, Access::kRead));
  EXPECT_GT(store_->stats().block_cache.hits, kEntries / 2);
}

TEST_F(StoreTuningTest, NothingIsDecidedWhileMemoryHasAll) {
  options_.tuning = TuningOptions::All();
  options_.tuning.interval = 1 << 10;
  OpenStore();
  RecordTable* const table = *store_->AddTable({{1, 0}, {16, {}}, 0});
  for (int round = 0; round < 100; ++round) LookUp(table, 0, 10'000, Access::kFindOrCreate);
  EXPECT_EQ(decisions_, std::vector<std::string>());
}

}  // namespace
}  // namespace castor::gemini
