#include "cli/command/near_name.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace castor::cli {
namespace {

// Levenshtein's distance.
size_t Distance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, change}));
    }
  }
  return row[b.size()];
}

}  // namespace

std::optional<std::string> NearestName(const std::string& given, std::span<const std::string> names,
                                       size_t most) {
  std::optional<std::string> nearest;
  size_t least = most + 1;
  for (const std::string& name : names) {
    const size_t distance = Distance(given, name);
    if (distance >= least) continue;
    least = distance;
    nearest = name;
  }
  return nearest;
}

}  // namespace castor::cli
