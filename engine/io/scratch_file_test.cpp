#include "io/scratch_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "io/file_system.h"

namespace castor::io {
namespace {

TEST(ScratchFileTest, HoldsWhatIsWrittenAnywhereAndGoesInTheEnd) {
  char folder[] = "/tmp/castor_scratch_XXXXXX";
  ASSERT_NE(::mkdtemp(folder), nullptr);
  const std::string path = std::string(folder) + "/file";
  {
    const auto file = MakeScratchFile(path);
    ASSERT_TRUE(file.ok()) << file.status().ToString();
    ASSERT_TRUE((*file)->WriteAt(100, "later").ok());
    ASSERT_TRUE((*file)->WriteAt(0, "first").ok());
    std::string read(5, '\0');
    EXPECT_EQ(*(*file)->ReadAt(100, read.data(), 5), 5);
    EXPECT_EQ(read, "later");
    EXPECT_EQ(*(*file)->ReadAt(103, read.data(), 5), 2);
    EXPECT_GT(*(*file)->FreeBytes(), 0);
    // Nobody else's.
    EXPECT_NE(MakeScratchFile(path).status().message().find(path), std::string::npos);
    EXPECT_TRUE(*LocalFileSystem().Exists(path));
  }
  EXPECT_FALSE(*LocalFileSystem().Exists(path));
  EXPECT_TRUE(LocalFileSystem().DeleteRecursively(folder).ok());
}

TEST(ScratchFileTest, AFullDiskIsToldFromOtherErrors) {
  if (::access("/dev/full", W_OK) != 0) GTEST_SKIP() << "there is no /dev/full";
  // The device is there already, as no file of one's own is.
  EXPECT_EQ(MakeScratchFile("/dev/full").status().code(), StatusCode::kIoError);
  EXPECT_EQ(MakeScratchFile("/nowhere/file").status().code(), StatusCode::kIoError);
}

}  // namespace
}  // namespace castor::io
