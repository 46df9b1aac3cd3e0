#include "gemini/tier/section_filters.h"

namespace castor::gemini {

SectionFilters::SectionFilters(const RunSet& runs, SectionId section) {
  parts_.reserve(runs.runs().size());
  for (size_t place = 0; place < runs.runs().size(); ++place) {
    const RunSet::Run& run = runs.runs()[place];
    if (const SortedRun::Section* of_run = run.SectionOf(section)) {
      parts_.push_back({place, &run, of_run});
    }
  }
}

void SectionFilters::Prefetch(Position position, std::string_view user_key) const {
  for (const Part& part : parts_) part.run->PrefetchFilter(*part.section, position, user_key);
}

std::optional<size_t> SectionFilters::FirstThatMayContain(Position position,
                                                          std::string_view user_key) const {
  for (const Part& part : parts_) {
    if (part.run->clip.Contains(position) &&
        part.run->MayContain(*part.section, position, user_key)) {
      return part.place;
    }
  }
  for (const Part& part : parts_) {
    if (part.run->clip.Contains(position)) ++part.run->use->ruled_out_by_owner;
  }
  return std::nullopt;
}

}  // namespace castor::gemini
