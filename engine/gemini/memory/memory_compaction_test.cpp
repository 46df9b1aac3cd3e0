// Memory that sparse chunks give back: of records, and of the blobs that hang on them.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "gemini/memory/memory_tier.h"
#include "gemini/memory/test_keys.h"

namespace castor::gemini {
namespace {

constexpr int64_t kSlackBytes = int64_t{9} << 20;

struct Payload {
  int64_t number;
  int64_t unused;
  Blob text;
};

class MemoryCompactionTest : public testing::Test {
 protected:
  Payload* Find(uint64_t number, Access access) {
    NumberKeys keys;
    keys.Add(number);
    std::byte* payload = nullptr;
    std::vector<uint32_t> missing;
    table_->Lookup(keys.view(), access, 0, &payload, nullptr, &missing);
    return reinterpret_cast<Payload*>(payload);
  }
  static std::string TextOf(uint64_t number, size_t bytes) {
    return std::string(bytes, static_cast<char>('a' + number % 26)) + std::to_string(number);
  }
  void Set(uint64_t number, size_t bytes) {
    table_->SetBlob(&Find(number, Access::kFindOrCreate)->text, TextOf(number, bytes));
    sizes_[number] = static_cast<int64_t>(bytes);
  }
  void Erase(uint64_t number) {
    NumberKeys keys;
    keys.Add(number);
    std::vector<uint32_t> missing;
    constexpr int32_t kRow = 0;
    table_->Erase(keys.view(), {&kRow, 1}, &missing);
    sizes_[number] = -1;
  }
  void ExpectAll() {
    for (uint64_t number = 0; number < sizes_.size(); ++number) {
      const Payload* payload = Find(number, Access::kRead);
      ASSERT_EQ(payload != nullptr, sizes_[number] >= 0) << number;
      if (payload == nullptr) continue;
      ASSERT_EQ(payload->text.view(), TextOf(number, static_cast<size_t>(sizes_[number])));
    }
  }
  int64_t ChunkBytes() const { return tier_.charged_bytes() - table_->index_bytes(); }

  std::mt19937 random_{1};
  MemoryTier tier_{8, GroupOfHash};
  RecordTable* const table_ = tier_.AddTable({{1, 0}, {32, {16}}, 0});
  std::vector<int64_t> sizes_ = std::vector<int64_t>(100'000, -1);
};

TEST_F(MemoryCompactionTest, ErasingMostAtRandomGivesMemoryBack) {
  for (int round = 0; round < 2; ++round) {
    for (uint64_t number = 0; number < sizes_.size(); ++number) Set(number, random_() % 1500);
    const int64_t full = ChunkBytes();
    EXPECT_GT(full, int64_t{75} << 20);
    for (uint64_t number = 0; number < sizes_.size(); ++number) {
      if (random_() % 10 != 0) Erase(number);
    }
    EXPECT_LT(tier_.used_bytes(), full / 8);
    EXPECT_GT(ChunkBytes(), full / 2);
    tier_.Compact(1000);
    EXPECT_LE(ChunkBytes(), 2 * tier_.used_bytes() + kSlackBytes);
    ExpectAll();
  }
}

TEST_F(MemoryCompactionTest, WhatShrinksGivesMemoryBack) {
  for (uint64_t number = 0; number < 20'000; ++number) Set(number, 2000);
  const int64_t full = ChunkBytes();
  for (uint64_t number = 0; number < 20'000; ++number) Set(number, random_() % 20);
  tier_.Compact(1000);
  EXPECT_LT(ChunkBytes(), full / 4);
  ExpectAll();
}

// What is dense stays where it is.
TEST_F(MemoryCompactionTest, NothingMovesWithoutNeed) {
  for (uint64_t number = 0; number < sizes_.size(); ++number) Set(number, 100);
  for (uint64_t number = 0; number < sizes_.size(); number += 3) Erase(number);
  const char* const before = Find(7, Access::kRead)->text.data();
  tier_.Compact(1000);
  EXPECT_EQ(Find(7, Access::kRead)->text.data(), before);
}

// Entries of maps, whose records move when they do.
TEST(EntryCompactionTest, BlobsOfEntriesFollow) {
  constexpr uint64_t kEntries = 100'000;
  MemoryTier tier(8, GroupOfHash);
  EntryTableOptions options;
  options.section = {1, 0};
  options.layout = {32, {16}};
  EntryTable* const table = tier.AddEntryTable(options);
  const auto visit = [&](uint64_t number, const auto& act) {
    NumberKeys keys;
    keys.Add(number / 50);
    const std::string user_key = std::to_string(number);
    const int32_t row = 0;
    const std::string_view user_keys[] = {user_key};
    act(EntryKeys{keys.view(), {&row, 1}, user_keys});
  };
  std::vector<uint32_t> missing;
  std::byte* payload = nullptr;
  for (uint64_t number = 0; number < kEntries; ++number) {
    visit(number, [&](const EntryKeys& entry) {
      table->Lookup(entry, Access::kFindOrCreate, 0, &payload, nullptr, &missing);
    });
    table->SetBlob(&reinterpret_cast<Payload*>(payload)->text, std::string(300, 'x'));
    table->SetBlob(&reinterpret_cast<Payload*>(payload)->text, std::to_string(number));
  }
  std::mt19937 random(1);
  std::vector<bool> erased(kEntries);
  for (uint64_t number = 0; number < kEntries; ++number) {
    erased[number] = random() % 10 != 0;
    if (!erased[number]) continue;
    visit(number, [&](const EntryKeys& entry) { table->Erase(entry, &missing); });
  }
  tier.Compact(10'000);
  EXPECT_LE(tier.charged_bytes() - table->index_bytes(), 2 * tier.used_bytes() + kSlackBytes);
  for (uint64_t number = 0; number < kEntries; ++number) {
    visit(number, [&](const EntryKeys& entry) {
      table->Lookup(entry, Access::kRead, 0, &payload, nullptr, &missing);
    });
    ASSERT_EQ(payload == nullptr, erased[number]) << number;
    if (payload == nullptr) continue;
    ASSERT_EQ(reinterpret_cast<Payload*>(payload)->text.view(), std::to_string(number));
  }
}

}  // namespace
}  // namespace castor::gemini
