// What a large index does before and while it grows: its next directory is there beforehand, and
// every record is found at any time.
#include "gemini/memory/record_index.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string_view>
#include <vector>

#include "gemini/memory/test_keys.h"

namespace castor::gemini {
namespace {

constexpr size_t kRecordBytes = 32;
constexpr uint64_t kSlots = uint64_t{1} << 19;  // of a directory that is made ready beforehand

class Records {
 public:
  explicit Records(size_t count) : bytes_((count + 1) * kRecordBytes) {}

  void Add(uint64_t number, RecordIndex* index) {
    std::byte* record = At(number);
    const uint32_t hash = HashOfNumber(number);
    *HeaderOf(record) = {hash, 0, 0, record_flag::kLive, 0};
    WriteKey(record, sizeof(RecordHeader), KeyOfNumber(number));
    index->Reserve(1);
    index->Put(index->Locate(KeyOfNumber(number), hash), hash, record);
  }
  void Remove(uint64_t number, RecordIndex* index) {
    index->Reserve(0);
    index->Remove(At(number));
  }
  bool IsFound(uint64_t number, RecordIndex* index) {
    index->Reserve(1);
    return index->At(index->Locate(KeyOfNumber(number), HashOfNumber(number))) == At(number);
  }

 private:
  static std::string_view KeyOfNumber(const uint64_t& number) {
    return {reinterpret_cast<const char*>(&number), sizeof(number)};
  }
  std::byte* At(uint64_t number) {
    auto* begin = reinterpret_cast<std::byte*>(bytes_.data());
    const auto rest = reinterpret_cast<uintptr_t>(begin) % 16;
    return begin + (rest == 0 ? 0 : 16 - rest) + number * kRecordBytes;
  }
  std::vector<char> bytes_;
};

TEST(RecordIndexTest, ItsNextDirectoryIsThereBeforeItGrows) {
  constexpr int64_t kBytes = kSlots * sizeof(uint64_t);
  constexpr uint64_t kFull = kSlots / 8 * 5;
  Records records(kFull + 1000);
  RecordIndex index(sizeof(RecordHeader));
  for (uint64_t i = 0; i < kSlots / 2; ++i) records.Add(i, &index);
  EXPECT_EQ(index.byte_size(), kBytes);
  for (uint64_t i = kSlots / 2; i < kFull; ++i) records.Add(i, &index);
  EXPECT_EQ(index.byte_size(), 3 * kBytes) << "twice as large, beside the one in use";
  for (uint64_t i = kFull; i < kFull + 1000; ++i) records.Add(i, &index);
  EXPECT_EQ(index.byte_size(), 3 * kBytes) << "growing, with none of its own";
  for (uint64_t i = 0; i < kFull + 1000; ++i) ASSERT_TRUE(records.IsFound(i, &index)) << i;
  EXPECT_EQ(index.byte_size(), 2 * kBytes) << "grown";
}

TEST(RecordIndexTest, ADenseOneGrowsLateAndNotBeforehand) {
  constexpr int64_t kBytes = kSlots * sizeof(uint64_t);
  constexpr uint64_t kFull = kSlots / 8 * 7;
  Records records(kFull + 1);
  RecordIndex index(sizeof(RecordHeader));
  for (uint64_t i = 0; i < kSlots / 8 * 5; ++i) records.Add(i, &index);
  EXPECT_EQ(index.byte_size(), 3 * kBytes) << "the next is ready";
  index.SetDense(true);
  for (uint64_t i = kSlots / 8 * 5; i < kFull; ++i) records.Add(i, &index);
  EXPECT_EQ(index.byte_size(), kBytes);
  records.Add(kFull, &index);
  EXPECT_EQ(index.byte_size(), 3 * kBytes) << "growing";
  for (uint64_t i = 0; i <= kFull; ++i) ASSERT_TRUE(records.IsFound(i, &index)) << i;
}

TEST(RecordIndexTest, ADenseOneOfWhichLittleIsInUseShrinks) {
  constexpr int64_t kBytes = kSlots * sizeof(uint64_t);
  constexpr uint64_t kLeft = kSlots / 16 * 5;
  Records records(kSlots);
  RecordIndex index(sizeof(RecordHeader));
  for (uint64_t i = 0; i < kSlots / 2; ++i) records.Add(i, &index);
  for (uint64_t i = kLeft; i < kSlots / 2; ++i) records.Remove(i, &index);
  EXPECT_EQ(index.byte_size(), kBytes);
  index.SetDense(true);
  for (uint64_t i = 0; i < kLeft; ++i) ASSERT_TRUE(records.IsFound(i, &index)) << i;
  for (uint64_t i = kLeft; i < kLeft + 10; ++i) records.Add(i, &index);
  records.Remove(0, &index);
  for (uint64_t i = 1; i < kLeft + 10; ++i) ASSERT_TRUE(records.IsFound(i, &index)) << i;
  EXPECT_EQ(index.byte_size(), kBytes / 2);
  EXPECT_FALSE(records.IsFound(0, &index));
}

}  // namespace
}  // namespace castor::gemini
