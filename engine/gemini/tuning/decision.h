// What an instance has decided for itself, and why.
#pragma once

#include <cstdint>
#include <string>

namespace castor::gemini {

enum class Knob : uint8_t { kSeparation, kFilters, kBlockCache, kMerging };
inline constexpr int kKnobs = 4;

struct Decision {
  Knob knob;
  std::string reason;  // what is changed to what, with the figures that speak for it
};

// A change has to make at least so much of what it is about cheaper: of the cost as it is a
// better choice has at most this share, so that nothing goes to and fro.
inline constexpr double kBetter = 0.7;

// "12 MB", for reasons.
std::string Megabytes(double bytes);
// A count, rounded.
std::string Rounded(double count);

}  // namespace castor::gemini
