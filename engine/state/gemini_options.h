// The options `state.backend.gemini.*` of a job, and those of Flink that say the same kind of thing
// (spec/options/state-gemini.json tells users what they mean).
//
// Read once, before the job starts; immutable.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/configuration.h"
#include "base/memory.h"
#include "base/status.h"

namespace castor::state {

struct GeminiOptions {
  // Of all state of the process, at most.
  int64_t memory_bytes = MemoryAccount::kUnlimited;
  int64_t run_bytes = int64_t{16} << 20;  // that an instance gathers before it writes a run
  // As gemini::StoreOptions and gemini::TuningOptions have them.
  uint32_t separate_from = 0;
  bool adapt_separation = true;
  bool compress = true;

  std::string local_dir;  // empty: where Flink's temporary files are
  // The cache on local disk of files that lie on a remote file system.
  bool cache = true;
  int64_t cache_bytes = int64_t{10} << 30;
  int64_t cache_preserved_bytes = int64_t{2} << 30;  // of the disk, that stay free
  int32_t page_bytes = 64 << 10;
  int64_t ahead_bytes = 512 << 10;  // of one request
  // A restarted job may use what the cache has.
  bool recover_from_local = true;

  // Options that are set and do nothing here, with the reason, a line each.
  std::vector<std::string> without_effect;
};

// kInvalidArgument and kUnsupported name the option and what to do about it.
Result<GeminiOptions> ReadGeminiOptions(const Configuration& configuration);

}  // namespace castor::state
