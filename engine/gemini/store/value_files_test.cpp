// Values that stand apart, over the life of an instance: merges leave them where they are, and
// their garbage is bounded.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "gemini/store/run_files.h"
#include "gemini/store/test_file_system.h"

namespace castor::gemini {
namespace {

class ValueFilesTest : public testing::Test {
 protected:
  static constexpr SectionId kSection{1, 0};
  static constexpr size_t kValueBytes = 1000;

  ValueFilesTest() {
    file_system_.fails = [this] {
      ++operations_;
      return failing_;
    };
    files_.SeparateFrom(200);
  }

  static Position PositionOfKey(uint32_t key) { return PositionOf(key % 8, key * 2654435761u); }
  static std::string ValueOf(uint32_t key, int64_t version) {
    std::string value = std::to_string(key) + "/" + std::to_string(version) + "/";
    value.resize(kValueBytes, '.');
    return value;
  }
  static void Add(uint32_t key, int64_t version, EntryBuffer* buffer,
                  SectionId section = kSection) {
    const std::string name = std::to_string(key), value = ValueOf(key, version);
    buffer->Add(section, {PositionOfKey(key), name, "", EntryKind::kPut, 0, value});
  }
  // A run of the keys from `first` to before `last`.
  void Write(uint32_t first, uint32_t last, int64_t version, SectionId section = kSection) {
    EntryBuffer buffer;
    for (uint32_t key = first; key < last; ++key) Add(key, version, &buffer, section);
    auto run = files_.Write(&buffer);
    ASSERT_TRUE(run.ok()) << run.status().ToString();
    set_.AddNewest(std::move(*run));
  }
  void Merge(const RunSet::Merge& merge) {
    ValueSizes sizes;
    auto merged = files_.Merge(merge, &sizes);
    ASSERT_TRUE(merged.ok()) << merged.status().ToString();
    merged->clip = PositionRange::OfKeyGroups(0, 7);
    ASSERT_TRUE(set_.Replace(merge, std::move(*merged)).ok());
  }
  void MergeWhatIsDue() {
    while (const auto merge = set_.PickMerge(options_)) Merge(*merge);
  }
  void Expect(uint32_t key, int64_t version) {
    const auto found = set_.Get(kSection, PositionOfKey(key), std::to_string(key), {});
    ASSERT_TRUE(found.ok()) << found.status().ToString();
    ASSERT_TRUE(found->has_value());
    ASSERT_EQ((*found)->value, ValueOf(key, version));
  }
  size_t StoredBytes() const {
    size_t bytes = 0;
    for (const auto& [path, content] : file_system_.files) bytes += content->size();
    return bytes;
  }

  bool failing_ = false;
  int operations_ = 0;  // reads and writes
  TestFileSystem file_system_;
  RunFiles files_{&file_system_, "dir/", 8,
                  [this](const std::string& path) { file_system_.files.erase(path); }};
  MergeOptions options_{.small_value_file = 20'000};
  RunSet set_;
};

TEST_F(ValueFilesTest, AMergeCopiesPointers) {
  for (uint32_t i = 0; i < 4; ++i) Write(i * 100, i * 100 + 100, 0);
  EXPECT_EQ(file_system_.files.size(), 8u);
  const std::map<std::string, TestFileSystem::Bytes> before = file_system_.files;
  MergeWhatIsDue();
  ASSERT_EQ(set_.runs().size(), 1u);
  EXPECT_LT(set_.runs()[0].bytes, 400 * 100u);
  // Four files of values are left of the eight.
  EXPECT_EQ(file_system_.files.size(), 5u);
  for (const std::shared_ptr<ValueFile>& values : set_.runs()[0].values) {
    EXPECT_EQ(before.count(values->path()), 1u);
  }
  for (uint32_t key = 0; key < 400; ++key) Expect(key, 0);
}

TEST_F(ValueFilesTest, AValueIsReadWhenItIsWantedOnly) {
  Write(0, 100, 0);
  operations_ = 0;
  Expect(7, 0);
  EXPECT_EQ(operations_, 2);
  operations_ = 0;
  EXPECT_FALSE((*set_.Get(kSection, PositionOfKey(7), "another", {})).has_value());
  EXPECT_EQ(operations_, 1);
}

// What is stored stays within one and a half times what counts, whatever is overwritten.
TEST_F(ValueFilesTest, GarbageIsBounded) {
  constexpr uint32_t kKeys = 1000;
  std::mt19937 random(1);
  std::vector<int64_t> versions(kKeys, 0);
  Write(0, kKeys, 0);
  size_t merged_runs = 0, written = 0, most_files = 0;
  for (int64_t round = 1; round < 150; ++round) {
    EntryBuffer buffer;
    for (uint32_t key = random() % 20; key < kKeys; key += 1 + random() % 30) {
      Add(key, versions[key] = round, &buffer);
      written += kValueBytes;
    }
    auto run = files_.Write(&buffer);
    ASSERT_TRUE(run.ok());
    set_.AddNewest(std::move(*run));
    while (const auto merge = set_.PickMerge(options_)) {
      Merge(*merge);
      merged_runs += merge->inputs.size();
    }
    ASSERT_LE(StoredBytes(), kKeys * (kValueBytes + 100) * 3 / 2) << round;
    most_files = std::max(most_files, file_system_.files.size());
  }
  EXPECT_GT(written, kKeys * kValueBytes * 5);
  EXPECT_GT(merged_runs, 100u);
  EXPECT_LT(most_files, 60u);
  for (uint32_t key = 0; key < kKeys; ++key) Expect(key, versions[key]);
}

// Many small ones become few.
TEST_F(ValueFilesTest, SmallFilesAreWrittenTogether) {
  for (uint32_t i = 0; i < 64; ++i) {
    Write(i * 4, i * 4 + 4, 0);
    MergeWhatIsDue();
  }
  size_t files = 0;
  for (const RunSet::Run& run : set_.runs()) files += run.values.size();
  EXPECT_LT(files, 20u);
  for (uint32_t key = 0; key < 256; ++key) Expect(key, 0);
}

TEST_F(ValueFilesTest, ADroppedSectionTakesItsValuesAlong) {
  const SectionId first{2, 10}, second{2, 20};
  Write(0, 100, 0);
  Write(0, 100, 0, first);
  EntryBuffer both;
  Add(1, 1, &both, first);
  for (uint32_t key = 0; key < 20; ++key) Add(key, 1, &both, second);
  set_.AddNewest(*files_.Write(&both));
  const size_t before = StoredBytes();
  set_.Drop(first);
  set_.RemoveEmpty();
  EXPECT_LE(StoredBytes(), before - 100 * kValueBytes);
  ASSERT_EQ(set_.runs().size(), 2u);
  const size_t values = StoredBytes();
  set_.Drop(second);
  EXPECT_LE(StoredBytes(), values - 20 * kValueBytes);
}

// What one section has left behind in a file that others need goes by a merge, even of one run.
TEST_F(ValueFilesTest, AFileOfWhichLittleCountsIsWrittenAnew) {
  EntryBuffer both;
  Add(1, 1, &both);
  for (uint32_t key = 0; key < 100; ++key) Add(key, 1, &both, {2, 10});
  set_.AddNewest(*files_.Write(&both));
  EXPECT_FALSE(set_.PickMerge(options_).has_value());
  set_.Drop({2, 10});
  MergeWhatIsDue();
  EXPECT_LT(StoredBytes(), 2 * kValueBytes);
  Expect(1, 1);
}

TEST_F(ValueFilesTest, WhatCouldNotBeSyncedIsWrittenAnewByAMerge) {
  EntryBuffer buffer;
  for (uint32_t key = 0; key < 100; ++key) Add(key, 0, &buffer);
  set_.AddNewest(*files_.WriteUnsynced(&buffer));
  failing_ = true;
  EXPECT_EQ(files_.Sync().code(), StatusCode::kIoError);
  failing_ = false;
  EXPECT_EQ(files_.Sync().code(), StatusCode::kIoError);
  Write(0, 60, 1);
  MergeWhatIsDue();
  EXPECT_TRUE(files_.Sync().ok());
  EXPECT_FALSE(files_.any_unsynced());
  Expect(7, 1);
  Expect(70, 0);
}

// No file stays behind, whichever write or read fails.
TEST_F(ValueFilesTest, WhatFailsLeavesNothing) {
  EntryBuffer buffer;
  for (uint32_t key = 0; key < 20; ++key) Add(key, 0, &buffer);
  for (int last = 0;; ++last) {
    int left = last;
    file_system_.fails = [&] { return left-- == 0; };
    const auto run = files_.Write(&buffer);
    file_system_.fails = [] { return false; };
    if (run.ok()) break;
    EXPECT_EQ(file_system_.files.size(), 0u) << last;
  }
}

}  // namespace
}  // namespace castor::gemini
