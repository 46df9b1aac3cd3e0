#include "column/bitmap.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace castor {
namespace {

constexpr int64_t kBits = 300;

std::vector<uint8_t> RandomBits(unsigned seed) {
  std::mt19937 random(seed);
  std::vector<uint8_t> bits(static_cast<size_t>(bitmap::Words(kBits)) * 8);
  for (uint8_t& byte : bits) byte = static_cast<uint8_t>(random());
  return bits;
}

TEST(Bitmap, SetAndClear) {
  std::vector<uint8_t> bits(8);
  bitmap::Set(bits.data(), 9);
  bitmap::SetTo(bits.data(), 10, true);
  EXPECT_EQ(bits[1], 6);
  bitmap::Clear(bits.data(), 9);
  bitmap::SetTo(bits.data(), 10, false);
  EXPECT_EQ(bits[1], 0);
}

TEST(Bitmap, CountSet) {
  const std::vector<uint8_t> bits = RandomBits(1);
  int64_t expected = 0;
  for (int64_t n = 0; n < kBits; ++n) {
    EXPECT_EQ(bitmap::CountSet(bits.data(), n), expected);
    expected += bitmap::Get(bits.data(), n);
  }
}

TEST(Bitmap, CopyFromAnyOffset) {
  const std::vector<uint8_t> bits = RandomBits(2);
  for (int64_t from = 0; from < 80; ++from) {
    for (const int64_t n : {0, 1, 7, 8, 63, 64, 65, 200}) {
      std::vector<uint8_t> target(bits.size());
      bitmap::Copy(bits.data(), from, n, target.data());
      for (int64_t i = 0; i < n; ++i) {
        ASSERT_EQ(bitmap::Get(target.data(), i), bitmap::Get(bits.data(), from + i));
      }
    }
  }
}

TEST(Bitmap, AppendAtAnyOffset) {
  const std::vector<uint8_t> bits = RandomBits(3);
  for (int64_t to = 0; to < 80; ++to) {
    for (const int64_t n : {0, 1, 7, 63, 64, 65, 200}) {
      std::vector<uint8_t> target(static_cast<size_t>(bitmap::Words(to + n)) * 8);
      bitmap::Append(nullptr, to, target.data(), 0);
      bitmap::Append(bits.data(), n, target.data(), to);
      ASSERT_EQ(bitmap::CountSet(target.data(), to), to);
      for (int64_t i = 0; i < n; ++i) {
        ASSERT_EQ(bitmap::Get(target.data(), to + i), bitmap::Get(bits.data(), i));
      }
      for (size_t i = static_cast<size_t>(to + n); i < target.size() * 8; ++i) {
        ASSERT_FALSE(bitmap::Get(target.data(), static_cast<int64_t>(i)));
      }
    }
  }
}

TEST(Bitmap, And) {
  const std::vector<uint8_t> a = RandomBits(4);
  const std::vector<uint8_t> b = RandomBits(5);
  std::vector<uint8_t> both(a.size());
  bitmap::And(a.data(), b.data(), kBits, both.data());
  for (int64_t i = 0; i < kBits; ++i) {
    EXPECT_EQ(bitmap::Get(both.data(), i), bitmap::Get(a.data(), i) && bitmap::Get(b.data(), i));
  }
  bitmap::And(nullptr, b.data(), kBits, both.data());
  EXPECT_EQ(bitmap::Get(both.data(), 123), bitmap::Get(b.data(), 123));
}

}  // namespace
}  // namespace castor
