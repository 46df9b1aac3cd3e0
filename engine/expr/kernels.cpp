#include "expr/kernels.h"

#include <cstring>

#include "column/gather.h"

namespace castor::expr {

BufferPtr CombinedValidity(const Column& a, const Column& b, int32_t count) {
  const BufferPtr left = ValidityOf(a);
  const BufferPtr right = ValidityOf(b);
  if (left == nullptr) return right;
  if (right == nullptr || right == left) return left;
  BufferPtr both = Buffer::Allocate(static_cast<size_t>(bitmap::Words(count)) * 8);
  bitmap::And(left->data(), right->data(), count, both->data());
  return both;
}

BufferPtr CombinedValidity(const ColumnPtr* operands, size_t operand_count, int32_t count) {
  BufferPtr combined;
  bool own = false;
  for (size_t i = 0; i < operand_count; ++i) {
    const BufferPtr next = ValidityOf(*operands[i]);
    if (next == nullptr || next == combined) continue;
    if (combined == nullptr) {
      combined = next;
      continue;
    }
    BufferPtr target =
        own ? combined : Buffer::Allocate(static_cast<size_t>(bitmap::Words(count)) * 8);
    bitmap::And(combined->data(), next->data(), count, target->data());
    combined = std::move(target);
    own = true;
  }
  return combined;
}

BufferPtr AllValid(int32_t count) {
  const auto bytes = static_cast<size_t>(bitmap::Words(count)) * 8;
  BufferPtr valid = Buffer::Allocate(bytes);
  std::memset(valid->data(), 0xff, bytes);
  return valid;
}

ColumnPtr ToConstant(const Column& column, int32_t count) {
  if (column.validity() != nullptr && !bitmap::Get(column.validity(), 0)) {
    return Column::MakeNull(column.type(), count);
  }
  MutableColumnPtr constant = Column::MakeConstant(column.type(), count);
  if (column.physical() == PhysicalType::kRow) {
    for (size_t i = 0; i < column.children().size(); ++i) {
      constant->mutable_children()[i] = ToConstant(*Flatten(column.children()[i]), count);
    }
    return constant;
  }
  if (column.physical() == PhysicalType::kList) {
    constant->mutable_values<ListRef>()[0] = column.values<ListRef>()[0];
    constant->mutable_children() = column.children();
    return constant;
  }
  DispatchPhysical(column.physical(),
                   [&]<typename T>() { constant->mutable_values<T>()[0] = column.values<T>()[0]; });
  constant->AddStringBuffersOf(column);
  return constant;
}

}  // namespace castor::expr
