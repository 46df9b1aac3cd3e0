// What is restored must be what was saved: another name, kind, schema or layout is refused by name.
#include <functional>
#include <vector>

#include "gemini/memory/test_keys.h"
#include "gemini/store/store.h"
#include "gemini/store/test_file_system.h"

#include <gtest/gtest.h>

namespace castor::gemini {
namespace {

class StoreTablesTest : public testing::Test {
 protected:
  std::unique_ptr<Store> Open(const std::vector<Checkpoint>& restored) {
    StoreOptions options;
    options.file_system = &files_;
    options.run_prefix = "dir/" + std::to_string(attempt_++) + "-";
    options.key_group_of = GroupOfHash;
    options.execute = [](const std::function<void()>& work) { work(); };
    auto store = Store::Open(std::move(options), restored);
    EXPECT_TRUE(store.ok()) << store.status().ToString();
    return std::move(*store);
  }
  static Checkpoint Save(Store* store) {
    EXPECT_TRUE(store->StartCheckpoint().ok());
    while (true) {
      store->Maintain(0);
      if (auto taken = store->TakeCheckpoint()) return (*taken)->description;
    }
  }
  Checkpoint SaveMap() {
    auto store = Open({});
    EXPECT_TRUE(store->AddEntryTable(kMap).ok());
    return Save(store.get());
  }
  void ExpectRefused(const Status& status, const std::string& words) {
    EXPECT_EQ(status.code(), StatusCode::kIncompatible);
    EXPECT_NE(status.ToString().find(words), std::string::npos) << status.ToString();
  }

  const EntryTableOptions kMap{{1, 0}, {32, {16}}, EntriesOf::kMap, 0, "left-rows", "ROW<a INT>"};
  TestFileSystem files_;
  int attempt_ = 0;
};

TEST_F(StoreTablesTest, AnotherShapeIsRefusedByName) {
  const Checkpoint saved = SaveMap();
  auto store = Open({saved});
  EntryTableOptions list = kMap;
  list.kind = EntriesOf::kList;
  ExpectRefused(store->AddEntryTable(list).status(), "'left-rows': a map");
  EntryTableOptions wider = kMap;
  wider.layout.payload_bytes = 48;
  ExpectRefused(store->AddEntryTable(wider).status(), "of 48 bytes");
  EntryTableOptions of_text = kMap;
  of_text.schema = "ROW<a STRING>";
  ExpectRefused(store->AddEntryTable(of_text).status(), "ROW<a INT>");
  EntryTableOptions renamed = kMap;
  renamed.name = "right-rows";
  ExpectRefused(store->AddEntryTable(renamed).status(), "'right-rows'");
  ExpectRefused(store->AddTable({{1, 0}, {32, {16}}, 0, "left-rows", "ROW<a INT>"}).status(),
                "values");
  ExpectRefused(store->AddTimerTable({1, 1000, "left-rows"}).status(), "timers");
  EXPECT_TRUE(store->AddEntryTable(kMap).ok());
}

// Nor is it forgotten because a program in between did not open it.
TEST_F(StoreTablesTest, AStateThatIsNotOpenedIsSavedAgain) {
  const Checkpoint saved = SaveMap();
  const Checkpoint again = Save(Open({saved}).get());
  ASSERT_EQ(again.tables.size(), 1u);
  EXPECT_EQ(again.tables[0], saved.tables[0]);
}

}  // namespace
}  // namespace castor::gemini
