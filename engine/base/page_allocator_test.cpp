#include "base/page_allocator.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <vector>

namespace castor {
namespace {

constexpr size_t kLarge = size_t{4} << 20;

// Of the C library, whoever has it.
size_t HeapBytes() {
  const auto heap = ::mallinfo2();
  return heap.arena + heap.hblkhd;
}

TEST(PageAllocatorTest, LargeBlocksAreNotOfTheHeapAndGoBackAtOnce) {
  const int64_t mapped = MappedPageBytes();
  const size_t heap = HeapBytes();
  {
    std::vector<char, PageAllocator<char>> bytes(kLarge, 'x');
    EXPECT_EQ(MappedPageBytes() - mapped, static_cast<int64_t>(kLarge));
    EXPECT_EQ(HeapBytes(), heap);
  }
  EXPECT_EQ(MappedPageBytes(), mapped);
}

TEST(PageAllocatorTest, SmallBlocksAreNotMapped) {
  const int64_t mapped = MappedPageBytes();
  const std::vector<char, PageAllocator<char>> bytes(1000, 'x');
  EXPECT_EQ(MappedPageBytes(), mapped);
}

TEST(PageAllocatorTest, WhatGrowsKeepsWhatItHad) {
  std::vector<uint64_t, PageAllocator<uint64_t>> numbers;
  for (uint64_t i = 0; i < 100'000; ++i) numbers.push_back(i);
  numbers.resize(1'000);
  numbers.shrink_to_fit();
  for (uint64_t i = 0; i < numbers.size(); ++i) ASSERT_EQ(numbers[i], i);
}

}  // namespace
}  // namespace castor
