// What a merge of runs writes: of each key what the newest run says, but for what has expired.
//
// Any thread; blocks.
#pragma once

#include "base/status.h"
#include "gemini/run/run_writer.h"
#include "gemini/tier/run_set.h"

namespace castor::gemini {

// All sections; the writer, which is new, is not finished. Values that stand apart stay where they
// are, unless the merge moves them.
Status WriteMerge(const RunSet::Merge& merge, RunWriter* writer);

}  // namespace castor::gemini
