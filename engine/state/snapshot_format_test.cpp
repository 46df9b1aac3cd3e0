#include "state/snapshot_format.h"

#include <gtest/gtest.h>

namespace castor::state {
namespace {

// What a reader says of a snapshot with a state of that kind and layout, and a right checksum.
Status Read(StateKind kind, const RecordLayout& layout) {
  std::string bytes;
  const ByteSink sink = [&](std::string_view part) {
    bytes.append(part);
    return Status::OK();
  };
  EXPECT_TRUE(WriteSnapshotHead(128, sink).ok());
  EXPECT_TRUE(WriteState(kind, {"sums", layout, "BIGINT", 1, 0}, sink).ok());
  EXPECT_TRUE(WriteSnapshotEnd(sink).ok());
  SnapshotVisitor visitor;
  visitor.on_state = [](StateKind, const StateDescriptor&) { return Status::OK(); };
  return DecodeSnapshot(bytes, {0, 127}, 128, visitor);
}

TEST(SnapshotFormatTest, StatesThatCannotBeAreRefused) {
  EXPECT_TRUE(Read(StateKind::kValue, {32, {0, 16}}).ok());
  for (const RecordLayout& layout :
       {RecordLayout{-16, {}}, RecordLayout{24, {}}, RecordLayout{INT32_MAX - 15, {}},
        RecordLayout{32, {24}}, RecordLayout{32, {-8}}, RecordLayout{32, {0, 8}},
        RecordLayout{0, {0}}}) {
    EXPECT_EQ(Read(StateKind::kValue, layout).code(), StatusCode::kCorruption);
  }
  for (const uint8_t kind : {0, 7}) {
    EXPECT_EQ(Read(static_cast<StateKind>(kind), {16, {}}).code(), StatusCode::kCorruption);
  }
}

}  // namespace
}  // namespace castor::state
