// The map of each record holds what was put into it, in that order, whatever was erased meanwhile;
// after a clear nothing of it is left.
#include "aggregate/bundle_map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <string>
#include <utility>

namespace castor::aggregate {
namespace {

constexpr size_t kRecords = 5;
constexpr int32_t kEntrySize = 16;

class BundleMapTest : public testing::Test {
 protected:
  using Entries = std::vector<std::pair<std::string, int64_t>>;

  BundleMapTest() {
    LayoutBuilder layout;
    map_.Declare(&layout);
    size_ = static_cast<size_t>(layout.Finish(0).fixed_size);
    Clear();
  }

  void Clear() {
    map_.Clear();
    memory_.assign(kRecords * size_ / sizeof(Chunk), {});
    for (size_t i = 0; i < kRecords; ++i) {
      records_[i] = reinterpret_cast<std::byte*>(memory_.data()) + i * size_;
    }
  }
  // Adds one to each; the values of which the entry was new.
  std::vector<std::string> Count(const std::vector<int32_t>& rows,
                                 const std::vector<std::string>& values) {
    const std::vector<std::string_view> views(values.begin(), values.end());
    std::vector<std::byte*> entries(rows.size());
    std::vector<uint8_t> created(rows.size(), 7);
    map_.FindOrCreate(records_.data(), rows, views, entries.data(), created.data());
    std::vector<std::string> added;
    for (size_t j = 0; j < rows.size(); ++j) {
      ++*reinterpret_cast<int64_t*>(entries[j]);
      if (created[j] != 0) added.push_back(values[j]);
    }
    return added;
  }
  void Erase(const std::vector<int32_t>& rows, const std::vector<std::string>& values) {
    const std::vector<std::string_view> views(values.begin(), values.end());
    map_.Erase(records_.data(), rows, views);
  }
  Entries Walk(int32_t record, size_t page_size = 3) const {
    Entries found;
    const uint64_t handle = map_.HandleOf(records_[static_cast<size_t>(record)]);
    std::vector<state::Record> page;
    for (uint64_t cursor = 0; cursor != state::KeyEntries::kEndOfEntries;) {
      page.clear();
      map_.Walk(handle, &cursor, page_size, &page);
      EXPECT_LE(page.size(), page_size);
      for (const state::Record& entry : page) {
        found.emplace_back(entry.key, *reinterpret_cast<const int64_t*>(entry.data));
      }
    }
    return found;
  }

 private:
  struct alignas(16) Chunk {
    std::byte bytes[16];
  };
  BundleMap map_{kEntrySize};
  size_t size_ = 0;
  std::vector<Chunk> memory_;
  std::array<std::byte*, kRecords> records_{};
};

TEST_F(BundleMapTest, EntriesStandInTheOrderInWhichTheyCame) {
  EXPECT_EQ(Count({0, 0, 1, 0, 0}, {"b", "a", "b", "b", ""}),
            (std::vector<std::string>{"b", "a", "b", ""}));
  EXPECT_EQ(Walk(0), (Entries{{"b", 2}, {"a", 1}, {"", 1}}));
  EXPECT_EQ(Walk(1), (Entries{{"b", 1}}));
  EXPECT_EQ(Walk(2), Entries{});
}

TEST_F(BundleMapTest, WhatIsErasedIsNewWhenItComesAgain) {
  Count({0, 0, 0, 1}, {"a", "b", "c", "b"});
  Erase({0, 0, 0}, {"b", "b", "none"});
  EXPECT_EQ(Walk(0), (Entries{{"a", 1}, {"c", 1}}));
  EXPECT_EQ(Walk(1), (Entries{{"b", 1}}));
  EXPECT_EQ(Count({0}, {"b"}), (std::vector<std::string>{"b"}));
  EXPECT_EQ(Walk(0), (Entries{{"a", 1}, {"c", 1}, {"b", 1}}));
}

TEST_F(BundleMapTest, NothingIsLeftAfterAClear) {
  for (int bundle = 0; bundle < 3; ++bundle) {
    EXPECT_EQ(Count({0, 1}, {"a", "a"}).size(), 2);
    Clear();
    EXPECT_EQ(Walk(0), Entries{});
  }
}

TEST_F(BundleMapTest, IsAsItsModel) {
  std::mt19937_64 random(7);
  std::array<Entries, kRecords> model;
  const auto find = [&](size_t record, const std::string& value) {
    return std::find_if(model[record].begin(), model[record].end(),
                        [&](const auto& entry) { return entry.first == value; });
  };
  for (int round = 0; round < 300; ++round) {
    std::vector<int32_t> rows;
    std::vector<std::string> values;
    for (uint64_t i = random() % 100; i > 0; --i) {
      rows.push_back(static_cast<int32_t>(random() % kRecords));
      values.push_back("value " + std::to_string(random() % 400));
    }
    const uint64_t choice = random() % 50;
    if (choice == 0) {
      Clear();
      model = {};
    } else if (choice < 20) {
      Erase(rows, values);
      for (size_t j = 0; j < rows.size(); ++j) {
        const auto record = static_cast<size_t>(rows[j]);
        const auto found = find(record, values[j]);
        if (found != model[record].end()) model[record].erase(found);
      }
    } else {
      Count(rows, values);
      for (size_t j = 0; j < rows.size(); ++j) {
        const auto record = static_cast<size_t>(rows[j]);
        const auto found = find(record, values[j]);
        if (found == model[record].end()) {
          model[record].emplace_back(values[j], 1);
        } else {
          ++found->second;
        }
      }
    }
    for (size_t record = 0; record < kRecords; ++record) {
      ASSERT_EQ(Walk(static_cast<int32_t>(record), 7), model[record]) << "round " << round;
    }
  }
}

}  // namespace
}  // namespace castor::aggregate
