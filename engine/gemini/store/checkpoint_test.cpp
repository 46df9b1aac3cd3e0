#include "gemini/store/checkpoint.h"

#include <gtest/gtest.h>

#include "io/checksum.h"

namespace castor::gemini {
namespace {

Checkpoint Example() {
  return {128,
          {{1, TableKind::kRecords, "sums", "BIGINT", {32, {0, 16}}, 0, 0},
           {7, TableKind::kList, "", "", {16, {}}, 0, 4712},
           {8, TableKind::kTimers, "timers", "", {0, {}}, 60'000, 0}},
          {{"folder/run-12", 4711, 0, 63, {{3, -5}, {3, 1}}, {"folder/run-13", ""}},
           {std::string(300, 'p'), 1, 64, 127, {}}}};
}

// Behind a content that was made by hand.
std::string WithChecksum(std::string content) {
  const uint64_t sum = io::Checksum(content);
  content.append(reinterpret_cast<const char*>(&sum), sizeof(sum));
  return content;
}

TEST(CheckpointTest, IsReadAsItWasWritten) {
  for (const Checkpoint& checkpoint : {Example(), Checkpoint{}}) {
    const auto decoded = DecodeCheckpoint(EncodeCheckpoint(checkpoint));
    ASSERT_TRUE(decoded.ok()) << decoded.status().ToString();
    EXPECT_EQ(*decoded, checkpoint);
  }
}

TEST(CheckpointTest, DamageIsFound) {
  const std::string good = EncodeCheckpoint(Example());
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    EXPECT_EQ(DecodeCheckpoint(bad).status().code(), StatusCode::kCorruption) << i;
    EXPECT_EQ(DecodeCheckpoint(good.substr(0, i)).status().code(), StatusCode::kCorruption) << i;
  }
}

// Bytes with a right checksum that no checkpoint has.
TEST(CheckpointTest, WhatCannotBeIsRefused) {
  const std::string good = EncodeCheckpoint(Example());
  const std::string content = good.substr(0, good.size() - sizeof(uint64_t));
  EXPECT_EQ(DecodeCheckpoint(WithChecksum(content.substr(0, content.size() - 1))).status().code(),
            StatusCode::kCorruption);
  EXPECT_EQ(DecodeCheckpoint(WithChecksum(content + "x")).status().code(), StatusCode::kCorruption);
  std::string newer = content;
  newer[8] = 4;
  EXPECT_EQ(DecodeCheckpoint(WithChecksum(newer)).status().code(), StatusCode::kIncompatible);

  Checkpoint overlapping = Example();
  overlapping.tables[0].layout.blob_offsets = {0, 8};
  EXPECT_FALSE(DecodeCheckpoint(EncodeCheckpoint(overlapping)).ok());
  Checkpoint too_small = Example();
  too_small.tables[0].layout.payload_bytes = 16;
  EXPECT_FALSE(DecodeCheckpoint(EncodeCheckpoint(too_small)).ok());
  Checkpoint too_large = Example();
  too_large.tables[0].layout.payload_bytes = kMostPayloadBytes + 16;
  EXPECT_FALSE(DecodeCheckpoint(EncodeCheckpoint(too_large)).ok());
  Checkpoint of_other_kind = Example();
  of_other_kind.tables[0].kind = static_cast<TableKind>(100);
  EXPECT_EQ(DecodeCheckpoint(EncodeCheckpoint(of_other_kind)).status().code(),
            StatusCode::kIncompatible);
  Checkpoint outside = Example();
  outside.runs[1].last_group = 128;
  EXPECT_FALSE(DecodeCheckpoint(EncodeCheckpoint(outside)).ok());
}

}  // namespace
}  // namespace castor::gemini
