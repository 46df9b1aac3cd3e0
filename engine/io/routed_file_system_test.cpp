#include "io/routed_file_system.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

namespace castor::io {
namespace {

class RoutedFileSystemTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/castor_io_XXXXXX";
    ASSERT_NE(::mkdtemp(pattern), nullptr);
    folder_ = pattern;
    registry_.Register("broken", [] { return Status::InvalidArgument("no key"); });
  }
  void TearDown() override { EXPECT_TRUE(LocalFileSystem().DeleteRecursively(folder_).ok()); }

  std::string folder_;
  FileSystemRegistry registry_;
  RoutedFileSystem files_{&registry_};
};

TEST_F(RoutedFileSystemTest, TheSchemeSaysWhere) {
  for (const std::string& scheme : {std::string(), std::string("file://")}) {
    const std::string path = scheme + folder_ + "/a/b";
    ASSERT_TRUE(files_.MakeDirectories(scheme + folder_ + "/a").ok());
    ASSERT_TRUE(WriteFileAtomically(files_, path, "1").ok());
    EXPECT_EQ(*ReadWholeFile(files_, path), "1");
    EXPECT_EQ(files_.List(scheme + folder_ + "/a")->size(), 1u);
    ASSERT_TRUE(files_.Link(path, folder_ + "/same").ok());
    ASSERT_TRUE(files_.DeleteFile(folder_ + "/same").ok());
    ASSERT_TRUE(files_.Rename(path, folder_ + "/c").ok());
    EXPECT_FALSE(*files_.Exists(path));
    EXPECT_TRUE(*files_.Exists(folder_ + "/c"));
    EXPECT_FALSE(files_.FilesAppearWhole(path));
  }
}

TEST_F(RoutedFileSystemTest, WhatCannotBeOpenedIsTheErrorOfItsPaths) {
  EXPECT_EQ(files_.Exists("broken://x").status().message(), "no key");
  EXPECT_FALSE(files_.FilesAppearWhole("broken://x"));
  EXPECT_EQ(files_.Exists("none://x").status().code(), StatusCode::kUnsupported);
  EXPECT_EQ(files_.Link(folder_, "broken://x").message(), "no key");
}

}  // namespace
}  // namespace castor::io
