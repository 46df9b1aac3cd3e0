// Between the readers of a scan and its enumerator: who reads which split.
#pragma once

#include <cstdint>
#include <vector>

#include "connector/api/source.h"

namespace castor::runtime {

// One reader, as the coordinator sees it. Thread-safe.
class SplitReceiver {
 public:
  virtual ~SplitReceiver() = default;
  virtual void AddSplits(std::vector<connector::Split> splits) = 0;
  virtual void NoMoreSplits() = 0;
};

// The coordinator, as a reader sees it. Thread-safe.
class SplitRequester {
 public:
  virtual ~SplitRequester() = default;
  // The reader has read all it was given. Answered by AddSplits or NoMoreSplits, sooner or later.
  virtual void RequestSplits(int32_t subtask) = 0;
};

}  // namespace castor::runtime
