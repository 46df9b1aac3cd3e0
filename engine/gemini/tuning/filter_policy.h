// Which runs have their filters in memory.
//
// A filter is worth its memory if the reads it spares are more than those that records would in its
// place. That of the oldest run, which is the largest, spares none where all that is looked up
// exists (Dayan, Athanassoulis, Idreos: "Monkey", 2017, weighs filters of levels in the same way).
// Decides about one run at a time. Stateless.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace castor::gemini {

// A run, as lookups have found it lately.
struct FilterUse {
  int64_t filter_bytes = 0;
  bool in_memory = true;
  // Lookups that did not find anything in the run: of which the filter said so, and which have read
  // for it.
  double ruled_out = 0;
  double read_in_vain = 0;
};

struct FilterChange {
  size_t run = 0;
  bool in_memory = false;
  std::string reason;
};

// `reads_within`: what so many bytes more for records would spare. `enough`: reads from which on a
// change is worth it.
std::optional<FilterChange> DecideFilters(std::span<const FilterUse> runs,
                                          const std::function<double(int64_t)>& reads_within,
                                          double enough);

}  // namespace castor::gemini
