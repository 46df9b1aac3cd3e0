#include "gemini/store/portable_checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace castor::gemini {
namespace {

Checkpoint OfFiles(const std::string& run, const std::string& values) {
  Checkpoint checkpoint;
  checkpoint.key_groups = 8;
  checkpoint.runs.push_back({run, 100, 0, 7, {}, {"", values}});
  return checkpoint;
}

std::string Place(size_t file) { return "folder/" + std::to_string(file); }

TEST(PortableCheckpoint, FilesAreWhereTheyHaveBeenPut) {
  const auto placed = PlaceFiles(EncodeCheckpoint(OfFiles("1", "0")), 2, Place);
  ASSERT_TRUE(placed.ok()) << placed.status().ToString();
  EXPECT_EQ(placed->runs[0].path, "folder/1");
  EXPECT_THAT(placed->runs[0].values, testing::ElementsAre("", "folder/0"));
}

TEST(PortableCheckpoint, AFileThatIsNotThereIsCorruption) {
  for (const std::string bad : {"2", "-1", "x", "1x", "", "99999999999999999999999"}) {
    EXPECT_EQ(PlaceFiles(EncodeCheckpoint(OfFiles(bad, "0")), 2, Place).status().code(),
              StatusCode::kCorruption)
        << bad;
  }
  EXPECT_EQ(PlaceFiles(EncodeCheckpoint(OfFiles("1", "2")), 2, Place).status().code(),
            StatusCode::kCorruption);
  EXPECT_EQ(PlaceFiles("nothing of the kind", 2, Place).status().code(), StatusCode::kCorruption);
}

}  // namespace
}  // namespace castor::gemini
