#include "gemini/remote/cached_files.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "gemini/remote/test_scratch_file.h"
#include "gemini/store/test_file_system.h"

namespace castor::gemini {
namespace {

constexpr int32_t kPage = 64;
constexpr int64_t kAhead = 8 * kPage;

class CachedFilesTest : public testing::Test {
 protected:
  CachedFilesTest() {
    remote_.whole = true;
    remote_.fails = [this] {
      ++requests_;
      return fails_;
    };
    Open(1000);
  }
  void Open(int pages) {
    files_.reset();
    cache_ = std::make_unique<PageCache>(std::make_unique<TestScratchFile>(&disk_),
                                         PageCacheOptions{kPage, int64_t{pages} * kPage, 0});
    files_ = std::make_unique<CachedFiles>(&remote_, cache_.get(), kAhead);
  }
  static std::string Content(size_t bytes) {
    std::mt19937 random(7);
    std::string content;
    while (content.size() < bytes) content += static_cast<char>(random());
    return content;
  }
  std::unique_ptr<io::ReadableFile> ToRead(const std::string& path) {
    return std::move(files_->OpenForRead(path)).value();
  }
  std::unique_ptr<io::WritableFile> ToWrite(const std::string& path) {
    return std::move(files_->OpenForWrite(path)).value();
  }
  // There, and not through the cache.
  void Put(const std::string& path, const std::string& content) {
    remote_.files[path] = std::make_shared<std::string>(content);
  }
  static std::string Read(io::ReadableFile* file, int64_t offset, int64_t bytes) {
    std::string read(static_cast<size_t>(bytes), '\0');
    const auto got = file->ReadAt(offset, read.data(), bytes);
    EXPECT_TRUE(got.ok()) << got.status().ToString();
    read.resize(got.ok() ? static_cast<size_t>(*got) : 0);
    return read;
  }
  int Requests() { return std::exchange(requests_, 0); }

  TestFileSystem remote_;
  bool fails_ = false;
  int requests_ = 0;
  TestDisk disk_;
  std::unique_ptr<PageCache> cache_;
  std::unique_ptr<CachedFiles> files_;
};

TEST_F(CachedFilesTest, WhatIsWrittenIsThereAndReadBackFromHere) {
  const std::string content = Content(1000);
  {
    auto file = ToWrite("dir/a");
    ASSERT_TRUE(file->Append(std::string_view(content).substr(0, 99)).ok());
    ASSERT_TRUE(file->Append(std::string_view(content).substr(99)).ok());
    ASSERT_TRUE(file->Close().ok());
  }
  EXPECT_EQ(*remote_.files.at("dir/a"), content);
  Requests();
  auto file = ToRead("dir/a");
  EXPECT_EQ(*file->Size(), 1000);
  EXPECT_EQ(Read(file.get(), 0, 2000), content);
  EXPECT_EQ(Read(file.get(), 990, 5), content.substr(990, 5));
  EXPECT_EQ(Read(file.get(), 1000, 5), "");
  EXPECT_EQ(Requests(), 0);
}

TEST_F(CachedFilesTest, ALookupBringsAPageAndWhoReadsOnBringsMore) {
  const std::string content = Content(100 * kPage);
  Put("dir/a", content);
  auto file = ToRead("dir/a");
  EXPECT_EQ(Read(file.get(), 50 * kPage + 3, 10), content.substr(50 * kPage + 3, 10));
  EXPECT_EQ(Read(file.get(), 50 * kPage + 20, 10), content.substr(50 * kPage + 20, 10));
  EXPECT_EQ(Requests(), 1);
  EXPECT_FALSE(cache_->Has({1, 51}));
  std::string read;
  for (int64_t at = 0; at < 100 * kPage; at += 16) read += Read(file.get(), at, 16);
  EXPECT_EQ(read, content);
  EXPECT_LT(Requests(), 20);
  EXPECT_EQ(Read(file.get(), 0, 100 * kPage), content);
  EXPECT_EQ(Requests(), 0);
}

// A merge and lookups read the same file.
TEST_F(CachedFilesTest, LookupsDoNotSlowDownWhoReadsOn) {
  Put("dir/a", Content(400 * kPage));
  auto file = ToRead("dir/a");
  int64_t jump = 399;
  for (int64_t page = 0; page < 100; ++page) {
    Read(file.get(), page * kPage, kPage);
    if (page % 10 == 0) Read(file.get(), (jump -= 7) * kPage, 1);
  }
  EXPECT_LT(Requests(), 10 + 20);
}

// What is larger than a request may be is several, and what is there is not asked for.
TEST_F(CachedFilesTest, OneReadMayBeSeveralRequests) {
  const std::string content = Content(20 * kPage);
  Put("dir/a", content);
  auto file = ToRead("dir/a");
  Read(file.get(), 5 * kPage, 10);
  Requests();
  EXPECT_EQ(Read(file.get(), 10, 20 * kPage - 20), content.substr(10, 20 * kPage - 20));
  EXPECT_EQ(Requests(), 3);  // 0 to 4, 6 to 13, 14 to 19
}

TEST_F(CachedFilesTest, WithoutRoomAllIsReadFromAfar) {
  Open(0);
  const std::string content = Content(20 * kPage + 5);
  Put("dir/a", content);
  auto file = ToRead("dir/a");
  EXPECT_EQ(Read(file.get(), 0, 30 * kPage), content);
  EXPECT_EQ(Requests(), 3);
}

TEST_F(CachedFilesTest, ErrorsAreTheRemoteFilesOwn) {
  EXPECT_EQ(files_->OpenForRead("dir/none").status().code(), StatusCode::kNotFound);
  Put("dir/a", Content(10 * kPage));
  auto file = ToRead("dir/a");
  fails_ = true;
  char read[8];
  EXPECT_EQ(file->ReadAt(0, read, 8).status().message(), "dir/a: as told");
  fails_ = false;
  EXPECT_TRUE(file->ReadAt(0, read, 8).ok());
  // It has become shorter than it was.
  remote_.files["dir/a"]->resize(9 * kPage);
  EXPECT_EQ(file->ReadAt(9 * kPage, read, 8).status().code(), StatusCode::kCorruption);
}

TEST_F(CachedFilesTest, WhatIsNotClosedIsNotThere) {
  {
    auto file = ToWrite("dir/a");
    ASSERT_TRUE(file->Append(Content(1000)).ok());
  }
  EXPECT_EQ(files_->OpenForRead("dir/a").status().code(), StatusCode::kNotFound);
  {
    auto file = ToWrite("dir/b");
    ASSERT_TRUE(file->Append(Content(1000)).ok());
    fails_ = true;
    EXPECT_FALSE(file->Close().ok());
    fails_ = false;
  }
  EXPECT_EQ(files_->OpenForRead("dir/b").status().code(), StatusCode::kNotFound);
  // Their slots are used again.
  const int64_t before = cache_->disk_bytes();
  ASSERT_TRUE(ToWrite("dir/c")->Append(Content(1000)).ok());
  EXPECT_EQ(cache_->disk_bytes(), before);
}

TEST_F(CachedFilesTest, WhatIsDeletedMakesRoom) {
  Open(10);
  for (const std::string path : {"dir/a", "dir/b"}) {
    auto file = ToWrite(path);
    ASSERT_TRUE(file->Append(Content(10 * kPage)).ok());
    ASSERT_TRUE(file->Close().ok());
    EXPECT_EQ(cache_->Room(), 0u);
    ASSERT_TRUE(files_->DeleteFile(path).ok());
    EXPECT_GT(cache_->Room(), 0u);
  }
  EXPECT_TRUE(remote_.files.empty());
}

TEST_F(CachedFilesTest, FilesAreBroughtAheadWhileThereIsRoom) {
  Open(20);
  const std::string content = Content(100 * kPage);
  Put("dir/a", content);
  int64_t from = 0;
  int pieces = 0;
  while (true) {
    const auto more = files_->FetchAhead("dir/a", &from);
    ASSERT_TRUE(more.ok()) << more.status().ToString();
    if (!*more) break;
    ++pieces;
  }
  EXPECT_EQ(pieces, 3);
  Requests();
  auto file = ToRead("dir/a");
  EXPECT_EQ(Read(file.get(), 0, 20 * kPage), content.substr(0, 20 * kPage));
  EXPECT_EQ(Requests(), 0);
  Put("dir/b", Content(10));
  from = 0;
  EXPECT_FALSE(*files_->FetchAhead("dir/b", &from));
  fails_ = true;
  ASSERT_TRUE(files_->DeleteFile("dir/a").ok());
  EXPECT_FALSE(files_->FetchAhead("dir/b", &from).ok());
}

// Whatever is read is right, with a cache that is too small on a disk that fails.
TEST_F(CachedFilesTest, AnyReadsOfManyFiles) {
  Open(12);
  std::mt19937 random(3);
  disk_.fails = [&] { return random() % 300 == 0; };
  disk_.most = 11 * kPage;
  const std::string content = Content(5000);
  for (int round = 0; round < 2000; ++round) {
    const std::string path = "dir/" + std::to_string(random() % 5);
    const uint32_t size = static_cast<uint32_t>(path.back()) * 90 + 17;
    if (remote_.files.contains(path) && random() % 50 == 0) {
      ASSERT_TRUE(files_->DeleteFile(path).ok());
      continue;
    }
    if (!remote_.files.contains(path)) {
      auto written = ToWrite(path);
      ASSERT_TRUE(written->Append(std::string_view(content).substr(0, size)).ok());
      ASSERT_TRUE(written->Close().ok());
    }
    const int64_t offset = random() % size;
    const int64_t bytes = random() % (random() % 3 == 0 ? 4000 : 50);
    auto file = ToRead(path);
    EXPECT_EQ(
        Read(file.get(), offset, bytes),
        content.substr(0, size).substr(static_cast<size_t>(offset), static_cast<size_t>(bytes)));
  }
}

}  // namespace
}  // namespace castor::gemini
