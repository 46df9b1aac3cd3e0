// Mini-batches: how long they are, and their rows as one batch.
#pragma once

#include <cstdint>
#include <span>

#include "base/status.h"
#include "column/batch.h"
#include "plan/bundle.h"

namespace castor::bundle {

// Rows of a mini-batch (table.exec.mini-batch.size of the node, else of the job); 0: mini-batches
// are off.
Result<int64_t> MiniBatchRows(const plan::Node& node, const plan::Bundle& bundle);
// The same for nodes that need mini-batches: an error where they are off.
Result<int64_t> RequiredMiniBatchRows(const plan::Node& node, const plan::Bundle& bundle);

// All rows of `parts`, in order, with row kinds; only the columns `used`, the others are null.
Batch JoinBatches(std::span<const Batch> parts, std::span<const int32_t> used);

}  // namespace castor::bundle
