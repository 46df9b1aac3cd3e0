// Rearranging columns. String bytes and elements of lists are never copied by Gather, Slice and
// Flatten: the results share the sources' string buffers and children. All are thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "column/batch.h"

namespace castor {

// result[i] = column[indices[i]] as a flat column (a constant stays constant); index -1 gives NULL.
ColumnPtr Gather(const Column& column, const int32_t* indices, int32_t count);
Batch Gather(const Batch& batch, const int32_t* indices, int32_t count);  // row kinds too, no marks

// Rows [from, from + count) in the same encoding.
ColumnPtr Slice(const ColumnPtr& column, int32_t from, int32_t count);

// The same values in flat encoding; the column itself when it is flat already.
ColumnPtr Flatten(const ColumnPtr& column);

// All rows of `parts` one after the other, flat. `parts` is not empty; types have the same layout.
ColumnPtr Concat(std::span<const ColumnPtr> parts);
Batch Concat(std::span<const Batch> parts);  // row kinds too, no marks

// A string column's bytes copied into one buffer of its own (the elements of lists into children of
// their own), so that `column` lets go of large sources.
ColumnPtr CompactStrings(const ColumnPtr& column);

// A list column whose children hold the elements of row after row and nothing else; NULL lists are
// empty. A constant stays constant, any other encoding becomes flat; `column` itself if it is so
// already.
ColumnPtr CompactLists(const ColumnPtr& column);

}  // namespace castor
