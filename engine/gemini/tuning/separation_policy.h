// From which size on values stand apart from their keys, as merges and reads of an instance have
// it.
//
// A value in a run is copied by each merge that its key is in; one that stands apart costs a
// pointer there, and another read each time it is wanted. Both are counted by size of values, and
// weighed when some have been copied. The size changes only if that is a good deal better, and what
// happened long ago counts less and less. Not thread-safe: the owner's thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gemini/run/value_sizes.h"

namespace castor::gemini {

class SeparationPolicy {
 public:
  explicit SeparationPolicy(uint32_t separate_from) : separate_from_(separate_from) {}

  // Bytes from which on; 0: never.
  uint32_t separate_from() const { return separate_from_; }

  // Values whose keys a merge has written, wherever the values stand.
  void Merged(const ValueSizes& values) { merged_.Add(values); }
  // A value that was looked up has been found in a run.
  void Read(uint32_t bytes) { read_.Add(bytes); }

  // What has changed and why, if anything has. `read_cost`: see ReadCost.
  std::optional<std::string> Decide(double read_cost);

 private:
  struct Cost {
    double copied = 0, read = 0;  // in bytes
    double total() const { return copied + read; }
  };
  Cost CostOf(uint32_t separate_from, double read_cost) const;
  uint32_t Cheapest(double read_cost) const;

  uint32_t separate_from_;
  ValueSizes merged_, read_;
};

}  // namespace castor::gemini
