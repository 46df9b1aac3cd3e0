#include "operator/windowing/progress.h"

#include <algorithm>
#include <charconv>

namespace castor::windowing {

std::string SaveProgress(TimestampMs progress) { return std::to_string(progress); }

Status RestoreProgress(std::string_view saved, TimestampMs* progress) {
  TimestampMs restored = kMinTimestamp;
  const char* end = saved.data() + saved.size();
  const auto [stop, error] = std::from_chars(saved.data(), end, restored);
  if (error != std::errc() || stop != end) {
    return Status::Corruption("the snapshot of a window operator does not hold its progress");
  }
  *progress = std::max(*progress, restored);
  return Status::OK();
}

}  // namespace castor::windowing
