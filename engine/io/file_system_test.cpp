#include "io/file_system.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

namespace castor::io {
namespace {

class FileSystemTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/castor_io_XXXXXX";
    ASSERT_NE(::mkdtemp(pattern), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { EXPECT_TRUE(fs_.DeleteRecursively(directory_).ok()); }

  void Write(const std::string& path, std::string_view bytes) {
    auto file = fs_.OpenForWrite(path);
    ASSERT_TRUE(file.ok()) << file.status().ToString();
    ASSERT_TRUE((*file)->Append(bytes).ok());
    ASSERT_TRUE((*file)->Close().ok());
  }

  FileSystem& fs_ = LocalFileSystem();
  std::string directory_;
};

TEST_F(FileSystemTest, ReadsRanges) {
  const std::string path = directory_ + "/a";
  Write(path, "hello world");
  auto file = fs_.OpenForRead(path);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(*(*file)->Size(), 11);
  char bytes[16] = {};
  EXPECT_EQ(*(*file)->ReadAt(6, bytes, 16), 5);
  EXPECT_EQ(std::string_view(bytes), "world");
  EXPECT_EQ(*(*file)->ReadAt(11, bytes, 16), 0);
}

TEST_F(FileSystemTest, GoesOnBehindTheBytesThatCount) {
  const std::string path = directory_ + "/a";
  Write(path, "hello world");
  auto file = std::move(fs_.OpenForAppend(path, 6)).value();
  EXPECT_EQ(file->size(), 6);
  ASSERT_TRUE(file->Append("there").ok());
  EXPECT_EQ(file->size(), 11);
  ASSERT_TRUE(file->Close().ok());
  EXPECT_EQ(*ReadWholeFile(fs_, path), "hello there");
  const Status shorter = fs_.OpenForAppend(path, 12).status();
  EXPECT_EQ(shorter.code(), StatusCode::kCorruption);
  EXPECT_NE(shorter.message().find("11 bytes"), std::string::npos);
  EXPECT_EQ(*ReadWholeFile(fs_, path), "hello there");
  EXPECT_EQ(fs_.OpenForAppend(directory_ + "/none", 0).status().code(), StatusCode::kNotFound);
}

TEST_F(FileSystemTest, MissingFileIsNotFoundAndNamesThePath) {
  auto file = fs_.OpenForRead(directory_ + "/none");
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.status().code(), StatusCode::kNotFound);
  EXPECT_NE(file.status().message().find(directory_ + "/none"), std::string::npos);
  EXPECT_NE(file.status().message().find("No such file"), std::string::npos);
}

TEST_F(FileSystemTest, FullDiskIsResourceExhausted) {
  if (::access("/dev/full", W_OK) != 0) GTEST_SKIP() << "no /dev/full here";
  auto file = fs_.OpenForWrite("/dev/full");
  ASSERT_TRUE(file.ok());
  Status status = (*file)->Append("x");
  EXPECT_EQ(status.code(), StatusCode::kResourceExhausted);
  EXPECT_NE(status.message().find("/dev/full"), std::string::npos);
}

TEST_F(FileSystemTest, ListsSortedAndMakesAndDeletesTrees) {
  ASSERT_TRUE(fs_.MakeDirectories(directory_ + "/x/y/z").ok());
  ASSERT_TRUE(fs_.MakeDirectories(directory_ + "/x/y/z").ok());
  Write(directory_ + "/x/b", "1");
  Write(directory_ + "/x/a", "12");
  auto entries = fs_.List(directory_ + "/x");
  ASSERT_TRUE(entries.ok());
  ASSERT_EQ(entries->size(), 3u);
  EXPECT_EQ((*entries)[0].path, directory_ + "/x/a");
  EXPECT_EQ((*entries)[0].size, 2);
  EXPECT_FALSE((*entries)[0].is_directory);
  EXPECT_TRUE((*entries)[2].is_directory);
  EXPECT_FALSE(fs_.MakeDirectories(directory_ + "/x/a/below").ok());
  ASSERT_TRUE(fs_.DeleteRecursively(directory_ + "/x").ok());
  EXPECT_FALSE(*fs_.Exists(directory_ + "/x"));
  EXPECT_TRUE(fs_.DeleteFile(directory_ + "/x").ok());
}

TEST_F(FileSystemTest, WriteAtomicallyReplacesAndLeavesNothingElse) {
  const std::string path = directory_ + "/f";
  ASSERT_TRUE(WriteFileAtomically(fs_, path, "one").ok());
  ASSERT_TRUE(WriteFileAtomically(fs_, path, "two").ok());
  EXPECT_EQ(*ReadWholeFile(fs_, path), "two");
  EXPECT_EQ(fs_.List(directory_)->size(), 1u);
}

TEST_F(FileSystemTest, FailedAtomicWriteLeavesNothing) {
  ASSERT_TRUE(fs_.MakeDirectories(directory_ + "/target/full").ok());
  EXPECT_FALSE(WriteFileAtomically(fs_, directory_ + "/target", "x").ok());
  EXPECT_EQ(fs_.List(directory_)->size(), 1u);
}

TEST_F(FileSystemTest, LinksAreOtherNamesOfTheSameBytes) {
  Write(directory_ + "/a", "hello");
  ASSERT_TRUE(fs_.Link(directory_ + "/a", directory_ + "/b").ok());
  ASSERT_TRUE(LinkOrCopy(fs_, directory_ + "/a", fs_, directory_ + "/c").ok());
  struct stat info;
  ASSERT_EQ(::stat((directory_ + "/a").c_str(), &info), 0);
  EXPECT_EQ(info.st_nlink, 3u);
  ASSERT_TRUE(fs_.DeleteFile(directory_ + "/a").ok());
  EXPECT_EQ(*ReadWholeFile(fs_, directory_ + "/b"), "hello");
  EXPECT_EQ(*ReadWholeFile(fs_, directory_ + "/c"), "hello");
  EXPECT_EQ(fs_.Link(directory_ + "/b", directory_ + "/c").code(), StatusCode::kIoError);
  EXPECT_EQ(LinkOrCopy(fs_, directory_ + "/a", fs_, directory_ + "/d").code(),
            StatusCode::kNotFound);
}

TEST_F(FileSystemTest, WhatCannotBeLinkedIsCopied) {
  const std::string elsewhere = "/proc/sys/kernel/ostype";
  EXPECT_EQ(fs_.Link(elsewhere, directory_ + "/a").code(), StatusCode::kUnsupported);
  ASSERT_TRUE(LinkOrCopy(fs_, elsewhere, fs_, directory_ + "/a").ok());
  EXPECT_EQ(*ReadWholeFile(fs_, directory_ + "/a"), "Linux\n");
}

TEST(FileSystemRegistryTest, ResolvesSchemes) {
  FileSystemRegistry registry;
  EXPECT_EQ(registry.Resolve("/a/b")->second, "/a/b");
  EXPECT_EQ(registry.Resolve("a/b")->second, "a/b");
  EXPECT_EQ(registry.Resolve("file:///a/b")->second, "/a/b");
  EXPECT_EQ(registry.Resolve("file:/a/b")->second, "/a/b");
  auto unknown = registry.Resolve("s3://bucket/key");
  ASSERT_FALSE(unknown.ok());
  EXPECT_NE(unknown.status().message().find("'s3'"), std::string::npos);
}

TEST(FileSystemRegistryTest, PathsOfOthersKeepTheirScheme) {
  FileSystemRegistry registry;
  registry.Register("s3", [] { return &LocalFileSystem(); });
  EXPECT_EQ(registry.Resolve("s3://bucket/key")->second, "s3://bucket/key");
  registry.Register("gs", [] { return Status::InvalidArgument("no key"); });
  EXPECT_EQ(registry.Resolve("gs://bucket/key").status().message(), "no key");
}

TEST(PathTest, Parts) {
  EXPECT_EQ(JoinPath("/a", "b"), "/a/b");
  EXPECT_EQ(JoinPath("/a/", "b"), "/a/b");
  EXPECT_EQ(BaseName("/a/b/"), "b");
  EXPECT_EQ(ParentDirectory("/a/b"), "/a");
  EXPECT_EQ(ParentDirectory("/a"), "/");
  EXPECT_EQ(ParentDirectory("a"), ".");
}

}  // namespace
}  // namespace castor::io
