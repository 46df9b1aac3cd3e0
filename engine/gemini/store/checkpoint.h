// What a checkpoint of an instance consists of: which runs, and of which tables
// (spec/gemini-checkpoint.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "gemini/memory/record_layout.h"
#include "gemini/run/run_format.h"

namespace castor::gemini {

// What a table's records are. Numbers as they stand in a checkpoint.
enum class TableKind : uint8_t {
  kRecords = 0,
  kMap = 1,
  kList = 2,
  kTimers = 3,
  kWindows = 4,
  kWindowLists = 5
};

// Far more than any record has: what is to have more is damaged.
inline constexpr uint32_t kMostPayloadBytes = uint32_t{1} << 24;

struct CheckpointTable {
  uint32_t table = 0;
  TableKind kind = TableKind::kRecords;
  std::string name;    // of the state, for errors
  std::string schema;  // what the host says of its records
  RecordLayout layout;
  int64_t bucket_ms = 0;     // of timers
  uint64_t next_number = 0;  // of lists, in windows too
  friend bool operator==(const CheckpointTable&, const CheckpointTable&) = default;
  // Whether what one has saved the other can read.
  bool SameShape(const CheckpointTable& other) const {
    return kind == other.kind && name == other.name && schema == other.schema &&
           layout == other.layout && bucket_ms == other.bucket_ms;
  }
};

// Of the run only what stands in the key groups counts.
struct CheckpointRun {
  std::string path;
  uint64_t bytes = 0;
  uint32_t first_group = 0;
  uint32_t last_group = 0;
  std::vector<SectionId> dropped;  // sections that do not count
  // Files of its values in the order of the run's list; empty where none counts.
  std::vector<std::string> values = {};
  friend bool operator==(const CheckpointRun&, const CheckpointRun&) = default;
};

struct Checkpoint {
  uint32_t key_groups = 0;
  std::vector<CheckpointTable> tables;
  std::vector<CheckpointRun> runs;  // newest first
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

inline constexpr std::string_view kCheckpointMagic = "GEMINICP";

std::string EncodeCheckpoint(const Checkpoint& checkpoint);
// kCorruption for bytes that are none, kIncompatible for another version.
Result<Checkpoint> DecodeCheckpoint(std::string_view bytes);

}  // namespace castor::gemini
