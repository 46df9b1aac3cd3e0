#include "gemini/tuning/decision.h"

#include <cmath>

namespace castor::gemini {

std::string Rounded(double count) { return std::to_string(std::llround(count)); }

std::string Megabytes(double bytes) {
  const double megabytes = bytes / (1 << 20);
  if (megabytes >= 10) return Rounded(megabytes) + " MB";
  return Rounded(bytes / (1 << 10)) + " KB";
}

}  // namespace castor::gemini
