#include "gemini/tier/value_use.h"

#include <algorithm>
#include <utility>

namespace castor::gemini {

ValueUse::ValueUse(const std::vector<RunSet::Run>& runs) {
  for (const RunSet::Run& run : runs) {
    const std::vector<uint64_t> pointed_to = run.PointedTo();
    for (size_t i = 0; i < run.values.size(); ++i) {
      if (run.values[i] != nullptr) used_[run.values[i].get()] += pointed_to[i];
    }
  }
  for (const auto& [file, used] : used_) {
    all_used_ += std::min(used, file->info().bytes);
    dead_ += Dead(*file, used);
  }
}

// Runs that are parts of one may each count what is in the other's.
uint64_t ValueUse::Dead(const ValueFile& file, uint64_t used) {
  return file.info().bytes - std::min(used, file.info().bytes);
}

uint64_t ValueUse::Of(const RunSet::Run& run) {
  uint64_t bytes = 0;
  for (const uint64_t pointed_to : run.PointedTo()) bytes += pointed_to;
  return bytes;
}

std::set<const ValueFile*> ValueUse::ToMove(double dead_share, uint64_t small_bytes) const {
  std::vector<std::pair<double, const ValueFile*>> by_use;
  std::set<const ValueFile*> small, moved;
  for (const auto& [file, used] : used_) {
    by_use.emplace_back(static_cast<double>(used) / static_cast<double>(file->info().bytes), file);
    if (file->info().bytes < small_bytes) small.insert(file);
    if (file->unreliable()) moved.insert(file);
  }
  std::sort(by_use.begin(), by_use.end());
  auto left = static_cast<double>(dead_);
  for (const auto& [use, file] : by_use) {
    if (left <= dead_share * static_cast<double>(all_used_)) break;
    left -= static_cast<double>(Dead(*file, used_.at(file)));
    moved.insert(file);
  }
  if (small.size() > 1) moved.insert(small.begin(), small.end());
  return moved;
}

}  // namespace castor::gemini
