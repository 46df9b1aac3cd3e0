// Random operations on records, compared with a map.
#include <map>

#include "gemini/store/test_store_model.h"

namespace castor::gemini {
namespace {

struct Value {
  int64_t number = 0;
  std::string text;
  int64_t time = 0;
};
using Model = std::map<std::pair<uint32_t, std::string>, Value>;  // (table, key)

const TableOptions kTables[] = {{{1, 0}, {32, {16}}, 0}, {{2, 0}, {16, {}}, 200}};

class StoreTest : public StoreModelTest<Model> {
 protected:
  void AddTables(size_t number) override {
    tables_.resize(number);
    std::vector<RecordTable*>& tables = tables_.emplace_back();
    for (const TableOptions& table : kTables) {
      auto added = instances_[number].store->AddTable(table);
      ASSERT_TRUE(added.ok()) << added.status().ToString();
      tables.push_back(*added);
    }
  }

  void Operate(size_t instance) override {
    return Random(6) > 0 ? AccessSome(instance) : EraseSome(instance);
  }

  std::string AnyKey(const Instance& instance) {
    while (true) {
      std::string key = "key" + std::to_string(Random(6000));
      key.resize(key.size() + (key.size() % 2) * 20, '.');
      if (instance.Owns(key)) return key;
    }
  }
  bool Expired(uint32_t table, const Value& value) const {
    return kTables[table].ttl_ms > 0 && value.time + kTables[table].ttl_ms <= now_;
  }

  void AccessSome(size_t number) {
    Instance& instance = instances_[number];
    const uint32_t table = Random(2);
    const auto access = static_cast<Access>(Random(4));
    const uint32_t count = 1 + Random(60);
    std::vector<std::string> names;
    KeyList keys;
    for (uint32_t i = 0; i < count; ++i) {
      names.push_back(AnyKey(instance));
      keys.Add(names.back(), HashOfKey(names.back()));
    }
    std::vector<std::byte*> payloads(count);
    std::vector<uint8_t> created(count);
    UntilReady(instance.store.get(), [&] {
      return instance.store->Acquire(tables_[number][table], keys.view(), access, now_,
                                     payloads.data(), created.data());
    });
    for (uint32_t i = 0; i < count; ++i) {
      Check(tables_[number][table], table, access, names[i], payloads[i], created[i] != 0);
    }
    instance.store->Release();
  }

  void Check(RecordTable* records, uint32_t table, Access access, const std::string& key,
             std::byte* bytes, bool created) {
    const auto at = model_.find({table, key});
    const bool exists = at != model_.end() && !Expired(table, at->second);
    const bool overwrites = access == Access::kOverwrite;
    const bool creates = overwrites || access == Access::kFindOrCreate;
    if (access == Access::kFindOrCreate) {
      ASSERT_EQ(created, !exists) << key;
    } else {
      ASSERT_EQ(bytes != nullptr, exists || overwrites) << key;
      if (!exists && !overwrites) return;
    }
    Value& value = model_[{table, key}];
    if (!exists) value = {};
    if (creates && kTables[table].ttl_ms > 0) value.time = now_;
    auto* payload = reinterpret_cast<Payload*>(bytes);
    if (!overwrites) {
      ASSERT_EQ(payload->number, value.number) << key;
    }
    if (table == 0 && !overwrites) {
      ASSERT_EQ(payload->text.view(), value.text) << key;
    }
    if (access == Access::kRead) return;
    payload->number = value.number = static_cast<int64_t>(random_());
    if (table == 0 && (overwrites || Random(2) == 0)) {
      value.text.assign(Random(300), static_cast<char>('a' + Random(26)));
      records->SetBlob(&payload->text, value.text);
    }
  }

  void EraseSome(size_t number) {
    Instance& instance = instances_[number];
    const uint32_t table = Random(2);
    KeyList keys;
    std::vector<int32_t> rows;
    const uint32_t count = 1 + Random(20);
    for (uint32_t row = 0; row < count; ++row) {
      const std::string key = AnyKey(instance);
      keys.Add(key, HashOfKey(key));
      rows.push_back(row);
      model_.erase({table, key});
    }
    instance.store->Erase(tables_[number][table], keys.view(), rows);
  }

  std::vector<std::vector<RecordTable*>> tables_;  // of each instance
};

TEST_P(StoreTest, HoldsWhatAMapHolds) { Run(3000); }

INSTANTIATE_TEST_SUITE_P(Seeds, StoreTest, testing::Range(0u, 6u));

}  // namespace
}  // namespace castor::gemini
