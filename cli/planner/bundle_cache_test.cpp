#include "cli/planner/bundle_cache.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "cli/planner/digest.h"
#include "io/file_system.h"

namespace castor::cli {
namespace {

class BundleCacheTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "bundle_cache_test-" + std::to_string(::getpid());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Age(const std::string& key, int seconds) {
    const std::string path = folder_ + "/" + key + ".json";
    struct timespec times[2] = {{seconds, 0}, {seconds, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  }

  std::string folder_;
};

TEST_F(BundleCacheTest, FindsWhatWasPut) {
  const BundleCache cache(folder_);
  EXPECT_FALSE(cache.Find("a"));
  const auto path = cache.Put("a", "bundle");
  ASSERT_TRUE(path);
  EXPECT_EQ(cache.Find("a"), path);
  EXPECT_EQ(*io::ReadWholeFile(io::LocalFileSystem(), *path), "bundle");
}

TEST_F(BundleCacheTest, LongestUnusedGoFirst) {
  const BundleCache cache(folder_, 25);
  ASSERT_TRUE(cache.Put("a", "0123456789"));
  ASSERT_TRUE(cache.Put("b", "0123456789"));
  Age("a", 1000);
  Age("b", 2000);
  ASSERT_TRUE(cache.Find("a"));  // used: now younger than b
  ASSERT_TRUE(cache.Put("c", "0123456789"));
  EXPECT_TRUE(cache.Find("a"));
  EXPECT_FALSE(cache.Find("b"));
  EXPECT_TRUE(cache.Find("c"));
}

TEST_F(BundleCacheTest, TheNewestStaysHoweverLarge) {
  const BundleCache cache(folder_, 5);
  ASSERT_TRUE(cache.Put("a", "0123456789"));
  EXPECT_TRUE(cache.Find("a"));
}

TEST_F(BundleCacheTest, WithoutAFolderThereIsNoCache) {
  const BundleCache cache(folder_ + "/missing");
  EXPECT_FALSE(cache.Put("a", "bundle"));
  EXPECT_FALSE(cache.Find("a"));
}

TEST(DigestTest, BordersCount) {
  EXPECT_EQ(Digest().Add("ab").Hex().size(), 32U);
  EXPECT_EQ(Digest().Add("ab").Hex(), Digest().Add("ab").Hex());
  EXPECT_NE(Digest().Add("ab").Add("c").Hex(), Digest().Add("a").Add("bc").Hex());
}

}  // namespace
}  // namespace castor::cli
