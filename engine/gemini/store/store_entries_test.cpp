// Random operations on maps and lists, with and without TTL, compared with those of the library:
// some keys have a few entries, others hundreds.
#include <array>
#include <cstring>
#include <map>
#include <numeric>

#include "gemini/store/test_store_model.h"

namespace castor::gemini {
namespace {

struct Value {
  std::string bytes;  // the user key, or the element
  int64_t number = 0;
  std::string text;
  int64_t time = 0;
};
// Of maps the values ordered by user key, of lists in the order of appending.
using Entries = std::vector<Value>;
using Model = std::array<std::map<std::string, Entries>, 4>;

const EntryTableOptions kTables[] = {{{1, 0}, {32, {16}}, EntriesOf::kMap, 0},
                                     {{2, 0}, {16, {}}, EntriesOf::kMap, 200},
                                     {{3, 0}, {32, {16}}, EntriesOf::kList, 0},
                                     {{4, 0}, {16, {}}, EntriesOf::kList, 150}};

bool Before(const Value& value, const std::string& user_key) { return value.bytes < user_key; }

class StoreEntriesTest : public StoreModelTest<Model> {
 protected:
  void AddTables(size_t number) override {
    tables_.resize(number);
    std::vector<EntryTable*>& tables = tables_.emplace_back();
    for (const EntryTableOptions& table : kTables) {
      auto added = instances_[number].store->AddEntryTable(table);
      ASSERT_TRUE(added.ok()) << added.status().ToString();
      tables.push_back(*added);
    }
  }

  void Operate(size_t number) override {
    instance_ = &instances_[number];
    tables_of_ = &tables_[number];
    const uint32_t what = Random(20);
    if (what < 7) return AccessSome(Random(2));
    if (what < 9) return EraseSome(Random(2));
    if (what < 13) return AppendSome(2 + Random(2));
    if (what < 15) return ClearSome(Random(4));
    WalkSome(Random(4));
  }

  // One in ten has many entries.
  std::string AnyKey() {
    while (true) {
      std::string key = "key" + std::to_string(Random(300));
      key.resize(key.size() + (key.size() % 2) * 20, '.');
      if (instance_->Owns(key)) return key;
    }
  }
  std::string AnyUserKey(const std::string& key) {
    const uint32_t number = Random(HashOfKey(key) % 10 == 0 ? 400 : 8);
    return number == 7 ? "" : std::string(number % 40, 'u') + std::to_string(number);
  }
  bool Expired(uint32_t table, const Value& value) const {
    return kTables[table].ttl_ms > 0 && value.time + kTables[table].ttl_ms <= now_;
  }

  // Some keys, each with some entries.
  struct Rows {
    std::vector<std::string> names;  // of keys
    KeyList keys;
    std::vector<int32_t> rows;
    std::vector<std::string> bytes;
    std::vector<std::string_view> views;

    const std::string& name(size_t j) const { return names[static_cast<size_t>(rows[j])]; }
  };
  Rows AnyRows(uint32_t keys, uint32_t entries, bool of_list) {
    Rows any;
    for (uint32_t i = 0; i < keys; ++i) {
      any.names.push_back(AnyKey());
      any.keys.Add(any.names.back(), HashOfKey(any.names.back()));
    }
    for (uint32_t j = 0; j < entries; ++j) {
      any.rows.push_back(static_cast<int32_t>(Random(keys)));
      any.bytes.push_back(of_list ? AnyText(300) : AnyUserKey(any.name(j)));
    }
    any.views.assign(any.bytes.begin(), any.bytes.end());
    return any;
  }
  std::string AnyText(uint32_t most) {
    return std::string(Random(most), static_cast<char>('a' + Random(26)));
  }

  void AccessSome(uint32_t table) {
    const auto access = static_cast<Access>(Random(4));
    const Rows any = AnyRows(1 + Random(6), 1 + Random(80), false);
    const Keys keys = any.keys.view();
    const EntryKeys entries{keys, any.rows, any.views};
    std::vector<std::byte*> payloads(entries.size());
    std::vector<uint8_t> created(entries.size());
    UntilReady(instance_->store.get(), [&] {
      return instance_->store->Acquire((*tables_of_)[table], entries, access, now_, payloads.data(),
                                       created.data());
    });
    for (size_t j = 0; j < entries.size(); ++j) {
      CheckEntry(table, access, any.name(j), any.bytes[j], payloads[j], created[j] != 0);
    }
    instance_->store->Release();
  }

  void CheckEntry(uint32_t table, Access access, const std::string& key,
                  const std::string& user_key, std::byte* bytes, bool created) {
    Entries& entries = model_[table][key];
    auto at = std::lower_bound(entries.begin(), entries.end(), user_key, Before);
    bool exists = at != entries.end() && at->bytes == user_key;
    if (exists && Expired(table, *at)) {
      at = entries.erase(at);
      exists = false;
    }
    const bool overwrites = access == Access::kOverwrite;
    if (overwrites || access == Access::kFindOrCreate) {
      if (!overwrites) {
        ASSERT_EQ(created, !exists) << key << " " << user_key;
      }
      if (!exists) at = entries.insert(at, {user_key, 0, {}, 0});
      if (kTables[table].ttl_ms > 0) at->time = now_;
    } else {
      ASSERT_EQ(bytes != nullptr, exists) << key << " " << user_key;
      if (!exists) return;
    }
    if (!overwrites) CheckPayload(table, bytes, *at);
    if (access != Access::kRead) Change(table, bytes, overwrites, &*at);
  }

  void CheckPayload(uint32_t table, std::byte* bytes, const Value& value) {
    const auto* payload = reinterpret_cast<Payload*>(bytes);
    ASSERT_EQ(payload->number, value.number);
    if (kTables[table].layout.blob_offsets.empty()) return;
    ASSERT_EQ(payload->text.view(), value.text);
  }
  void Change(uint32_t table, std::byte* bytes, bool all, Value* value) {
    auto* payload = reinterpret_cast<Payload*>(bytes);
    payload->number = value->number = static_cast<int64_t>(random_());
    if (kTables[table].layout.blob_offsets.empty() || (!all && Random(2) == 0)) return;
    value->text = AnyText(600);
    (*tables_of_)[table]->SetBlob(&payload->text, value->text);
  }

  void EraseSome(uint32_t table) {
    const Rows any = AnyRows(1 + Random(6), 1 + Random(40), false);
    const Keys keys = any.keys.view();
    instance_->store->Erase((*tables_of_)[table], {keys, any.rows, any.views});
    for (size_t j = 0; j < any.rows.size(); ++j) {
      std::erase_if(model_[table][any.name(j)],
                    [&](const Value& value) { return value.bytes == any.bytes[j]; });
    }
  }

  void AppendSome(uint32_t table) {
    const Rows any = AnyRows(1 + Random(4), 1 + Random(60), true);
    const Keys keys = any.keys.view();
    std::vector<std::byte*> payloads(any.rows.size());
    instance_->store->Append((*tables_of_)[table], {keys, any.rows, any.views}, now_,
                             payloads.data());
    for (size_t j = 0; j < any.rows.size(); ++j) {
      Entries& entries = model_[table][any.name(j)];
      entries.push_back({any.bytes[j], 0, {}, kTables[table].ttl_ms > 0 ? now_ : 0});
      CheckPayload(table, payloads[j], entries.back());
      Change(table, payloads[j], /*all=*/false, &entries.back());
    }
    instance_->store->Release();
  }

  void ClearSome(uint32_t table) {
    const Rows any = AnyRows(1 + Random(3), 0, false);
    std::vector<int32_t> rows(any.names.size());
    std::iota(rows.begin(), rows.end(), 0);
    instance_->store->Clear((*tables_of_)[table], any.keys.view(), rows);
    for (const std::string& name : any.names) model_[table].erase(name);
  }

  void WalkSome(uint32_t table) {
    const Rows any = AnyRows(1 + Random(6), 0, false);
    std::vector<int32_t> rows(any.names.size());
    std::iota(rows.begin(), rows.end(), 0);
    std::vector<uint64_t> handles;
    UntilReady(instance_->store.get(), [&] {
      return instance_->store->Locate((*tables_of_)[table], any.keys.view(), rows, &handles);
    });
    for (size_t i = 0; i < rows.size(); ++i) CheckWalk(table, any.names[i], handles[i]);
    instance_->store->Release();
  }

  void CheckWalk(uint32_t table, const std::string& key, uint64_t handle) {
    const auto access = static_cast<Access>(Random(2));
    std::vector<EntryView> found;
    for (uint64_t cursor = 0; cursor != EntryTable::kEndOfEntries;) {
      const size_t before = found.size(), most = 1 + Random(100);
      (*tables_of_)[table]->Walk(handle, access, now_, &cursor, most, &found);
      ASSERT_LE(found.size() - before, most);
    }
    if (kTables[table].kind == EntriesOf::kMap) {
      std::sort(found.begin(), found.end(),
                [](const EntryView& a, const EntryView& b) { return a.key < b.key; });
    }
    Entries& entries = model_[table][key];
    std::erase_if(entries, [&](const Value& value) { return Expired(table, value); });
    ASSERT_EQ(found.size(), entries.size()) << key;
    for (size_t i = 0; i < found.size(); ++i) {
      ASSERT_EQ(found[i].key, entries[i].bytes);
      CheckPayload(table, found[i].data, entries[i]);
      if (access != Access::kRead) Change(table, found[i].data, /*all=*/false, &entries[i]);
    }
  }

  std::vector<std::vector<EntryTable*>> tables_;  // of each instance
  Instance* instance_ = nullptr;                  // that is operated on
  std::vector<EntryTable*>* tables_of_ = nullptr;
};

TEST_P(StoreEntriesTest, HoldsWhatMapsAndListsHold) { Run(4000); }

INSTANTIATE_TEST_SUITE_P(Seeds, StoreEntriesTest, testing::Range(0u, 8u));

}  // namespace
}  // namespace castor::gemini
