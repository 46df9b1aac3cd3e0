#include "expr/value_equality.h"

#include <type_traits>
#include <vector>

namespace castor::expr {
namespace {

bool IsBinary(const LogicalType& type) {
  return type.kind() == TypeKind::kBinary || type.kind() == TypeKind::kVarBinary;
}

// Resolves both and compares what is there; `of_nulls` if both are NULL.
bool EqualNullable(const Column& a, int32_t i, const Column& b, int32_t j, bool of_nulls) {
  const Column* x;
  const Column* y;
  const int32_t p = a.Resolve(i, &x);
  const int32_t q = b.Resolve(j, &y);
  if (p < 0 || q < 0) return p < 0 && q < 0 && of_nulls;
  return EqualValues(*x, p, *y, q);
}

bool EqualRows(const Column& a, int32_t i, const Column& b, int32_t j) {
  for (size_t field = 0; field < a.children().size(); ++field) {
    if (!EqualNullable(*a.children()[field], i, *b.children()[field], j, true)) return false;
  }
  return true;
}

bool EqualArrays(const Column& a, int32_t i, const Column& b, int32_t j) {
  const ListRef x = a.values<ListRef>()[i];
  const ListRef y = b.values<ListRef>()[j];
  if (x.size != y.size) return false;
  for (int32_t k = 0; k < x.size; ++k) {
    if (!EqualNullable(*a.children()[0], x.offset + k, *b.children()[0], y.offset + k, false)) {
      return false;
    }
  }
  return true;
}

// The entry with the key at `at`: the last one, as maps with a key twice become Java maps.
int32_t FindEntry(const Column& keys, ListRef map, const Column& key_column, int32_t at) {
  for (int32_t entry = map.end() - 1; entry >= map.offset; --entry) {
    if (SameKey(keys, entry, key_column, at)) return entry;
  }
  return -1;
}

bool EqualMaps(const Column& a, int32_t i, const Column& b, int32_t j) {
  const ListRef x = a.values<ListRef>()[i];
  const ListRef y = b.values<ListRef>()[j];
  if (x.size != y.size) return false;
  const Column& keys = *a.children()[0];
  for (int32_t entry = x.offset; entry < x.end(); ++entry) {
    const int32_t other = FindEntry(*b.children()[0], y, keys, entry);
    if (other < 0) return false;
    const int32_t own = FindEntry(keys, x, keys, entry);
    if (!EqualNullable(*a.children()[1], own, *b.children()[1], other, false)) return false;
  }
  return true;
}

}  // namespace

bool AreInteroperable(const LogicalType& a, const LogicalType& b) {
  if (a.IsString() && b.IsString()) return true;
  if (IsBinary(a) && IsBinary(b)) return true;
  if (a.kind() != b.kind()) return false;
  const std::vector<LogicalType> left = a.ChildTypes();
  const std::vector<LogicalType> right = b.ChildTypes();
  if (left.empty()) return a.SameLayout(b);
  if (left.size() != right.size()) return false;
  for (size_t i = 0; i < left.size(); ++i) {
    if (!AreInteroperable(left[i], right[i])) return false;
  }
  return true;
}

bool EqualValues(const Column& a, int32_t i, const Column& b, int32_t j) {
  if (a.physical() == PhysicalType::kRow) return EqualRows(a, i, b, j);
  if (a.physical() == PhysicalType::kList) {
    return a.type().kind() == TypeKind::kArray ? EqualArrays(a, i, b, j) : EqualMaps(a, i, b, j);
  }
  return DispatchPhysical(
      a.physical(), [&]<typename T>() { return EqualScalars(a.values<T>()[i], b.values<T>()[j]); });
}

bool SameKey(const Column& a, int32_t i, const Column& b, int32_t j) {
  if (a.IsNull(i) || b.IsNull(j)) return a.IsNull(i) && b.IsNull(j);
  if (a.physical() == PhysicalType::kRow || a.physical() == PhysicalType::kList) {
    return EqualValues(a, i, b, j);
  }
  return DispatchPhysical(
      a.physical(), [&]<typename T>() { return SameScalars(a.values<T>()[i], b.values<T>()[j]); });
}

}  // namespace castor::expr
