#include "aggregate/call.h"

#include "column/gather.h"

namespace castor::aggregate {

void Call::Prepare(const Batch& batch, const RowOp* base) {
  ops = base;
  columns.clear();
  for (const int32_t argument : arguments) {
    columns.push_back(Flatten(batch.columns[static_cast<size_t>(argument)]));
  }
  if (filter >= 0) {
    OwnOps(batch.num_rows);
    DropFiltered(*batch.columns[static_cast<size_t>(filter)], batch.num_rows, own_ops.data());
  }
  if (function->takes_nulls()) return;
  for (const ColumnPtr& column : columns) {
    const uint8_t* validity = column->validity();
    if (validity == nullptr) continue;
    OwnOps(batch.num_rows);
    DropRows(batch.num_rows, [=](int32_t i) { return bitmap::Get(validity, i); }, own_ops.data());
  }
}

RowOp* Call::OwnOps(int32_t rows) {
  if (ops != nullptr && ops == own_ops.data()) return own_ops.data();
  if (ops != nullptr) {
    own_ops.assign(ops, ops + rows);
  } else {
    own_ops.assign(static_cast<size_t>(rows), RowOp::kAdd);
  }
  ops = own_ops.data();
  return own_ops.data();
}

void DropFiltered(const Column& filter, int32_t rows, RowOp* ops) {
  if (filter.is_constant()) {
    const bool kept = !filter.IsNull(0) && filter.values<uint8_t>()[0] != 0;
    if (!kept) DropRows(rows, [](int32_t) { return false; }, ops);
    return;
  }
  if (!filter.is_flat()) {
    DropRows(
        rows,
        [&](int32_t i) {
          const Column* target;
          const int32_t at = filter.Resolve(i, &target);
          return at >= 0 && target->values<uint8_t>()[at] != 0;
        },
        ops);
    return;
  }
  const uint8_t* values = filter.values<uint8_t>();
  if (const uint8_t* validity = filter.validity()) {
    DropRows(rows, [=](int32_t i) { return values[i] != 0 && bitmap::Get(validity, i); }, ops);
  } else {
    DropRows(rows, [=](int32_t i) { return values[i] != 0; }, ops);
  }
}

}  // namespace castor::aggregate
