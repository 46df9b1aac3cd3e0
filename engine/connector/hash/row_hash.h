// h(row) of spec/row-hash.md for all rows of a batch, a column at a time.
//
// Free functions over immutable columns of any encoding; thread-safe.
#pragma once

#include <cstdint>
#include <span>

#include "base/status.h"
#include "column/column.h"

namespace castor::connector::hash {

// Whether every column of `row` can be hashed; an error names the first that cannot.
Status CheckHashable(const LogicalType& row);

// hashes[i] = h(row i) for the first `rows` rows of `columns`, whose types passed CheckHashable.
void HashRows(std::span<const ColumnPtr> columns, int32_t rows, uint64_t* hashes);

}  // namespace castor::connector::hash
