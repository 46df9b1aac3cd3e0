#include "connector/nexmark/event_runs.h"

#include <algorithm>

namespace castor::connector::nexmark {

void KindRuns::Assign(const Options& options, std::span<const EpochRun> epochs) {
  // Where the kinds begin in an epoch; the last entry is the epoch's end.
  const int64_t begin[4] = {0, options.persons, options.persons + options.auctions,
                            options.epoch_size()};
  for (int kind = 0; kind < 3; ++kind) {
    runs[kind].clear();
    counts[kind] = 0;
  }
  for (const EpochRun& run : epochs) {
    const int64_t first = run.epoch * options.epoch_size();
    const int64_t last_person = run.epoch * options.persons + options.persons - 1;
    const int64_t last_auction = run.epoch * options.auctions + options.auctions - 1;
    for (int kind = 0; kind < 3; ++kind) {
      const int64_t from = std::max(run.from, begin[kind]);
      const int64_t to = std::min(run.to, begin[kind + 1]);
      if (from >= to) continue;
      KindRun part{first + from, static_cast<int32_t>(to - from), last_person, last_auction};
      if (kind == 0) part.last_person = run.epoch * options.persons + from;
      if (kind == 1) part.last_auction = run.epoch * options.auctions + from - begin[1];
      runs[kind].push_back(part);
      counts[kind] += part.count;
    }
  }
}

}  // namespace castor::connector::nexmark
