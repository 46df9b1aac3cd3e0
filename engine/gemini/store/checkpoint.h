// What a checkpoint of an instance consists of: which runs, and of which tables
// (spec/gemini-checkpoint.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "gemini/memory/record_layout.h"

namespace castor::gemini {

struct CheckpointTable {
  uint32_t table = 0;
  RecordLayout layout;
  friend bool operator==(const CheckpointTable&, const CheckpointTable&) = default;
};

// Of the run only what stands in the key groups counts.
struct CheckpointRun {
  std::string path;
  uint64_t bytes = 0;
  uint32_t first_group = 0;
  uint32_t last_group = 0;
  friend bool operator==(const CheckpointRun&, const CheckpointRun&) = default;
};

struct Checkpoint {
  uint32_t key_groups = 0;
  std::vector<CheckpointTable> tables;
  std::vector<CheckpointRun> runs;  // newest first
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

std::string EncodeCheckpoint(const Checkpoint& checkpoint);
// kCorruption for bytes that are none, kIncompatible for another version.
Result<Checkpoint> DecodeCheckpoint(std::string_view bytes);

}  // namespace castor::gemini
