// Random records of windows, which are scanned, dropped and sometimes opened again, compared with a
// map.
#include <map>

#include "gemini/store/test_store_model.h"

namespace castor::gemini {
namespace {

struct Value {
  int64_t number = 0;
  std::string text;
};
using Model = std::map<int64_t, std::map<std::string, Value>>;  // by window, then key

class StoreWindowsTest : public StoreModelTest<Model> {
 protected:
  void AddTables(size_t number) override {
    tables_.resize(number);
    auto added = instances_[number].store->AddWindowTable({{9, 0}, {32, {16}}});
    ASSERT_TRUE(added.ok()) << added.status().ToString();
    tables_.push_back(*added);
  }

  void Operate(size_t number) override {
    CheckWindows(number);
    const uint32_t what = Random(20);
    if (what < 13) return AccessSome(number);
    if (what < 15) return ScanOne(number);
    if (what < 17) return ScanPages(number);
    if (what < 19) return DropOne(number);
    first_window_ += Random(2);
  }

  int64_t AnyWindow() { return (first_window_ + Random(6)) * 100 - 300; }
  std::string AnyKey(const Instance& instance) {
    while (true) {
      std::string key = "key" + std::to_string(Random(1500));
      if (instance.Owns(key)) return key;
    }
  }
  // Of the model what the instance owns.
  std::map<std::string, Value> Expected(size_t number, int64_t window) {
    std::map<std::string, Value> expected = model_[window];
    std::erase_if(expected, [&](const auto& item) { return !instances_[number].Owns(item.first); });
    return expected;
  }

  void AccessSome(size_t number) {
    Store* store = instances_[number].store.get();
    const auto access = static_cast<Access>(Random(3));
    const uint32_t count = 1 + Random(120);
    std::vector<std::string> names;
    std::vector<int64_t> windows;
    KeyList keys;
    for (uint32_t i = 0; i < count; ++i) {
      names.push_back(AnyKey(instances_[number]));
      keys.Add(names.back(), HashOfKey(names.back()));
      windows.push_back(i > 0 && Random(3) > 0 ? windows.back() : AnyWindow());
    }
    std::vector<std::byte*> payloads(count);
    std::vector<uint8_t> created(count);
    UntilReady(store, [&] {
      return store->Acquire(tables_[number], windows, keys.view(), access, now_, payloads.data(),
                            created.data());
    });
    for (uint32_t i = 0; i < count; ++i) {
      auto& of_window = model_[windows[i]];
      const bool exists = of_window.count(names[i]) > 0;
      if (access == Access::kFindOrCreate) {
        ASSERT_EQ(created[i] != 0, !exists) << names[i] << " in " << windows[i];
      } else {
        ASSERT_EQ(payloads[i] != nullptr, exists) << names[i] << " in " << windows[i];
        if (!exists) continue;
      }
      Check(number, access, payloads[i], &of_window[names[i]]);
    }
    store->Release();
  }

  void Check(size_t number, Access access, std::byte* bytes, Value* value) {
    auto* payload = reinterpret_cast<Payload*>(bytes);
    ASSERT_EQ(payload->number, value->number);
    ASSERT_EQ(payload->text.view(), value->text);
    if (access == Access::kRead) return;
    payload->number = value->number = static_cast<int64_t>(random_());
    if (Random(2) == 0) return;
    value->text.assign(Random(600), static_cast<char>('a' + Random(26)));
    tables_[number]->SetBlob(&payload->text, value->text);
  }

  void ScanOne(size_t number) {
    Store* store = instances_[number].store.get();
    const int64_t window = AnyWindow();
    uint64_t handle = 0;
    UntilReady(store, [&] { return store->Scan(tables_[number], window, &handle); });
    std::map<std::string, Value> expected = Expected(number, window);
    std::vector<EntryView> page;
    for (uint64_t cursor = 0; cursor != EntryTable::kEndOfEntries;) {
      tables_[number]->Walk(handle, Access::kRead, now_, &cursor, 1 + Random(200), &page);
    }
    ASSERT_EQ(page.size(), expected.size()) << window;
    for (const EntryView& entry : page) {
      const auto at = expected.find(std::string(entry.key));
      ASSERT_NE(at, expected.end()) << entry.key;
      ASSERT_EQ(WindowRow::KeyHashOf(entry), HashOfKey(std::string(entry.key)));
      Check(number, Access::kRead, entry.data, &at->second);
    }
    store->Release();
  }

  // Also while memory has some of the window and runs have the rest. A read that fails is an error,
  // after which the walk begins anew.
  void ScanPages(size_t number) {
    Store* store = instances_[number].store.get();
    const int64_t window = AnyWindow();
    std::map<std::string, Value> expected = Expected(number, window);
    const size_t all = expected.size();
    std::vector<EntryView> page;
    for (uint64_t cursor = 0; cursor != EntryTable::kEndOfEntries;) {
      page.clear();
      const auto ready = store->ScanPage(tables_[number], window, &cursor, 1 + Random(200), &page);
      if (!ready.ok()) {
        ASSERT_EQ(ready.status().code(), StatusCode::kIoError) << ready.status().ToString();
        expected = Expected(number, window);
        cursor = 0;
      } else if (*ready == Readiness::kPending) {
        Await(store);
        continue;
      }
      for (const EntryView& entry : page) {
        const auto at = expected.find(std::string(entry.key));
        ASSERT_NE(at, expected.end()) << entry.key << ", of " << all;
        ASSERT_EQ(WindowRow::KeyHashOf(entry), HashOfKey(at->first));
        Check(number, Access::kRead, entry.data, &at->second);
        expected.erase(at);
      }
    }
    ASSERT_EQ(expected.size(), 0u) << window;
    store->Release();
  }

  // On one instance, and only then on others: what one has dropped another may still hold.
  void DropOne(size_t number) {
    const int64_t window = AnyWindow() - (Random(2) == 0 ? 200 : 0);
    instances_[number].store->DropWindow(tables_[number], window);
    std::erase_if(model_[window],
                  [&](const auto& item) { return instances_[number].Owns(item.first); });
  }

  // Windows that have records are among those that the table names, which ascend.
  void CheckWindows(size_t number) {
    const std::vector<int64_t> windows = tables_[number]->Windows();
    ASSERT_TRUE(std::is_sorted(windows.begin(), windows.end()));
    for (const auto& [window, records] : model_) {
      const bool any = std::any_of(records.begin(), records.end(), [&](const auto& item) {
        return instances_[number].Owns(item.first);
      });
      if (!any) continue;
      ASSERT_TRUE(std::binary_search(windows.begin(), windows.end(), window)) << window;
    }
  }

  std::vector<EntryTable*> tables_;  // of each instance
  int64_t first_window_ = 0;
};

TEST_P(StoreWindowsTest, HoldsWhatAMapHolds) { Run(3000); }

// Nothing of it comes back into memory to be read.
TEST(StoreWindows, AWindowLargerThanMemoryIsReadWithinIt) {
  constexpr int64_t kBudget = 4'000'000;
  constexpr int kRecords = 200'000;
  TestFileSystem files;
  StoreOptions options;
  options.file_system = &files;
  options.run_prefix = "dir/";
  options.key_groups = kTestKeyGroups;
  options.last_group = kTestKeyGroups - 1;
  options.key_group_of = GroupOfHash;
  options.memory_budget = kBudget;
  options.execute = [](std::function<void()> work) { work(); };
  const std::unique_ptr<Store> store = Store::Open(std::move(options), {}).value();
  EntryTable* table = store->AddWindowTable({{9, 0}, {32, {}}}).value();
  const auto maintain = [&] {
    store->Release();
    while (store->Maintain(0) == Store::Work::kMore) {
    }
  };
  for (int i = 0; i < kRecords; ++i) {
    const std::string name = std::to_string(i);
    KeyList keys;
    keys.Add(name, HashOfKey(name));
    const int64_t window = 7;
    std::byte* payload = nullptr;
    while (*store->Acquire(table, {&window, 1}, keys.view(), Access::kFindOrCreate, 0, &payload,
                           nullptr) == Readiness::kPending) {
    }
    reinterpret_cast<Payload*>(payload)->number = i;
    if (i % 100 == 0) maintain();
  }
  maintain();
  int64_t found = 0, sum = 0;
  std::vector<EntryView> page;
  for (uint64_t cursor = 0; cursor != EntryTable::kEndOfEntries; page.clear()) {
    while (*store->ScanPage(table, 7, &cursor, 1000, &page) == Readiness::kPending) {
    }
    for (const EntryView& entry : page) sum += reinterpret_cast<Payload*>(entry.data)->number;
    found += static_cast<int64_t>(page.size());
    ASSERT_LT(store->charged_bytes(), kBudget + kBudget / 8);
  }
  EXPECT_EQ(found, kRecords);
  EXPECT_EQ(sum, int64_t{kRecords} * (kRecords - 1) / 2);
}

INSTANTIATE_TEST_SUITE_P(Seeds, StoreWindowsTest, testing::Range(0u, 8u));

}  // namespace
}  // namespace castor::gemini
