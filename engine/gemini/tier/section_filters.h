// What filters of runs say of keys of one section, for many lookups one after the other: which runs
// have the section is found once, and a filter's cache line can be on its way before it is needed.
//
// Valid while the runs it was made of are as they were. No I/O. Of the thread that owns the
// instance, since what all filters rule out is counted as use of them; what only newer runs' do
// RunSet::Get counts, which they have spared a read.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "gemini/tier/run_set.h"

namespace castor::gemini {

class SectionFilters {
 public:
  SectionFilters(const RunSet& runs, SectionId section);

  // Before MayContain of the same, some lookups ahead.
  void Prefetch(Position position, std::string_view user_key) const;
  // The place of the newest run that may contain it, from which on RunSet::Get is to look.
  std::optional<size_t> FirstThatMayContain(Position position, std::string_view user_key) const;
  // Whether RunSet::Get would have to read: false is certain.
  bool MayContain(Position position, std::string_view user_key) const {
    return FirstThatMayContain(position, user_key).has_value();
  }

 private:
  struct Part {
    size_t place = 0;  // of the run
    const RunSet::Run* run = nullptr;
    const SortedRun::Section* section = nullptr;
  };

  std::vector<Part> parts_;
};

}  // namespace castor::gemini
