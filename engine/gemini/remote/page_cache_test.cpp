#include "gemini/remote/page_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "gemini/remote/test_scratch_file.h"

namespace castor::gemini {
namespace {

constexpr int32_t kPage = 64;

class PageCacheTest : public testing::Test {
 protected:
  void Open(int pages, int64_t preserved = 0) {
    cache_ =
        std::make_unique<PageCache>(std::make_unique<TestScratchFile>(&disk_),
                                    PageCacheOptions{kPage, int64_t{pages} * kPage, preserved});
    file_ = cache_->NewFile();
  }
  static std::string Content(uint64_t file, uint32_t page) {
    return std::string(kPage, static_cast<char>('a' + (file * 7 + page) % 26));
  }
  void Add(uint32_t page) { cache_->Add({file_, page}, Content(file_, page)); }
  bool Reads(uint32_t page) {
    std::string read(kPage, '\0');
    if (!cache_->Read({file_, page}, 0, read.data(), kPage)) return false;
    EXPECT_EQ(read, Content(file_, page)) << page;
    return true;
  }

  TestDisk disk_;
  std::unique_ptr<PageCache> cache_;
  uint64_t file_ = 0;
};

TEST_F(PageCacheTest, GivesWhatItWasGiven) {
  Open(4);
  Add(3);
  EXPECT_TRUE(Reads(3));
  EXPECT_FALSE(Reads(2));
  EXPECT_FALSE(Reads(70));
  EXPECT_TRUE(cache_->Has({file_, 3}));
  cache_->Add({file_, 9}, "short");
  char read[3];
  EXPECT_TRUE(cache_->Read({file_, 9}, 2, read, 3));
  EXPECT_EQ(std::string_view(read, 3), "ort");
  EXPECT_FALSE(cache_->Read({file_, 9}, 3, read, 3));
  EXPECT_EQ(cache_->counts().hits, 2u);
  EXPECT_EQ(cache_->counts().misses, 3u);
}

TEST_F(PageCacheTest, KeepsToItsCapacityAndWhatIsRead) {
  Open(8);
  for (uint32_t page = 0; page < 100; ++page) {
    Add(page);
    EXPECT_TRUE(Reads(0)) << page;
    EXPECT_TRUE(page == 0 || cache_->Has({file_, page})) << page;
  }
  EXPECT_EQ(disk_.bytes.size(), size_t{8} * kPage);
  EXPECT_EQ(cache_->disk_bytes(), 8 * kPage);
  EXPECT_EQ(cache_->Room(), 0u);
}

TEST_F(PageCacheTest, AFullDiskOnlyMakesPagesMiss) {
  Open(100);
  disk_.most = 5 * kPage + 7;
  disk_.says_most = false;
  for (uint32_t page = 0; page < 50; ++page) Add(page);
  EXPECT_EQ(cache_->Room(), 0u);
  EXPECT_LE(disk_.bytes.size(), disk_.most);
  // What it has taken it goes on with.
  Add(60);
  EXPECT_TRUE(Reads(60));
  EXPECT_FALSE(Reads(0));
}

TEST_F(PageCacheTest, LeavesTheDiskWhatIsToStayFree) {
  Open(100, /*preserved=*/20 * kPage);
  disk_.most = 30 * kPage;
  for (uint32_t page = 0; page < 50; ++page) Add(page);
  EXPECT_EQ(disk_.bytes.size(), size_t{10} * kPage);
  EXPECT_EQ(cache_->Room(), 0u);
  EXPECT_TRUE(Reads(49));
  // Room that others have given back.
  disk_.most = 40 * kPage;
  EXPECT_GT(cache_->Room(), 0u);
}

TEST_F(PageCacheTest, ABrokenDiskOnlyMakesPagesMiss) {
  Open(4);
  for (uint32_t page = 0; page < 3; ++page) Add(page);
  disk_.fails = [] { return true; };
  EXPECT_FALSE(Reads(0));
  Add(3);  // in the place of the next
  disk_.fails = [] { return false; };
  EXPECT_FALSE(Reads(0));
  EXPECT_FALSE(Reads(3));
  EXPECT_TRUE(Reads(2));
  EXPECT_EQ(cache_->counts().refused, 2u);
}

TEST_F(PageCacheTest, WithoutAnyRoomNothingIsKept) {
  Open(0);
  Add(0);
  EXPECT_FALSE(Reads(0));
  EXPECT_TRUE(disk_.bytes.empty());
}

TEST_F(PageCacheTest, WhatIsForgottenMakesRoom) {
  Open(4);
  for (uint32_t page = 0; page < 4; ++page) Add(page);
  const uint64_t gone = file_;
  file_ = cache_->NewFile();
  EXPECT_EQ(cache_->Room(), 0u);
  cache_->Forget(gone);
  EXPECT_GT(cache_->Room(), 0u);
  cache_->Add({gone, 0}, Content(gone, 0));
  EXPECT_FALSE(cache_->Has({gone, 0}));
  for (uint32_t page = 0; page < 4; ++page) Add(page);
  for (uint32_t page = 0; page < 4; ++page) EXPECT_TRUE(Reads(page));
  cache_->Clear();
  EXPECT_FALSE(Reads(0));
  Add(0);
  EXPECT_TRUE(Reads(0));
}

// Pages are replaced and files forgotten while others read: whatever is read is right.
TEST_F(PageCacheTest, ManyMayUseIt) {
  Open(16);
  std::vector<std::atomic<uint64_t>> files(4);
  for (auto& file : files) file = cache_->NewFile();
  std::atomic<int> wrong = 0, found = 0;
  std::vector<std::thread> threads;
  for (uint32_t seed = 0; seed < 4; ++seed) {
    threads.emplace_back([&, seed] {
      std::mt19937 random(seed);
      std::string read(kPage, '\0');
      for (int i = 0; i < 20'000; ++i) {
        auto& slot = files[random() % files.size()];
        const PageCache::Page page{slot, static_cast<uint32_t>(random() % 8)};
        if (random() % 500 == 0) {
          cache_->Forget(page.file);
          slot = cache_->NewFile();
        } else if (cache_->Read(page, 0, read.data(), kPage)) {
          ++found;
          if (read != Content(page.file, page.number)) ++wrong;
        } else {
          cache_->Add(page, Content(page.file, page.number));
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(found, 1000);
  EXPECT_LE(disk_.bytes.size(), size_t{16} * kPage);
}

}  // namespace
}  // namespace castor::gemini
