#include "expr/scatter.h"

#include "column/dispatch_width.h"
#include "column/gather.h"
#include "expr/kernels.h"

namespace castor::expr {
namespace {

void ClearAt(Column* result, const Column& column, const int32_t* positions) {
  if (!column.MayHaveNulls()) return;
  uint8_t* validity = result->mutable_validity();
  for (int32_t i = 0; i < column.size(); ++i) {
    if (column.IsNull(i)) bitmap::Clear(validity, positions[i]);
  }
}

}  // namespace

Scatter::Scatter(const LogicalType& type, int32_t count) : type_(type), count_(count) {}

void Scatter::Add(ColumnPtr column, const int32_t* positions) {
  parts_.push_back({std::move(column), positions});
}

template <typename T>
void Scatter::Place(const Part& part, Column* result) const {
  const Column& column = *part.column;
  const int32_t* positions = part.positions;
  T* out = result->mutable_values<T>();
  const int32_t count = column.size();
  if (column.is_constant()) {
    const T value = column.values<T>()[0];
    for (int32_t i = 0; i < count; ++i) out[positions[i]] = value;
  } else if (column.is_flat()) {
    const T* values = column.values<T>();
    for (int32_t i = 0; i < count; ++i) out[positions[i]] = values[i];
  } else {
    const T* values = column.base()->values<T>();
    const int32_t* indices = column.indices();
    for (int32_t i = 0; i < count; ++i) {
      out[positions[i]] = indices[i] < 0 ? T{} : values[indices[i]];
    }
  }
}

ColumnPtr Scatter::FinishNested() const {
  std::vector<ColumnPtr> columns;
  BufferPtr indices = Buffer::Allocate(static_cast<size_t>(count_) * sizeof(int32_t));
  auto* target = indices->as<int32_t>();
  int32_t offset = 0;
  for (const Part& part : parts_) {
    columns.push_back(part.column);
    for (int32_t i = 0; i < part.column->size(); ++i) target[part.positions[i]] = offset + i;
    offset += part.column->size();
  }
  return Column::MakeDictionary(Concat(columns), std::move(indices), count_);
}

ColumnPtr Scatter::Finish() && {
  if (type_.physical() == PhysicalType::kRow || type_.physical() == PhysicalType::kList) {
    return FinishNested();
  }
  MutableColumnPtr result = Column::MakeFlat(type_, count_);
  DispatchWidth(PhysicalWidth(type_.physical()), [&]<typename T>() {
    for (const Part& part : parts_) Place<T>(part, result.get());
  });
  for (const Part& part : parts_) {
    ClearAt(result.get(), *part.column, part.positions);
    result->AddStringBuffersOf(*part.column);
  }
  return result;
}

}  // namespace castor::expr
