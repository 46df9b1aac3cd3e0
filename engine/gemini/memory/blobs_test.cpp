#include "gemini/memory/blobs.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <random>
#include <string>

namespace castor::gemini {
namespace {

const RecordLayout kLayout{sizeof(Blob), {0}};

std::byte* PayloadOf(Blob* blob) { return reinterpret_cast<std::byte*>(blob); }

TEST(BlobsTest, WhatIsShortTakesNoSlot) {
  RecordHeap heap;
  Blob blob = {};
  EXPECT_EQ(blob.view(), "");
  SetBlob(&heap, &blob, "twelve bytes");
  EXPECT_EQ(blob.view(), "twelve bytes");
  EXPECT_EQ(heap.used_bytes(), 0);
  SetBlob(&heap, &blob, "thirteen byte");
  EXPECT_EQ(blob.view(), "thirteen byte");
  EXPECT_GT(heap.used_bytes(), 0);
  SetBlob(&heap, &blob, "");
  EXPECT_EQ(heap.used_bytes(), 0);
}

TEST(BlobsTest, BytesMayBeOfTheBlobItself) {
  RecordHeap heap;
  Blob blob = {};
  SetBlob(&heap, &blob, "0123456789abcdefghij");
  SetBlob(&heap, &blob, blob.view().substr(3));
  EXPECT_EQ(blob.view(), "3456789abcdefghij");
  SetBlob(&heap, &blob, blob.view().substr(7));
  EXPECT_EQ(blob.view(), "abcdefghij");
  SetBlob(&heap, &blob, blob.view().substr(1));
  EXPECT_EQ(blob.view(), "bcdefghij");
  FreeBlobs(&heap, kLayout, PayloadOf(&blob));
  EXPECT_EQ(heap.used_bytes(), 0);
}

// Blobs of all sizes, set and moved: each has what was put into it, and nothing is left in the end.
TEST(BlobsTest, KeepWhatIsPutIntoThem) {
  RecordHeap heap;
  std::mt19937 random(11);
  std::array<Blob, 20> blobs = {};
  std::array<std::string, 20> expected;
  for (int i = 0; i < 20'000; ++i) {
    const size_t number = random() % blobs.size();
    expected[number] = std::string(random() % (random() % 20 == 0 ? 2'000 : 24),
                                   static_cast<char>('a' + random() % 26));
    SetBlob(&heap, &blobs[number], expected[number]);
    if (i % 100 == 0) {
      std::array<Blob, 20> moved = blobs;
      std::memset(blobs.data(), 0x5A, sizeof(blobs));
      blobs = moved;
      for (Blob& blob : blobs) BlobsMoved(kLayout, PayloadOf(&blob));
    }
    for (size_t j = 0; j < blobs.size(); ++j) ASSERT_EQ(blobs[j].view(), expected[j]);
  }
  for (Blob& blob : blobs) FreeBlobs(&heap, kLayout, PayloadOf(&blob));
  EXPECT_EQ(heap.used_bytes(), 0);
}

TEST(BlobsTest, ValuesComeBackFromTheirBytes) {
  const RecordLayout layout{3 * sizeof(Blob), {0, 32}};
  RecordHeap heap;
  std::array<Blob, 3> record = {};
  SetBlob(&heap, &record[0], "short");
  record[1].capacity = 17;  // a field of numbers
  SetBlob(&heap, &record[2], "of more than twelve bytes");
  std::string scratch;
  const std::string value(EncodeValue(layout, PayloadOf(record.data()), &scratch));
  EXPECT_EQ(value.size(), sizeof(record) + 5 + 25);

  std::array<Blob, 3> filled = {};
  FillPayload(&heap, layout, *DecodeValue(layout, value), PayloadOf(filled.data()));
  std::array<Blob, 3> lent = {};
  LendValue(layout, value.data(), PayloadOf(lent.data()));
  for (const auto& each : {filled, lent}) {
    EXPECT_EQ(each[0].view(), "short");
    EXPECT_EQ(each[1].capacity, 17u);
    EXPECT_EQ(each[2].view(), "of more than twelve bytes");
  }
  EXPECT_FALSE(DecodeValue(layout, value.substr(0, value.size() - 1)).ok());
  FreeBlobs(&heap, layout, PayloadOf(record.data()));
  FreeBlobs(&heap, layout, PayloadOf(filled.data()));
}

}  // namespace
}  // namespace castor::gemini
