// What options of the store do to its files.
#include <gtest/gtest.h>

#include <map>

#include "state/gemini_options.h"
#include "state/test_keys.h"
#include "state/test_snapshot.h"

namespace castor::state {
namespace {

// The files of a checkpoint of 10000 lists of an element of 300 bytes each.
std::vector<StateFile> Files(std::map<std::string, std::string> values) {
  const Result<GeminiOptions> options = ReadGeminiOptions(Configuration(std::move(values)));
  EXPECT_TRUE(options.ok()) << options.status().ToString();
  TestStoreHost files;
  StoreHost host = files.Host();
  host.options = &*options;
  const auto store = MakeStore("test", {0, 127}, 128, Clock::System(), std::move(host));
  ListState* list = *store->OpenList({"list", {16, {}}, "test", 1, 0});
  for (int64_t first = 0; first < 10'000; first += 100) {
    std::vector<int64_t> keys;
    std::vector<int32_t> rows;
    for (int32_t i = 0; i < 100; ++i) {
      keys.push_back(first + i);
      rows.push_back(i);
    }
    const std::string element(300, 'x');
    const std::vector<std::string_view> elements(100, element);
    std::vector<std::byte*> records(100);
    EXPECT_TRUE(list->Append(MakeKeys(keys), rows, elements, records.data()).ok());
    store->Maintain(/*at_rest=*/true, std::chrono::hours(1));
  }
  return TakeSnapshot(*store, SnapshotFormat::kNative).files;
}

size_t FilesWith(std::map<std::string, std::string> values) {
  return Files(std::move(values)).size();
}

const std::string kPrefix = "state.backend.gemini.";

TEST(GeminiStoreOptionsTest, LargeValuesStandApartWhereTheOptionsSaySo) {
  EXPECT_EQ(FilesWith({}), 1u);
  EXPECT_EQ(FilesWith({{kPrefix + "kv.separate.mode", "GLOBAL_ENABLE"}}), 2u);
  EXPECT_EQ(FilesWith({{kPrefix + "kv.separate.mode", "GLOBAL_DISABLE"}}), 1u);
  EXPECT_EQ(FilesWith({{kPrefix + "kv.separate.value.size.threshold", "300"}}), 2u);
  EXPECT_EQ(FilesWith({{kPrefix + "kv.separate.mode", "GLOBAL_ENABLE"},
                       {kPrefix + "kv.separate.value.size.threshold", "1000"}}),
            1u);
}

TEST(GeminiStoreOptionsTest, BlocksAreCompressedUnlessTheOptionSaysOtherwise) {
  const std::vector<StateFile> plain = Files({{kPrefix + "file.compression", "false"}});
  const std::vector<StateFile> compressed = Files({});
  ASSERT_EQ(plain.size(), 1u);
  ASSERT_EQ(compressed.size(), 1u);
  EXPECT_LT(compressed[0].bytes, plain[0].bytes / 4);
}

// An eighth of a MiB, of which the state takes more than three.
TEST(GeminiStoreOptionsTest, LittleBuffersMakeMoreFiles) {
  EXPECT_GE(FilesWith({{kPrefix + "memory.managed", "false"},
                       {kPrefix + "offheap.size", "64mb"},
                       {kPrefix + "total.writebuffer.size", "1mb"}}),
            2u);
}

}  // namespace
}  // namespace castor::state
