// Every `stride`-th epoch of the stream from `first` on, read up to an event: a split and the
// position in it (spec/nexmark.md, section 3).
#pragma once

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "connector/api/source.h"

namespace castor::connector::nexmark {

struct SplitCursor {
  int64_t first = 0;
  int64_t stride = 1;
  int64_t epoch = 0;   // of the next event
  int64_t offset = 0;  // of the next event in its epoch

  Split ToSplit() const;
  static Result<SplitCursor> FromSplit(const Split& split);
};

// The splits of a fresh start: together all epochs, as many for each reader.
std::vector<Split> InitialSplits(int32_t parallelism);

}  // namespace castor::connector::nexmark
