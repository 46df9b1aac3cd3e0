#include "gemini/tuning/cache_policy.h"

#include <algorithm>

#include "gemini/tuning/decision.h"

namespace castor::gemini {
namespace {

CacheChange ChangeTo(const CacheUse& use, int64_t bytes, double for_it, double against) {
  return {bytes, "blocks that have been read get " + Megabytes(static_cast<double>(bytes)) +
                     ", before: " + Megabytes(static_cast<double>(use.bytes)) +
                     "; that would lately have spared " + Rounded(for_it) + " reads and cost " +
                     Rounded(against)};
}

}  // namespace

std::optional<CacheChange> DecideCache(const CacheUse& use, double enough) {
  if (use.bytes < use.most && use.spared_by_records < kBetter * use.spared_by_more &&
      use.spared_by_more - use.spared_by_records >= enough) {
    return ChangeTo(use, std::min(use.bytes + use.step, use.most), use.spared_by_more,
                    use.spared_by_records);
  }
  if (use.bytes > 0 && use.spared_by_last < kBetter * use.spared_by_records &&
      use.spared_by_records - use.spared_by_last >= enough) {
    return ChangeTo(use, std::max<int64_t>(use.bytes - use.step, 0), use.spared_by_records,
                    use.spared_by_last);
  }
  return std::nullopt;
}

}  // namespace castor::gemini
