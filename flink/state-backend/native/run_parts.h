// What of a run an instance needs that has only some of the key groups in it: everything but blocks
// of others. Stateless, thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/status.h"
#include "gemini/run/run_cursor.h"
#include "io/file_system.h"

namespace castor::flink {

struct FilePart {
  uint64_t offset = 0;
  uint64_t bytes = 0;
  friend bool operator==(const FilePart&, const FilePart&) = default;
};

// Parts of the file, ascending, of which the first begins where it does and the last ends there;
// less than `least_gap` bytes are not left out between two. The same bytes at the same places, with
// anything in between, are a run for who reads it in the range alone. Reads the footer and the
// indexes.
Result<std::vector<FilePart>> PartsOf(std::unique_ptr<io::ReadableFile> run,
                                      gemini::PositionRange range, uint64_t least_gap);

}  // namespace castor::flink
