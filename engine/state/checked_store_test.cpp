#include "state/checked_store.h"

#include <gtest/gtest.h>

#include <cstring>

#include "base/clock.h"
#include "state/test_keys.h"
#include "state/test_snapshot.h"

namespace castor::state {
namespace {

const StateDescriptor kDescriptor{"sums", {32, {16}}, "test", 1, 0};

class CheckedStoreTest : public testing::Test {
 protected:
  void Acquire(AccessMode mode) {
    ASSERT_EQ(values_->Acquire(keys_, mode, &record_, nullptr).value(), Readiness::kReady);
  }
  void Write(char byte) { std::memset(record_, byte, 8); }
  Status SetBlob(std::string_view bytes) {
    return values_->SetBlob(reinterpret_cast<Blob*>(record_ + 16), bytes);
  }
  void Rest() { store_->Maintain(/*at_rest=*/true, std::chrono::hours(1)); }

  TestStoreHost host_;
  std::vector<std::string> misuses_;
  std::unique_ptr<SnapshottableStore> store_ =
      MakeCheckedStore(MakeStore("test", {0, 127}, 128, Clock::System(), host_.Host()),
                       [this](const std::string& misuse) { misuses_.push_back(misuse); });
  ValueState* values_ = store_->OpenValue(kDescriptor).value();
  const KeyBatch keys_ = MakeKeys({1});
  std::byte* record_ = nullptr;
};

TEST_F(CheckedStoreTest, RecordsMayBeReadAndThenChanged) {
  Acquire(AccessMode::kFindOrCreate);
  Write(1);
  ASSERT_TRUE(SetBlob("one").ok());
  values_->Release();
  Acquire(AccessMode::kRead);
  values_->Release();
  Acquire(AccessMode::kFind);
  Acquire(AccessMode::kRead);  // beside: what may be changed may be
  Write(2);
  ASSERT_TRUE(SetBlob("another").ok());
  values_->Release();
  Rest();
  EXPECT_TRUE(misuses_.empty()) << misuses_[0];
}

TEST_F(CheckedStoreTest, WritingToWhatWasReadIsReportedWhenItIsReleased) {
  Acquire(AccessMode::kFindOrCreate);
  values_->Release();
  Acquire(AccessMode::kRead);
  Write(1);
  EXPECT_TRUE(misuses_.empty());
  values_->Release();
  ASSERT_EQ(misuses_.size(), 1u);
  EXPECT_EQ(misuses_[0], "state 'sums': a record that was loaded to be read has been written to");
}

TEST_F(CheckedStoreTest, SoItIsWhenTheRecordIsLoadedToBeChanged) {
  Acquire(AccessMode::kFindOrCreate);
  values_->Release();
  Acquire(AccessMode::kRead);
  Write(1);
  Acquire(AccessMode::kFind);
  EXPECT_EQ(misuses_.size(), 1u);
}

TEST_F(CheckedStoreTest, SettingABlobOfWhatWasReadIsReported) {
  Acquire(AccessMode::kFindOrCreate);
  values_->Release();
  Acquire(AccessMode::kRead);
  ASSERT_TRUE(SetBlob("one").ok());
  EXPECT_EQ(misuses_.size(), 1u);
}

TEST_F(CheckedStoreTest, EntriesThatWereWalkedAreLookedAtAtRest) {
  MapState* const map = store_->OpenMap({"map", {16, {}}, "test", 1, 0}).value();
  const int32_t row = 0;
  const std::string_view user_key = "one";
  ASSERT_TRUE(
      map->Acquire(keys_, {&row, 1}, {&user_key, 1}, AccessMode::kFindOrCreate, &record_, nullptr)
          .ok());
  map->Release();
  std::vector<uint64_t> handles(1);
  ASSERT_EQ(map->Locate(keys_, {&row, 1}, &handles).value(), Readiness::kReady);
  std::vector<Record> page;
  uint64_t cursor = 0;
  ASSERT_TRUE(map->Entries(handles[0], AccessMode::kRead, &cursor, 10, &page).ok());
  ASSERT_EQ(page.size(), 1u);
  page[0].data[0] = std::byte{1};
  Rest();
  ASSERT_EQ(misuses_.size(), 1u);
  EXPECT_TRUE(misuses_[0].starts_with("state 'map'"));
}

TEST_F(CheckedStoreTest, RecordsOfWindowsThatWereScannedAreLookedAtWithTheNextPage) {
  WindowState* const windows = store_->OpenWindow({"windows", {16, {}}, "test", 1, 0}).value();
  const TimestampMs end = 1000;
  ASSERT_TRUE(
      windows->Acquire({&end, 1}, keys_, AccessMode::kFindOrCreate, &record_, nullptr).ok());
  windows->Release();
  Rest();
  std::vector<Record> page;
  uint64_t cursor = 0;
  ASSERT_TRUE(windows->Scan(end, AccessMode::kRead, &cursor, 10, &page).ok());
  ASSERT_EQ(page.size(), 1u);
  page[0].data[0] = std::byte{1};
  windows->Drop(end);
  EXPECT_EQ(misuses_.size(), 1u);
}

// Who reads what is to be overwritten finds rubbish, and not what happens to be there.
TEST_F(CheckedStoreTest, WhatIsToBeOverwrittenHoldsAnything) {
  Acquire(AccessMode::kFindOrCreate);
  ASSERT_TRUE(SetBlob("one").ok());
  values_->Release();
  Rest();
  Acquire(AccessMode::kOverwrite);
  EXPECT_NE(record_[0], std::byte{0});
  ASSERT_TRUE(SetBlob("two").ok());
  values_->Release();
  Rest();
  EXPECT_TRUE(misuses_.empty());
}

}  // namespace
}  // namespace castor::state
