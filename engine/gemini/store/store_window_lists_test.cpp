// Random rows of keys in windows, which are located, walked, dropped and sometimes opened again,
// compared with a map of vectors.
#include <map>
#include <utility>

#include "gemini/store/test_store_model.h"

namespace castor::gemini {
namespace {

using OfKeys = std::map<std::string, std::vector<std::string>>;
using Model = std::map<int64_t, OfKeys>;  // by window

class StoreWindowListsTest : public StoreModelTest<Model> {
 protected:
  void AddTables(size_t number) override {
    tables_.resize(number);
    auto added = instances_[number].store->AddWindowListTable({9, "rows", "BIGINT"});
    ASSERT_TRUE(added.ok()) << added.status().ToString();
    tables_.push_back(*added);
  }

  void Operate(size_t number) override {
    CheckWindows(number);
    const uint32_t what = Random(32);
    if (what < 22) return AppendSome(number);
    if (what < 25) return LocateSome(number);
    if (what < 27) return WalkOne(number);
    if (what < 30) return DropOne(number);
    first_window_ += Random(2);
  }

  int64_t AnyWindow() { return (first_window_ + Random(6)) * 100 - 300; }
  // The old ones, as those that fire.
  int64_t OldWindow() { return (first_window_ + Random(2)) * 100 - 400; }
  // Some have many rows, and a few are large.
  std::string AnyKey(const Instance& instance) {
    while (true) {
      const uint32_t number = Random(10) == 0 ? Random(10) : Random(1500);
      std::string key = "key" + std::to_string(number);
      if (number % 100 == 0) key.resize(65'530 + number / 100, '.');
      if (instance.Owns(key)) return key;
    }
  }

  struct Rows {
    std::vector<std::string> names;
    std::vector<int64_t> windows;
    KeyList keys;
    std::vector<std::string> bytes;
    std::vector<std::string_view> views;
  };
  Rows AnyRows(size_t number, uint32_t count) {
    Rows any;
    for (uint32_t i = 0; i < count; ++i) {
      any.names.push_back(AnyKey(instances_[number]));
      any.keys.Add(any.names.back(), HashOfKey(any.names.back()));
      any.windows.push_back(i > 0 && Random(3) > 0 ? any.windows.back() : AnyWindow());
      const uint32_t most = Random(2000) == 0 ? 100'000 : 300;
      any.bytes.emplace_back(Random(most), static_cast<char>('a' + Random(26)));
    }
    any.views.assign(any.bytes.begin(), any.bytes.end());
    return any;
  }

  void AppendSome(size_t number) {
    const Rows any = AnyRows(number, 1 + Random(200));
    Store* store = instances_[number].store.get();
    store->Append(tables_[number], any.windows, any.keys.view(), any.views);
    for (size_t i = 0; i < any.names.size(); ++i) {
      model_[any.windows[i]][any.names[i]].push_back(any.bytes[i]);
    }
  }

  void LocateSome(size_t number) {
    const Rows any = AnyRows(number, 1 + Random(200));
    Store* store = instances_[number].store.get();
    const int64_t window = OldWindow();
    std::vector<uint64_t> handles;
    UntilReady(store,
               [&] { return store->Locate(tables_[number], window, any.keys.view(), &handles); });
    ASSERT_EQ(handles.size(), any.names.size());
    for (size_t i = 0; i < handles.size(); ++i) CheckRows(window, any.names[i], handles[i]);
  }

  void CheckRows(int64_t window, const std::string& key, uint64_t handle) {
    std::vector<std::string_view> found;
    for (uint64_t cursor = 0; cursor != WindowListTable::kEnd;) {
      const size_t before = found.size(), most = 1 + Random(20);
      WindowListTable::WalkRows(handle, &cursor, most, &found);
      ASSERT_LE(found.size() - before, most);
    }
    const OfKeys& of_window = model_[window];
    const auto expected = of_window.find(key);
    ASSERT_EQ(handle != 0, expected != of_window.end()) << key;
    if (handle == 0) return;
    ASSERT_TRUE(
        std::equal(found.begin(), found.end(), expected->second.begin(), expected->second.end()))
        << key << " in " << window;
  }

  // Other calls may come between the pages of a walk.
  void WalkOne(size_t number) {
    Store* store = instances_[number].store.get();
    const int64_t window = OldWindow();
    std::vector<WindowKey> keys;
    for (uint64_t cursor = 0; cursor != WindowListTable::kEnd;) {
      const size_t most = 1 + Random(200);
      UntilReady(store,
                 [&] { return store->WalkKeys(tables_[number], window, &cursor, most, &keys); });
      store->Maintain(now_);
    }
    std::set<std::string_view> found;
    for (const WindowKey& key : keys) {
      ASSERT_TRUE(found.insert(key.bytes).second) << key.bytes;
      ASSERT_EQ(key.hash, HashOfKey(std::string(key.bytes)));
      CheckRows(window, std::string(key.bytes), key.handle);
    }
    for (const auto& [key, rows] : model_[window]) {
      ASSERT_EQ(found.count(key) > 0, instances_[number].Owns(key)) << key;
    }
  }

  void DropOne(size_t number) {
    const int64_t window = Random(3) == 0 ? AnyWindow() : OldWindow();
    instances_[number].store->DropWindow(tables_[number], window);
    std::erase_if(model_[window],
                  [&](const auto& item) { return instances_[number].Owns(item.first); });
  }

  // Windows that have rows are among those that the table names, which ascend.
  void CheckWindows(size_t number) {
    const std::vector<int64_t> windows = tables_[number]->Windows();
    ASSERT_TRUE(std::is_sorted(windows.begin(), windows.end()));
    for (const auto& [window, keys] : model_) {
      const bool any = std::any_of(keys.begin(), keys.end(), [&](const auto& item) {
        return instances_[number].Owns(item.first);
      });
      if (!any) continue;
      ASSERT_TRUE(std::binary_search(windows.begin(), windows.end(), window)) << window;
    }
  }

  std::vector<WindowListTable*> tables_;  // of each instance
  int64_t first_window_ = 0;
};

TEST_P(StoreWindowListsTest, HoldsWhatAMapHolds) { Run(3000); }

INSTANTIATE_TEST_SUITE_P(Seeds, StoreWindowListsTest, testing::Range(0u, 8u));

}  // namespace
}  // namespace castor::gemini
