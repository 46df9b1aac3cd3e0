// That an instance chooses by itself which values stand apart, and says so.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gemini/memory/test_keys.h"
#include "gemini/store/store.h"
#include "gemini/store/test_file_system.h"

namespace castor::gemini {
namespace {

struct Payload {
  int64_t number;
  int64_t unused;
  Blob text;
};

class StoreSeparationTest : public testing::Test {
 protected:
  StoreSeparationTest() {
    StoreOptions options;
    options.file_system = &file_system_;
    options.run_prefix = "dir/";
    options.key_group_of = GroupOfHash;
    options.memory_budget = 4 << 20;
    options.run_bytes = 1 << 20;
    options.adapt_separation = true;
    options.execute = [](const std::function<void()>& work) { work(); };
    options.release = [this](const std::string& path) { file_system_.files.erase(path); };
    options.log = [this](const std::string& line) { decisions_.push_back(line); };
    store_ = Store::Open(std::move(options), {}).value();
    table_ = *store_->AddTable({{1, 0}, {32, {16}}, 0});
  }

  std::string Acquire(uint64_t number, Access access, const std::string* text) {
    NumberKeys keys;
    keys.Add(number);
    std::byte* bytes = nullptr;
    while (*store_->Acquire(table_, keys.view(), access, 0, &bytes, nullptr) != Readiness::kReady) {
    }
    auto* payload = reinterpret_cast<Payload*>(bytes);
    if (text != nullptr) table_->SetBlob(&payload->text, *text);
    std::string now(payload->text.view());
    store_->Release();
    store_->Maintain(0);
    return now;
  }

  TestFileSystem file_system_;
  std::vector<std::string> decisions_;
  std::unique_ptr<Store> store_;
  RecordTable* table_ = nullptr;
};

TEST_F(StoreSeparationTest, ValuesThatMergesCopyComeToStandApart) {
  const std::string text(1000, 't');
  uint64_t number = 0;
  while (decisions_.empty() && number < 200'000) {
    Acquire(number++, Access::kFindOrCreate, &text);
  }
  ASSERT_EQ(decisions_.size(), 1u);
  EXPECT_NE(decisions_[0].find("before: none"), std::string::npos) << decisions_[0];
  for (const uint64_t end = number * 2; number < end; ++number) {
    Acquire(number, Access::kFindOrCreate, &text);
  }
  size_t apart = 0;
  for (const RunSet::Run& run : store_->runs().runs()) apart += run.values.size();
  EXPECT_GT(apart, 0u);
  for (uint64_t key = 0; key < number; key += 97) {
    ASSERT_EQ(Acquire(key, Access::kRead, nullptr), text) << key;
  }
  EXPECT_EQ(decisions_.size(), 1u);
}

}  // namespace
}  // namespace castor::gemini
