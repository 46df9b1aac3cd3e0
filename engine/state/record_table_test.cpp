// Against a plain map, while the table grows bit by bit.
#include "state/record_table.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>
#include <string>
#include <unordered_map>

#include "base/memory.h"
#include "state/test_keys.h"

namespace castor::state {
namespace {

class RecordTableTest : public testing::Test {
 protected:
  static int64_t& Number(std::byte* record) { return *reinterpret_cast<int64_t*>(record); }

  // Adds one to the record of each key.
  void Touch(const KeyBatch& keys) {
    std::vector<int32_t> rows(static_cast<size_t>(keys.count()));
    std::iota(rows.begin(), rows.end(), 0);
    std::vector<std::byte*> records(rows.size());
    table_.Lookup(keys, rows, AccessMode::kFindOrCreate, records.data(), nullptr);
    for (int32_t i = 0; i < keys.count(); ++i) {
      ++Number(records[static_cast<size_t>(i)]);
      ++expected_[std::string(keys.key(i))];
    }
  }

  void Erase(const KeyBatch& keys) {
    for (int32_t i = 0; i < keys.count(); ++i) {
      const bool erased = table_.Erase(keys.key(i), keys.hashes[static_cast<size_t>(i)]);
      EXPECT_EQ(erased, expected_.erase(std::string(keys.key(i))) == 1);
    }
  }

  void ExpectToFind(const KeyBatch& keys) {
    for (int32_t i = 0; i < keys.count(); ++i) {
      std::byte* record = table_.Find(keys.key(i), keys.hashes[static_cast<size_t>(i)]);
      const auto found = expected_.find(std::string(keys.key(i)));
      ASSERT_EQ(record != nullptr, found != expected_.end());
      if (record != nullptr) {
        EXPECT_EQ(Number(record), found->second);
      }
    }
  }

  void ExpectAll() {
    EXPECT_EQ(table_.size(), static_cast<int64_t>(expected_.size()));
    size_t seen = 0;
    uint64_t cursor = 0;
    while (std::byte* record = table_.Next(&cursor)) {
      ++seen;
      const auto found = expected_.find(std::string(table_.KeyOf(record)));
      ASSERT_NE(found, expected_.end());
      EXPECT_EQ(Number(record), found->second);
    }
    EXPECT_EQ(seen, expected_.size());
  }

  KeyBatch RandomKeys(int64_t below, size_t count) {
    std::vector<int64_t> values(count);
    for (int64_t& value : values) {
      value = static_cast<int64_t>(random_() % static_cast<uint64_t>(below));
    }
    return MakeKeys(values);
  }

  SegmentPool pool_;
  RecordTable table_{&pool_, 16};
  std::unordered_map<std::string, int64_t> expected_;
  std::mt19937_64 random_{5};
};

TEST_F(RecordTableTest, HoldsWhatAMapHolds) {
  for (int round = 0; round < 3000; ++round) {
    const int64_t below = 100 + 100 * round;
    Touch(RandomKeys(below, 1 + random_() % 150));
    if (round % 3 == 0) Erase(RandomKeys(below, 40));
    if (round % 7 == 0) ExpectToFind(RandomKeys(below, 100));
    if (round % 500 == 0) ExpectAll();
  }
  ExpectAll();
  EXPECT_GT(expected_.size(), 100'000u);
}

TEST_F(RecordTableTest, EmptiesWhileItGrows) {
  std::vector<int64_t> values(100'000);
  std::iota(values.begin(), values.end(), 0);
  const KeyBatch keys = MakeKeys(values);
  for (size_t from = 0; from < values.size(); from += 1000) {
    Touch(MakeKeys({values.begin() + static_cast<std::ptrdiff_t>(from),
                    values.begin() + static_cast<std::ptrdiff_t>(from) + 1000}));
  }
  Erase(keys);
  EXPECT_TRUE(table_.empty());
  ExpectToFind(keys);
  Touch(keys);
  ExpectAll();
}

// While there is no memory for a larger directory, the table fills the one that it has.
TEST_F(RecordTableTest, GrowsDenseWhereMemoryIsShort) {
  std::vector<int64_t> values(30'000);
  std::iota(values.begin(), values.end(), 0);
  constexpr size_t kSlots = 32 * 1024, kBatch = 1000;
  const int64_t directory = 2 * kSlots * sizeof(uint64_t);
  for (size_t from = 0; from < values.size(); from += kBatch) {
    // Not as much as the next directory.
    MemoryAccount::State().set_limit(MemoryAccount::State().used() + directory - 1);
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(from);
    Touch(MakeKeys({begin, begin + kBatch}));
  }
  const int64_t dense = pool_.used_bytes();
  ExpectToFind(RandomKeys(60'000, 1000));
  ExpectAll();
  MemoryAccount::State().set_limit(MemoryAccount::kUnlimited);
  Touch(MakeKeys(values));
  EXPECT_GE(pool_.used_bytes(),
            dense + directory - static_cast<int64_t>(kSlots * sizeof(uint64_t)));
  ExpectAll();
}

// Its directory is made ready beforehand, and in the end is not the one that is needed.
TEST_F(RecordTableTest, GrowsLargeBitByBitAndThenAtOnce) {
  std::vector<int64_t> values(700'000);
  std::iota(values.begin(), values.end(), 0);
  constexpr size_t kBatch = 5000;
  for (size_t from = 0; from < values.size(); from += kBatch) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(from);
    Touch(MakeKeys({begin, begin + kBatch}));
    if (from % 50'000 == 0) ExpectToFind(RandomKeys(static_cast<int64_t>(from) + 1, 100));
  }
  const int64_t before = pool_.used_bytes();
  table_.Reserve(8 * table_.size());
  EXPECT_GT(pool_.used_bytes(), before);
  ExpectToFind(RandomKeys(2'000'000, 1000));
  ExpectAll();
}

}  // namespace
}  // namespace castor::state
