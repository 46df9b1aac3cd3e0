// How many runs of a size become one: few, and lookups find few runs; many, and a byte is written
// less often (Dayan, Idreos: "Dostoevsky", SIGMOD 2018, section 2). Stateless.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace castor::gemini {

// Lately, but for the sizes.
struct MergeUse {
  size_t fan_in = 4;         // now
  double run_bytes = 0;      // of a run as it leaves memory
  double stored_bytes = 0;   // of all runs
  double written_bytes = 0;  // by evictions and checkpoints
  double probes = 0;         // lookups that have asked filters
  double walks = 0;          // that have read what each run has
};

struct MergeChange {
  size_t fan_in = 0;
  std::string reason;
};

// `read_cost`: see ReadCost. `enough`: bytes from which on a change is worth it.
std::optional<MergeChange> DecideMerging(const MergeUse& use, double read_cost, double enough);

}  // namespace castor::gemini
