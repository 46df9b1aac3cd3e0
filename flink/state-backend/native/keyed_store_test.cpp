#include "flink/state-backend/native/keyed_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "flink/state-backend/native/table_scan.h"

namespace castor::flink {
namespace {

class KeyedStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/keyed_store_test";
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    store_ = Open(std::make_shared<SlotMemory>(int64_t{64} << 20));
  }
  std::shared_ptr<KeyedStore> Open(std::shared_ptr<SlotMemory> memory) {
    KeyedStore::Options options{folder_, kGroups, 0, kGroups - 1, std::move(memory)};
    auto store = KeyedStore::Open(options);
    EXPECT_TRUE(store.ok()) << store.status().ToString();
    return std::move(*store);
  }
  uint32_t Table(KeyedStore::Kind kind) {
    return *store_->AddTable("table " + std::to_string(static_cast<int>(kind)), kind);
  }

  KeyedStore::Key Send(uint32_t table, const std::string& key, const std::string& rest = "") {
    Exchange& exchange = store_->exchange();
    size_t size = 0;
    exchange.Append(key, &size);
    exchange.Append(rest, &size);
    const auto group = static_cast<uint32_t>(std::hash<std::string>()(key) % kGroups);
    return {table, group, static_cast<uint32_t>(key.size())};
  }
  void Put(uint32_t table, const std::string& key, const std::string& value) {
    ASSERT_TRUE(store_->Put(Send(table, key, value), static_cast<uint32_t>(value.size())).ok());
  }
  std::string Answer(const Result<int64_t>& size) {
    if (!size.ok()) return size.status().ToString();
    if (*size == KeyedStore::kAbsent) return "absent";
    return std::string(store_->exchange().At(0, static_cast<size_t>(*size)));
  }
  std::string Get(uint32_t table, const std::string& key) {
    return Answer(store_->Get(Send(table, key)));
  }
  // All entries of a state of a complete cut: key, user key and value, in the order of the scan.
  std::vector<std::string> Scan(const StateCut& cut, const std::string& state) {
    auto scan = TableScan::Open(*store_->CheckpointOf(cut), state);
    EXPECT_TRUE(scan.ok()) << scan.status().ToString();
    std::vector<std::string> entries;
    std::string page;
    do {
      EXPECT_TRUE((*scan)->NextPage(&page).ok());
      for (size_t at = 0; at < page.size();) {
        int32_t sizes[3];
        std::memcpy(sizes, &page[at + sizeof(int64_t)], sizeof(sizes));
        at += sizeof(int64_t) + sizeof(sizes);
        std::string entry;
        for (const int32_t size : sizes) {
          entry += page.substr(at, static_cast<size_t>(size)) + "/";
          at += static_cast<size_t>(size);
        }
        entries.push_back(entry);
      }
    } while (!page.empty());
    return entries;
  }

  static constexpr uint32_t kGroups = 12;
  std::string folder_;
  std::shared_ptr<KeyedStore> store_;
};

TEST_F(KeyedStoreTest, KeepsValues) {
  const uint32_t table = Table(KeyedStore::Kind::kValue);
  EXPECT_EQ(Get(table, "a"), "absent");
  Put(table, "a", "one");
  Put(table, "b", "");
  EXPECT_EQ(Get(table, "a"), "one");
  EXPECT_EQ(Get(table, "b"), "");
  ASSERT_TRUE(store_->Remove(Send(table, "a")).ok());
  EXPECT_EQ(Get(table, "a"), "absent");
}

TEST_F(KeyedStoreTest, AnAnswerThatIsLargerThanTheExchangeMakesThatLarger) {
  const uint32_t table = Table(KeyedStore::Kind::kValue);
  const std::string large(3 << 20, 'x');
  Put(table, "a", large);
  store_->exchange().Resize(100);
  EXPECT_EQ(Get(table, "a"), large);
}

TEST_F(KeyedStoreTest, KeepsMaps) {
  const uint32_t table = Table(KeyedStore::Kind::kMap);
  EXPECT_FALSE(*store_->HasEntries(Send(table, "a")));
  ASSERT_TRUE(store_->PutEntry(Send(table, "a", "u1"), 1, 1).ok());
  ASSERT_TRUE(store_->PutEntry(Send(table, "a", "v2"), 1, 1).ok());
  EXPECT_TRUE(*store_->HasEntries(Send(table, "a")));
  EXPECT_EQ(Answer(store_->GetEntry(Send(table, "a", "u"), 1)), "1");
  EXPECT_EQ(*store_->Entries(Send(table, "a")), 2 * (2 * 4 + 2));
  ASSERT_TRUE(store_->RemoveEntry(Send(table, "a", "u"), 1).ok());
  EXPECT_EQ(Answer(store_->GetEntry(Send(table, "a", "u"), 1)), "absent");
  ASSERT_TRUE(store_->Clear(Send(table, "a")).ok());
  EXPECT_FALSE(*store_->HasEntries(Send(table, "a")));
}

TEST_F(KeyedStoreTest, KeepsLists) {
  const uint32_t table = Table(KeyedStore::Kind::kList);
  EXPECT_EQ(Answer(store_->Elements(Send(table, "a"))), "absent");
  ASSERT_TRUE(store_->Append(Send(table, "a", "x"), 1).ok());
  ASSERT_TRUE(store_->Append(Send(table, "a", "y,z"), 3).ok());
  EXPECT_EQ(Answer(store_->Elements(Send(table, "a"))), "x,y,z");
  ASSERT_TRUE(store_->Clear(Send(table, "a")).ok());
  EXPECT_EQ(Answer(store_->Elements(Send(table, "a"))), "absent");
}

TEST_F(KeyedStoreTest, IsQueriedByAnotherThreadWhileTheTaskGoesOn) {
  const uint32_t values = Table(KeyedStore::Kind::kValue);
  const uint32_t lists = Table(KeyedStore::Kind::kList);
  Put(values, "a", "one");
  ASSERT_TRUE(store_->Append(Send(lists, "a", "x"), 1).ok());
  ASSERT_TRUE(store_->Append(Send(lists, "a", "y"), 1).ok());
  const uint32_t group = Send(values, "a").group;
  std::thread client([&] {
    for (int i = 0; i < 10'000; ++i) {
      ASSERT_EQ(*store_->Query(values, group, "a"), "one");
      ASSERT_EQ(*store_->Query(lists, group, "a"), "x,y");
      ASSERT_EQ(*store_->Query(values, group, "c"), std::nullopt);
    }
  });
  for (int i = 0; i < 10'000; ++i) Put(values, "b", std::to_string(i));
  client.join();
  EXPECT_EQ(store_->Query(lists + 1, group, "a").status().code(), StatusCode::kInternal);
}

TEST_F(KeyedStoreTest, ATableOfAnotherKindIsRefused) {
  const uint32_t table = Table(KeyedStore::Kind::kValue);
  EXPECT_EQ(store_->Elements(Send(table, "a")).status().code(), StatusCode::kInternal);
  EXPECT_EQ(store_->Get(Send(table + 1, "a")).status().code(), StatusCode::kInternal);
  EXPECT_EQ(store_->AddTable("table 0", KeyedStore::Kind::kMap).status().code(),
            StatusCode::kIncompatible);
}

TEST_F(KeyedStoreTest, ACutIsOfItsMoment) {
  const uint32_t table = Table(KeyedStore::Kind::kValue);
  Put(table, "a", "one");
  Put(table, "b", "two");
  const std::shared_ptr<StateCut> cut = *store_->StartCut();
  Put(table, "a", "three");
  ASSERT_TRUE(store_->Remove(Send(table, "b")).ok());
  ASSERT_TRUE(store_->AwaitCut(cut.get(), false).ok());
  EXPECT_THAT(Scan(*cut, "table 0"), testing::UnorderedElementsAre("a//one/", "b//two/"));
  EXPECT_EQ(Get(table, "a"), "three");
}

TEST_F(KeyedStoreTest, ACutIsCompletedByAnotherThreadWhileTheTaskGoesOn) {
  const uint32_t table = Table(KeyedStore::Kind::kValue);
  constexpr int kKeys = 20'000;
  for (int i = 0; i < kKeys; ++i) Put(table, std::to_string(i), "before");
  const std::shared_ptr<StateCut> cut = *store_->StartCut();
  Status awaited;
  std::thread snapshot([&] { awaited = store_->AwaitCut(cut.get(), false); });
  for (int i = 0; i < kKeys; ++i) Put(table, std::to_string(i), "after");
  snapshot.join();
  ASSERT_TRUE(awaited.ok()) << awaited.ToString();
  const std::vector<std::string> entries = Scan(*cut, "table 0");
  EXPECT_EQ(entries.size(), size_t{kKeys});
  for (const std::string& entry : entries) ASSERT_TRUE(entry.ends_with("/before/")) << entry;
}

TEST_F(KeyedStoreTest, ACutCompletesTheOneBefore) {
  const uint32_t table = Table(KeyedStore::Kind::kValue);
  Put(table, "a", "one");
  const std::shared_ptr<StateCut> first = *store_->StartCut();
  const std::shared_ptr<StateCut> given_up = *store_->StartCut();
  EXPECT_TRUE(store_->AwaitCut(first.get(), false).ok());
  store_->GiveUp(given_up.get());
  const std::shared_ptr<StateCut> last = *store_->StartCut();
  EXPECT_EQ(store_->AwaitCut(given_up.get(), false).code(), StatusCode::kCancelled);
  ASSERT_TRUE(store_->AwaitCut(last.get(), true).ok());
  EXPECT_THAT(Scan(*last, "table 0"), testing::ElementsAre("a//one/"));
}

TEST_F(KeyedStoreTest, AClosedStoreRefusesCallsAndItsCutIsReadOn) {
  const uint32_t table = Table(KeyedStore::Kind::kValue);
  Put(table, "a", "one");
  const std::shared_ptr<StateCut> cut = *store_->StartCut();
  ASSERT_TRUE(store_->AwaitCut(cut.get(), true).ok());
  const std::shared_ptr<StateCut> late = *store_->StartCut();
  store_->Close();
  EXPECT_EQ(store_->Get(Send(table, "a")).status().code(), StatusCode::kCancelled);
  EXPECT_EQ(store_->AwaitCut(late.get(), false).code(), StatusCode::kCancelled);
  EXPECT_THAT(Scan(*cut, "table 0"), testing::ElementsAre("a//one/"));
}

// What does not fit into memory is read back, and the caller waits for it.
TEST_F(KeyedStoreTest, MoreThanMemoryHolds) {
  const auto memory = std::make_shared<SlotMemory>(int64_t{4} << 20);
  store_ = Open(memory);
  const uint32_t values = Table(KeyedStore::Kind::kValue);
  const uint32_t lists = Table(KeyedStore::Kind::kList);
  constexpr int kKeys = 20'000;
  const std::string value(1000, 'v');
  for (int i = 0; i < kKeys; ++i) {
    Put(values, std::to_string(i), value + std::to_string(i));
    ASSERT_TRUE(store_->Append(Send(lists, std::to_string(i % 100), "e"), 1).ok());
  }
  for (int i = 0; i < kKeys; i += 7) {
    ASSERT_EQ(Get(values, std::to_string(i)), value + std::to_string(i));
  }
  EXPECT_EQ(Answer(store_->Elements(Send(lists, "5"))).size(), 2 * (kKeys / 100) - 1u);
  EXPECT_LT(memory->account().used(), int64_t{8} << 20);
}

}  // namespace
}  // namespace castor::flink
