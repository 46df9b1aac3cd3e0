// When runs are durable, and what a failure to make them so leaves.
#include "gemini/store/run_files.h"

#include <gtest/gtest.h>

#include "gemini/store/test_file_system.h"

namespace castor::gemini {
namespace {

class RunFilesTest : public testing::Test {
 protected:
  static EntryBuffer* Fill(EntryBuffer* buffer) {
    buffer->Add({1, 0}, {PositionOf(0, 7), "k", "", EntryKind::kPut, 0, "v"});
    return buffer;
  }

  TestFileSystem file_system_;
  RunFiles files_{&file_system_, "dir/run-", 8, nullptr};
  EntryBuffer first_, second_;
};

TEST_F(RunFilesTest, WhatIsNotSyncedIsReadAndIsSyncedWhenItHasToBe) {
  const auto synced = files_.Write(Fill(&first_));
  ASSERT_TRUE(synced.ok()) << synced.status().ToString();
  EXPECT_EQ(file_system_.synced, (std::set<std::string>{"dir/run-0", "dir"}));
  EXPECT_FALSE(files_.any_unsynced());
  file_system_.synced.clear();

  const auto run = files_.WriteUnsynced(Fill(&second_));
  ASSERT_TRUE(run.ok()) << run.status().ToString();
  EXPECT_EQ(file_system_.synced, std::set<std::string>());
  EXPECT_TRUE(files_.any_unsynced());
  RunSet set;
  set.AddNewest(*run);
  EXPECT_EQ((*set.Get({1, 0}, PositionOf(0, 7), "k", {}))->value, "v");

  ASSERT_TRUE(files_.Sync().ok());
  EXPECT_EQ(file_system_.synced, (std::set<std::string>{"dir/run-1", "dir"}));
  EXPECT_FALSE(files_.any_unsynced());
}

// On an object store, where a file is not there before it is closed.
TEST_F(RunFilesTest, WhereFilesAppearWholeTheyAreDurableAtOnce) {
  file_system_.whole = true;
  const auto run = files_.WriteUnsynced(Fill(&first_));
  ASSERT_TRUE(run.ok()) << run.status().ToString();
  EXPECT_FALSE(files_.any_unsynced());
  RunSet set;
  set.AddNewest(*run);
  EXPECT_EQ((*set.Get({1, 0}, PositionOf(0, 7), "k", {}))->value, "v");
}

TEST_F(RunFilesTest, WhatNobodyHoldsNeedsNoSync) {
  ASSERT_TRUE(files_.WriteUnsynced(Fill(&first_)).ok());
  EXPECT_FALSE(files_.any_unsynced());
  ASSERT_TRUE(files_.Sync().ok());
  EXPECT_EQ(file_system_.synced, std::set<std::string>());
}

// A lookup finds the block that the one before has read; walking all of them changes nothing.
TEST_F(RunFilesTest, LookupsShareBlocksAndScansPassThemBy) {
  RunFiles files{&file_system_, "dir/cached-", 8, nullptr, /*cache_bytes=*/1 << 20};
  RunSet set;
  set.AddNewest(*files.Write(Fill(&first_)));
  const uint64_t opened = files.bytes_read();
  ASSERT_TRUE(set.Get({1, 0}, PositionOf(0, 7), "k", {})->has_value());
  const uint64_t read = files.bytes_read();
  EXPECT_GT(read, opened);
  ASSERT_TRUE(set.Get({1, 0}, PositionOf(0, 7), "k", {})->has_value());
  EXPECT_EQ(set.GetAll({1, 0}, PositionOf(0, 7), "k")->size(), 1u);
  EXPECT_EQ(files.bytes_read(), read);
  EXPECT_EQ(files.cache().counts().hits, 2u);
  EXPECT_EQ(files.cache().counts().misses, 1u);
  int seen = 0;
  ASSERT_TRUE(set.ForEach({1, 0}, [&](const Entry&) { ++seen; }).ok());
  EXPECT_EQ(seen, 1);
  EXPECT_GT(files.bytes_read(), read);
  EXPECT_EQ(files.cache().counts().hits + files.cache().counts().misses, 3u);
  EXPECT_GT(files.cache().charged_bytes(), 0);
  set = {};
  EXPECT_EQ(files.cache().charged_bytes(), 0);
}

// A second fsync would be told that all is well.
TEST_F(RunFilesTest, WhatCouldNotBeSyncedOnceIsNeverDurable) {
  auto run = files_.WriteUnsynced(Fill(&first_));
  file_system_.fails = [] { return true; };
  EXPECT_EQ(files_.Sync().code(), StatusCode::kIoError);
  file_system_.fails = [] { return false; };
  EXPECT_EQ(files_.Sync().code(), StatusCode::kIoError);
  EXPECT_TRUE(files_.any_unsynced());
  run = Status::Internal("let go");
  EXPECT_FALSE(files_.any_unsynced());
}

}  // namespace
}  // namespace castor::gemini
