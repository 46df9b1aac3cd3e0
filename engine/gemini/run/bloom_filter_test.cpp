#include "gemini/run/bloom_filter.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace castor::gemini {
namespace {

TEST(BloomFilterTest, KnowsWhatWasAddedAndLittleElse) {
  constexpr uint32_t kKeys = 100'000;
  BloomFilter filter(kKeys, 10.5);
  for (uint32_t i = 0; i < kKeys; ++i) filter.Add(FilterHash(i * 7919));
  BloomFilter copy = BloomFilter::ToBeRead(filter.byte_size());
  std::memcpy(copy.Storage(), filter.Bytes().data(), filter.byte_size());
  for (uint32_t i = 0; i < kKeys; ++i) ASSERT_TRUE(copy.MayContain(FilterHash(i * 7919)));
  uint32_t wrong = 0;
  for (uint32_t i = 0; i < kKeys; ++i) {
    wrong += static_cast<uint32_t>(copy.MayContain(FilterHash(i * 7919 + 1)));
  }
  EXPECT_LT(wrong, kKeys / 50);
}

TEST(BloomFilterTest, EntriesOfOneMapDiffer) {
  BloomFilter filter(1000, 10.5);
  for (int i = 0; i < 1000; ++i) filter.Add(FilterHash(17, std::to_string(i)));
  int wrong = 0;
  for (int i = 1000; i < 2000; ++i) {
    EXPECT_TRUE(filter.MayContain(FilterHash(17, std::to_string(i - 1000))));
    wrong += static_cast<int>(filter.MayContain(FilterHash(17, std::to_string(i))));
  }
  EXPECT_LT(wrong, 30);
}

TEST(BloomFilterTest, FoldedItIsWhatItWouldHaveBeen) {
  constexpr uint32_t kKeys = 1000;
  BloomFilter filter = BloomFilter::OfBytes(20'000);
  const uint64_t before = filter.byte_size();
  for (uint32_t i = 0; i < kKeys; ++i) filter.Add(FilterHash(i));
  filter.Fold(kKeys, 10.5);
  EXPECT_LT(filter.byte_size(), before / 4);
  EXPECT_GE(filter.byte_size() * 8, kKeys * 10);
  BloomFilter same = BloomFilter::ToBeRead(filter.byte_size());
  for (uint32_t i = 0; i < kKeys; ++i) same.Add(FilterHash(i));
  EXPECT_EQ(filter.Bytes(), same.Bytes());
}

TEST(BloomFilterTest, WithoutKeysHoldsNothing) {
  EXPECT_FALSE(BloomFilter::ToBeRead(0).MayContain(1));
  EXPECT_FALSE(BloomFilter::ToBeRead(31).MayContain(1));
}

}  // namespace
}  // namespace castor::gemini
