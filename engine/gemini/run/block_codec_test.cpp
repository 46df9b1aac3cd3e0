#include "gemini/run/block_codec.h"

#include <gtest/gtest.h>

#include <random>

#include "gemini/run/block_deltas.h"
#include "gemini/run/run_cursor.h"
#include "gemini/run/test_run.h"

namespace castor::gemini {
namespace {

std::string Noise(size_t bytes, uint32_t seed) {
  std::mt19937 random(seed);
  std::string noise;
  while (noise.size() < bytes) noise.push_back(static_cast<char>(random()));
  return noise;
}

TEST(BlockCodecTest, WhatPaysIsCompressedAndTheRestIsLeftAsItIs) {
  for (const Codec codec : {Codec::kNone, Codec::kLz4, Codec::kZstd}) {
    BlockCompressor compressor(codec);
    for (const size_t bytes : {size_t{0}, size_t{1}, size_t{100}, size_t{8000}, size_t{300'000}}) {
      for (const std::string& block : {std::string(bytes, 'x'), Noise(bytes, 1)}) {
        std::string scratch;
        Codec used = Codec::kZstd;
        const std::string stored(compressor.Compress(block, &scratch, &used));
        EXPECT_LE(stored.size(), block.size());
        const auto again = Decompress(static_cast<uint32_t>(used), stored);
        ASSERT_TRUE(again.ok()) << again.status().ToString();
        EXPECT_EQ(*again, block);
      }
    }
    std::string scratch;
    Codec used = Codec::kNone;
    BlockCompressor fresh(codec);
    EXPECT_EQ(fresh.Compress(std::string(8000, 'x'), &scratch, &used).size() < 1000,
              codec != Codec::kNone);
    EXPECT_EQ(used, codec);
  }
}

// Much that cannot be compressed costs little, and what can be after it is.
TEST(BlockCodecTest, WhatDidNotPayIsTriedNowAndThen) {
  BlockCompressor compressor(Codec::kLz4);
  std::string scratch;
  Codec used = Codec::kNone;
  for (uint32_t i = 0; i < 1000; ++i) {
    compressor.Compress(Noise(1000, i), &scratch, &used);
    ASSERT_EQ(used, Codec::kNone);
  }
  int compressed = 0;
  for (int i = 0; i < 1000; ++i) {
    compressor.Compress(std::string(1000, 'x'), &scratch, &used);
    compressed += used == Codec::kLz4 ? 1 : 0;
  }
  EXPECT_GT(compressed, 950);
}

TEST(BlockCodecTest, WhatNoCodecHasMadeIsRefused) {
  EXPECT_EQ(Decompress(5, "abcdefgh").status().code(), StatusCode::kIncompatible);
  for (const uint32_t codec : {1u, 2u, 3u, 4u}) {
    EXPECT_EQ(Decompress(codec, "").status().code(), StatusCode::kCorruption);
    EXPECT_EQ(Decompress(codec, std::string(4, '\0')).status().code(), StatusCode::kCorruption);
    EXPECT_EQ(Decompress(codec, std::string(100, '\1')).status().code(), StatusCode::kCorruption);
    // Nor is memory taken for two gigabytes in ten bytes.
    EXPECT_EQ(Decompress(codec, "\xFF\xFF\xFF\x7F and more").status().code(),
              StatusCode::kCorruption);
  }
}

TEST(BlockTest, WithoutEntriesThereIsNone) {
  EXPECT_EQ(Block::Parse(BlockBuilder().Finish()).status().code(), StatusCode::kCorruption);
}

// Entries of one size, as most tables have them, with hashes as far apart as in a large table.
TEST(BlockCodecTest, DeltasLeaveLittleOfTheArrays) {
  BlockBuilder builder;
  for (uint32_t i = 0; i < 200; ++i) {
    const std::string key = Noise(8, i);
    builder.Add({PositionOf(7, i * 200'000 + i * i * 13 % 1000), key, "", EntryKind::kPut, 0, ""});
  }
  const std::string block = builder.Finish();
  size_t plain = 0;
  for (const Codec codec : {Codec::kLz4, Codec::kLz4Deltas, Codec::kZstd, Codec::kZstdDeltas}) {
    std::string scratch;
    Codec used = Codec::kNone;
    BlockCompressor compressor(codec);
    const std::string stored(compressor.Compress(block, &scratch, &used));
    ASSERT_TRUE(used == codec || codec == Codec::kLz4) << "hashes and ends alone do not pay";
    const auto again = Decompress(static_cast<uint32_t>(used), stored);
    ASSERT_TRUE(again.ok()) << again.status().ToString();
    EXPECT_EQ(*again, block);
    if (codec == Codec::kLz4) plain = stored.size();
    if (codec == Codec::kLz4Deltas) {
      EXPECT_LT(stored.size(), plain * 3 / 4);
    }
  }
}

TEST(BlockCodecTest, WhatHasNoRoomForItsArraysHasNoDeltas) {
  for (const size_t bytes : {0, 3, 4, 100}) {
    std::string block(bytes, '\xFF');
    EXPECT_FALSE(TakeDeltas(&block)) << bytes;
  }
}

// Whatever byte of a compressed run is changed: an error, never other entries.
TEST(BlockCodecTest, DamageOfACompressedRunIsFound) {
  for (const Codec codec : {Codec::kLz4, Codec::kZstd, Codec::kLz4Deltas}) {
    std::vector<OwnedEntry> entries;
    for (uint32_t i = 0; i < 40; ++i) {
      entries.push_back({PositionOf(0, i), "key" + std::to_string(i), "", EntryKind::kPut, 0,
                         std::string(50, 'v')});
    }
    const std::string good = WriteRun(entries, {.block_bytes = 600, .codec = codec});
    const auto read = [&](const std::string& bytes) -> Result<std::vector<OwnedEntry>> {
      CASTOR_ASSIGN_OR_RETURN(const auto run, OpenRun(bytes));
      CASTOR_RETURN_NOT_OK(run->ReadFilters().status());
      EXPECT_EQ(run->Find({})->index[0].codec, static_cast<uint32_t>(codec));
      RunCursor cursor(*run, *run->Find({}), {});
      std::vector<OwnedEntry> found;
      while (true) {
        CASTOR_ASSIGN_OR_RETURN(const bool more, cursor.Next());
        if (!more) return found;
        found.push_back(Owned(cursor.entry()));
      }
    };
    ASSERT_EQ(*read(good), entries);
    EXPECT_LT(good.size(), WriteRun(entries, {.block_bytes = 600}).size() / 2);
    for (size_t i = 0; i < good.size(); ++i) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 0x10);
      EXPECT_EQ(read(bad).status().code(), StatusCode::kCorruption) << "byte " << i;
    }
  }
}

}  // namespace
}  // namespace castor::gemini
