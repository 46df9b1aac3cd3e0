// Canonical snapshots that are whole by their checksums and yet say too little.
#include <gtest/gtest.h>

#include "base/clock.h"
#include "state/snapshot_format.h"
#include "state/test_snapshot.h"

namespace castor::state {
namespace {

constexpr int32_t kGroup = 5;

// One entry, as canonical_writer.cpp writes it.
std::string EntryOf(StateKind kind) {
  BlockWriter entry;
  const bool timed = kind == StateKind::kTimers;
  if (timed || kind == StateKind::kWindow || kind == StateKind::kWindowList) entry.PutI64(1000);
  entry.PutU32(77);
  if (kind == StateKind::kValue) entry.PutI64(0);
  entry.PutBytes("key");
  if (kind == StateKind::kMap || kind == StateKind::kList) entry.PutI64(0);
  if (kind != StateKind::kValue && kind != StateKind::kWindow) entry.PutBytes("more");
  if (!timed && kind != StateKind::kWindowList) entry.PutRaw(std::string(16, 'x'));
  return std::string(entry.bytes());
}

Status Restore(StateKind kind, std::string_view entry) {
  std::string bytes;
  const ByteSink sink = [&](std::string_view part) {
    bytes.append(part);
    return Status::OK();
  };
  const bool has_records = kind != StateKind::kTimers && kind != StateKind::kWindowList;
  EXPECT_TRUE(WriteSnapshotHead(128, sink).ok());
  EXPECT_TRUE(WriteState(kind, {"state", {has_records ? 16 : 0, {}}, "test", 1, 0}, sink).ok());
  BlockWriter block;
  block.PutRaw(entry);
  block.CountEntry();
  EXPECT_TRUE(WriteBlock(kGroup, block, sink).ok());
  EXPECT_TRUE(WriteSnapshotEnd(sink).ok());
  TestStoreHost host;
  return MakeStore("test", {0, 127}, 128, Clock::System(), host.Host())->Restore({bytes});
}

TEST(CanonicalRestoreTest, EntriesThatAreCutShortAreRefused) {
  for (const StateKind kind : {StateKind::kValue, StateKind::kMap, StateKind::kList,
                               StateKind::kWindow, StateKind::kWindowList, StateKind::kTimers}) {
    const std::string entry = EntryOf(kind);
    const Status whole = Restore(kind, entry);
    EXPECT_TRUE(whole.ok()) << whole.ToString();
    for (size_t bytes = 0; bytes < entry.size(); ++bytes) {
      EXPECT_EQ(Restore(kind, entry.substr(0, bytes)).code(), StatusCode::kCorruption)
          << static_cast<int>(kind) << ", " << bytes << " bytes";
    }
  }
}

}  // namespace
}  // namespace castor::state
