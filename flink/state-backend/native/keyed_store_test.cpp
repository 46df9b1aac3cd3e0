#include "flink/state-backend/native/keyed_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <future>
#include <limits>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "flink/state-backend/native/process_pool.h"
#include "flink/state-backend/native/table_scan.h"

namespace castor::flink {
namespace {

class KeyedStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "keyed_store_test-" + std::to_string(::getpid());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    store_ = Open(std::make_shared<SlotMemory>(int64_t{64} << 20));
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
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
  // Puts changes of timers, of these key groups, into the exchange.
  uint32_t Message(const std::vector<std::pair<uint32_t, std::string>>& timers,
                   bool registers = true) {
    size_t size = 0;
    for (const auto& [group, timer] : timers) {
      const auto bytes = static_cast<uint32_t>(timer.size());
      for (const uint32_t number : {group, registers ? bytes : ~bytes}) {
        const uint32_t swapped = __builtin_bswap32(number);
        store_->exchange().Append({reinterpret_cast<const char*>(&swapped), sizeof(swapped)},
                                  &size);
      }
      store_->exchange().Append(timer, &size);
    }
    return static_cast<uint32_t>(size);
  }
  void Change(uint32_t table, const std::string& timer, bool registers) {
    ASSERT_TRUE(store_->ChangeTimers(table, Message({{1, timer}}, registers)).ok());
  }
  std::vector<std::string> PopPage(uint32_t table, size_t most) {
    const auto popped = store_->PopTimers(table, most);
    EXPECT_TRUE(popped.ok()) << popped.status().ToString();
    const std::string_view bytes = store_->exchange().At(0, static_cast<size_t>(*popped));
    std::vector<std::string> timers;
    for (size_t at = sizeof(int64_t) + sizeof(int32_t); at < bytes.size();) {
      uint32_t size;
      std::memcpy(&size, &bytes[at], sizeof(size));
      size = __builtin_bswap32(size);
      at += sizeof(size);
      timers.emplace_back(bytes.substr(at, size));
      at += size;
    }
    return timers;
  }
  // In words.
  std::string Pop(uint32_t table, size_t most);
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
  ASSERT_TRUE(store_->Append(Send(table, "a", "x"), 1, 0).ok());
  ASSERT_TRUE(store_->Append(Send(table, "a", "y,z"), 3, 0).ok());
  EXPECT_EQ(Answer(store_->Elements(Send(table, "a"))), "x,y,z");
  ASSERT_TRUE(store_->Clear(Send(table, "a")).ok());
  EXPECT_EQ(Answer(store_->Elements(Send(table, "a"))), "absent");
}

std::string TimerAt(int64_t time, const std::string& key) {
  const uint64_t ordered = __builtin_bswap64(static_cast<uint64_t>(time) ^ uint64_t{1} << 63);
  return std::string(reinterpret_cast<const char*>(&ordered), sizeof(ordered)) + key;
}
int64_t TimeOf(std::string_view timer) {
  uint64_t ordered;
  std::memcpy(&ordered, timer.data(), sizeof(ordered));
  return static_cast<int64_t>(__builtin_bswap64(ordered) ^ uint64_t{1} << 63);
}

std::string KeyedStoreTest::Pop(uint32_t table, size_t most) {
  const std::vector<std::string> timers = PopPage(table, most);
  uint64_t before;
  uint32_t more;
  std::memcpy(&before, store_->exchange().data(), sizeof(before));
  std::memcpy(&more, store_->exchange().data() + sizeof(before), sizeof(more));
  const auto time = static_cast<int64_t>(__builtin_bswap64(before));
  std::string text = more == 0 ? "last " : "before " + std::to_string(time) + ": ";
  for (const std::string& timer : timers) {
    text += std::to_string(TimeOf(timer)) + timer.substr(sizeof(int64_t)) + " ";
  }
  return text;
}

TEST_F(KeyedStoreTest, KeepsTimers) {
  const uint32_t table = Table(KeyedStore::Kind::kTimers);
  constexpr int64_t kLast = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(Pop(table, 10), "last ");
  for (const int64_t time : {int64_t{5}, kLast, int64_t{-3}, int64_t{70'000}, int64_t{5}}) {
    Change(table, TimerAt(time, "a"), true);
  }
  Change(table, TimerAt(6, "b"), true);
  Change(table, TimerAt(-3, "b"), true);
  Change(table, TimerAt(-3, "a"), false);
  Change(table, TimerAt(-4, "a"), false);
  EXPECT_EQ(Pop(table, 10), "before 5: -3b ");
  EXPECT_EQ(Pop(table, 1), "before 6: 5a ");
  EXPECT_EQ(Pop(table, 10), "before 70000: 6b ");
  EXPECT_EQ(Pop(table, 10), "before 9223372036854775807: 70000a ");
  EXPECT_EQ(Pop(table, 10), "last 9223372036854775807a ");
  EXPECT_EQ(Pop(table, 10), "last ");
}

TEST_F(KeyedStoreTest, TimersMayBeShorterThanATime) {
  const uint32_t table = Table(KeyedStore::Kind::kTimers);
  const std::string zero("ab\0", 3);
  for (const std::string& timer : {std::string("b"), zero, std::string("ab"), std::string()}) {
    Change(table, timer, true);
  }
  std::vector<std::string> popped;
  while (true) {
    const std::vector<std::string> page = PopPage(table, 10);
    if (page.empty()) break;
    popped.insert(popped.end(), page.begin(), page.end());
  }
  ASSERT_EQ(popped.size(), 4u);
  EXPECT_EQ(popped.front(), "");
  EXPECT_THAT((std::vector<std::string>{popped[1], popped[2]}),
              testing::UnorderedElementsAre("ab", zero));
  EXPECT_EQ(popped.back(), "b");
}

TEST_F(KeyedStoreTest, ATimerThatIsCutShortIsRefused) {
  const uint32_t table = Table(KeyedStore::Kind::kTimers);
  const uint32_t size = Message({{0, TimerAt(1, "key")}});
  EXPECT_EQ(store_->ChangeTimers(table, size - 1).code(), StatusCode::kInternal);
  EXPECT_EQ(store_->ChangeTimers(table, 3).code(), StatusCode::kInternal);
  EXPECT_EQ(Pop(table, 10), "last ");
}

// In the order of key groups, though they lie by time, and however many passes that takes.
TEST_F(KeyedStoreTest, ACutHasTimersByKeyGroup) {
  const uint32_t table = Table(KeyedStore::Kind::kTimers);
  constexpr int kTimers = 200'000;
  std::vector<size_t> expected(kGroups);
  for (int i = 0; i < kTimers;) {
    std::vector<std::pair<uint32_t, std::string>> batch;
    for (int end = i + 1000; i < end; ++i) {
      const uint32_t group = static_cast<uint32_t>(i * 7) % kGroups;
      batch.emplace_back(group, TimerAt(i * 37 % 5'000'000, std::to_string(i)));
      ++expected[group];
    }
    ASSERT_TRUE(store_->ChangeTimers(table, Message(batch)).ok());
  }
  const std::shared_ptr<StateCut> cut = *store_->StartCut();
  ASSERT_TRUE(store_->AwaitCut(cut.get(), true).ok());
  auto scan = TableScan::Open(*store_->CheckpointOf(*cut), "table 3");
  ASSERT_TRUE(scan.ok());
  std::vector<size_t> counted(kGroups);
  uint32_t last = 0;
  std::string page;
  do {
    ASSERT_TRUE((*scan)->NextPage(&page).ok());
    for (size_t at = 0; at < page.size();) {
      int64_t position;
      int32_t sizes[3];
      std::memcpy(&position, &page[at], sizeof(position));
      std::memcpy(sizes, &page[at + sizeof(position)], sizeof(sizes));
      const uint32_t group = gemini::KeyGroupAt(static_cast<uint64_t>(position));
      ASSERT_GE(group, last);
      last = group;
      ++counted[group];
      at += sizeof(position) + sizeof(sizes) + static_cast<size_t>(sizes[1]);
    }
  } while (!page.empty());
  EXPECT_EQ(counted, expected);
}

// They leave memory, and come back bucket by bucket.
TEST_F(KeyedStoreTest, MoreTimersThanMemoryHolds) {
  const auto memory = std::make_shared<SlotMemory>(int64_t{4} << 20);
  store_ = Open(memory);
  const uint32_t table = Table(KeyedStore::Kind::kTimers);
  constexpr int kTimers = 50'000;
  const std::string key(200, 'k');
  for (int i = 0; i < kTimers; ++i) {
    Change(table, TimerAt(int64_t{i} * 7919 % kTimers * 100, key), true);
  }
  for (int i = 0; i < kTimers; i += 5) Change(table, TimerAt(i * 100, key), false);
  EXPECT_LT(memory->account().used(), int64_t{8} << 20);
  int64_t last = -1;
  int popped = 0;
  while (true) {
    const std::vector<std::string> page = PopPage(table, 1000);
    if (page.empty()) break;
    for (const std::string& timer : page) {
      ASSERT_GT(TimeOf(timer), last);
      last = TimeOf(timer);
      ASSERT_NE(last % 500, 0);
      ++popped;
    }
  }
  EXPECT_EQ(popped, kTimers / 5 * 4);
}

TEST_F(KeyedStoreTest, IsQueriedByAnotherThreadWhileTheTaskGoesOn) {
  const uint32_t values = Table(KeyedStore::Kind::kValue);
  const uint32_t lists = Table(KeyedStore::Kind::kList);
  Put(values, "a", "one");
  ASSERT_TRUE(store_->Append(Send(lists, "a", "x"), 1, 0).ok());
  ASSERT_TRUE(store_->Append(Send(lists, "a", "y"), 1, 0).ok());
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

std::string At(int64_t time, const std::string& value) {
  const uint64_t swapped = __builtin_bswap64(static_cast<uint64_t>(time));
  return std::string(reinterpret_cast<const char*>(&swapped), sizeof(swapped)) + value;
}

// The message of a batch, and its answers in words.
class Batch {
 public:
  explicit Batch(uint32_t groups) : groups_(groups) {
    batch_.message().Append(std::string(4, '\0'), &size_);
  }
  void Add(RequestKind kind, uint32_t table, const std::string& key,
           const std::string& user_key = "", const std::string& value = "") {
    const auto group = static_cast<int32_t>(std::hash<std::string>()(key) % groups_);
    const int32_t head[] = {static_cast<int32_t>(kind),
                            static_cast<int32_t>(table),
                            group,
                            static_cast<int32_t>(key.size()),
                            static_cast<int32_t>(user_key.size()),
                            static_cast<int32_t>(value.size())};
    const int64_t time = 0;
    batch_.message().Append({reinterpret_cast<const char*>(head), sizeof(head)}, &size_);
    batch_.message().Append({reinterpret_cast<const char*>(&time), sizeof(time)}, &size_);
    batch_.message().Append(key + user_key + value, &size_);
    ++count_;
    std::memcpy(batch_.message().data(), &count_, sizeof(count_));
  }
  std::vector<std::string> Run(KeyedStore* store) { return Run(store, size_); }
  std::vector<std::string> Run(KeyedStore* store, size_t bytes) {
    const Result<int64_t> size = store->Run(&batch_, bytes);
    if (!size.ok()) return {size.status().ToString()};
    std::vector<std::string> answers;
    for (size_t i = 0; i < static_cast<size_t>(count_); ++i) {
      int32_t entry[2];
      std::memcpy(entry, batch_.answers().data() + i * sizeof(entry), sizeof(entry));
      answers.push_back(entry[1] < 0 ? "absent"
                        : entry[0] == 0
                            ? std::to_string(entry[1])
                            : std::string(batch_.answers().At(static_cast<size_t>(entry[0]),
                                                              static_cast<size_t>(entry[1]))));
    }
    return answers;
  }
  size_t size() const { return size_; }

 private:
  const uint32_t groups_;
  RequestBatch batch_;
  size_t size_ = 0;
  int32_t count_ = 0;
};

TEST_F(KeyedStoreTest, RunsBatches) {
  const uint32_t values = Table(KeyedStore::Kind::kValue);
  const uint32_t maps = Table(KeyedStore::Kind::kMap);
  const uint32_t lists = Table(KeyedStore::Kind::kList);
  Batch batch(kGroups);
  batch.Add(RequestKind::kGet, values, "a");
  batch.Add(RequestKind::kAppend, lists, "a", "", "x");
  batch.Add(RequestKind::kPut, values, "a", "", "one");
  batch.Add(RequestKind::kPut, values, "a", "", "two");
  batch.Add(RequestKind::kGet, values, "a");
  batch.Add(RequestKind::kGet, values, "b");
  batch.Add(RequestKind::kHasEntries, maps, "a");
  batch.Add(RequestKind::kPutEntry, maps, "a", "u", "1");
  batch.Add(RequestKind::kHasEntries, maps, "a");
  batch.Add(RequestKind::kGetEntry, maps, "a", "u");
  batch.Add(RequestKind::kGetEntry, maps, "a", "v");
  batch.Add(RequestKind::kAppend, lists, "a", "", "y");
  batch.Add(RequestKind::kElements, lists, "a");
  batch.Add(RequestKind::kElements, lists, "b");
  batch.Add(RequestKind::kClear, lists, "a");
  batch.Add(RequestKind::kElements, lists, "a");
  batch.Add(RequestKind::kEntries, maps, "a");
  batch.Add(RequestKind::kRemoveEntry, maps, "a", "u");
  batch.Add(RequestKind::kHasEntries, maps, "a");
  batch.Add(RequestKind::kRemove, values, "a");
  batch.Add(RequestKind::kGet, values, "a");
  const std::string entry("\1\0\0\0\1\0\0\0u1", 10);
  EXPECT_THAT(
      batch.Run(store_.get()),
      testing::ElementsAre("absent", "0", "0", "0", "two", "absent", "0", "0", "1", "1", "absent",
                           "0", "x,y", "absent", "0", "absent", entry, "0", "0", "0", "absent"));
}

TEST_F(KeyedStoreTest, ABatchThatIsNoneIsRefused) {
  const uint32_t values = Table(KeyedStore::Kind::kValue);
  Batch batch(kGroups);
  batch.Add(RequestKind::kGet, values, "key");
  for (size_t bytes = 0; bytes < batch.size(); ++bytes) {
    EXPECT_THAT(batch.Run(store_.get(), bytes),
                testing::ElementsAre(testing::HasSubstr("cut short")));
  }
  batch.Add(RequestKind::kElements, values, "key");
  EXPECT_THAT(batch.Run(store_.get()), testing::ElementsAre(testing::HasSubstr("another kind")));
}

TEST_F(KeyedStoreTest, BatchesOfMoreThanMemoryHolds) {
  store_ = Open(std::make_shared<SlotMemory>(int64_t{4} << 20));
  const uint32_t values = Table(KeyedStore::Kind::kValue);
  const uint32_t maps = Table(KeyedStore::Kind::kMap);
  constexpr int kKeys = 20'000, kPerBatch = 2500;
  const std::string value(1000, 'v');
  for (int i = 0; i < kKeys;) {
    Batch batch(kGroups);
    for (const int end = i + kPerBatch; i < end; ++i) {
      const std::string key = std::to_string(i);
      batch.Add(RequestKind::kPut, values, key, "", value + key);
      batch.Add(RequestKind::kPutEntry, maps, std::to_string(i % 500), key, "1");
    }
    EXPECT_EQ(batch.Run(store_.get()).size(), 2u * kPerBatch);
  }
  Batch batch(kGroups);
  for (int i = 0; i < kKeys; i += 8) batch.Add(RequestKind::kGet, values, std::to_string(i));
  for (int i = 0; i < 500; ++i) batch.Add(RequestKind::kEntries, maps, std::to_string(i));
  const std::vector<std::string> answers = batch.Run(store_.get());
  ASSERT_EQ(answers.size(), kKeys / 8 + 500u);
  for (int i = 0; i < kKeys / 8; ++i) ASSERT_EQ(answers[i], value + std::to_string(i * 8));
  for (size_t i = kKeys / 8; i < answers.size(); ++i) ASSERT_GT(answers[i].size(), 40 * 9u);
}

// Nobody asks for it any more, and it does not lie in memory only.
TEST_F(KeyedStoreTest, WhatHasExpiredGoesInTheBackground) {
  const auto memory = std::make_shared<SlotMemory>(int64_t{4} << 20);
  store_ = Open(memory);
  const uint32_t values = Table(KeyedStore::Kind::kValue);
  const uint32_t maps = Table(KeyedStore::Kind::kMap);
  const uint32_t lists = Table(KeyedStore::Kind::kList);
  for (const uint32_t table : {values, maps, lists}) {
    ASSERT_TRUE(store_->SetTtl(table, 1000).ok());
  }
  constexpr int kKeys = 12'000;
  constexpr int64_t kBegin = 1'000'000;
  const auto fill = [&](int64_t time, int first, int last) {
    const std::string value = At(time, std::string(500, 'v'));
    const auto bytes = static_cast<uint32_t>(value.size());
    for (int i = first; i < last; ++i) {
      const std::string key = std::to_string(i);
      ASSERT_TRUE(store_->Put(Send(values, key, value), bytes).ok());
      ASSERT_TRUE(
          store_->PutEntry(Send(maps, key, "u" + std::string(1, '\0') + value), 1, 1 + bytes).ok());
      ASSERT_TRUE(store_->Append(Send(lists, key, value), bytes, time).ok());
    }
  };
  fill(kBegin, 0, kKeys);
  EXPECT_EQ(Get(values, "0"), At(kBegin, std::string(500, 'v')));
  fill(kBegin + 1000, kKeys, kKeys + 10);
  size_t left = kKeys;
  for (int cuts = 0; cuts < 1000 && left > 10; ++cuts) {
    for (int i = 0; i < 1000; ++i) Get(values, "none");
    const std::shared_ptr<StateCut> cut = *store_->StartCut();
    ASSERT_TRUE(store_->AwaitCut(cut.get(), true).ok());
    left = 0;
    for (const char* state : {"table 0", "table 1", "table 2"}) {
      left = std::max(left, Scan(*cut, state).size());
    }
  }
  EXPECT_EQ(left, 10u);
  EXPECT_EQ(Get(values, "0"), "absent");
  EXPECT_EQ(Get(values, std::to_string(kKeys)), At(kBegin + 1000, std::string(500, 'v')));
}

// As it is when several instances merge their runs.
TEST_F(KeyedStoreTest, WhatIsColdIsReadWhileThePoolIsBusy) {
  store_ = Open(std::make_shared<SlotMemory>(int64_t{4} << 20));
  const uint32_t values = Table(KeyedStore::Kind::kValue);
  constexpr int kKeys = 20'000;
  const std::string value(1000, 'v');
  for (int i = 0; i < kKeys; ++i) Put(values, std::to_string(i), value + std::to_string(i));
  for (int i = 0; i < 1000; ++i) Get(values, "none");  // until nothing is left to be written
  const std::shared_ptr<IoPool> pool = ProcessPool();
  std::promise<void> idle;
  const std::shared_future<void> until = idle.get_future().share();
  for (int i = 0; i < 100; ++i) pool->SubmitAwaited([until] { until.wait(); });
  for (const int i : {0, kKeys / 2, kKeys / 3}) {
    EXPECT_EQ(Get(values, std::to_string(i)), value + std::to_string(i));
  }
  idle.set_value();
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
    ASSERT_TRUE(store_->Append(Send(lists, std::to_string(i % 100), "e"), 1, 0).ok());
  }
  for (int i = 0; i < kKeys; i += 7) {
    ASSERT_EQ(Get(values, std::to_string(i)), value + std::to_string(i));
  }
  EXPECT_EQ(Answer(store_->Elements(Send(lists, "5"))).size(), 2 * (kKeys / 100) - 1u);
  EXPECT_LT(memory->account().used(), int64_t{8} << 20);
}

}  // namespace
}  // namespace castor::flink
