// The accumulators of BITMAP_xxx_AGG while a batch works on them, and as the bytes that a record
// keeps; no bytes are those of no rows. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "roaring/bitmap.h"

namespace castor::aggregate {

// A set and how many arguments it is made of (less those taken back): {i32 count, the set}.
struct CombinedSet {
  int32_t count = 0;
  roaring::Bitmap set;

  void Read(std::string_view bytes);
  void Write(std::string* bytes);
};

// How often each value is there (less the times it was taken back; never 0), and how many arguments
// there were: {i32 count, then {u32 value, i32 times} in the order of values}.
struct CountedValues {
  int32_t count = 0;
  std::map<uint32_t, int32_t> times;

  void Change(uint32_t value, int32_t by);
  void Read(std::string_view bytes);
  void Write(std::string* bytes) const;
};

}  // namespace castor::aggregate
