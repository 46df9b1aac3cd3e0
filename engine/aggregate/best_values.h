// The few best keys of a map, kept inside the record: when the extreme of a group is taken back,
// the next one is mostly at hand, and the map need not be walked. Zero bytes are those of an empty
// map.
//
// Invariant: the values held are the best ones of the map, in order; unless `incomplete`, they are
// all.
#pragma once

#include <cstdint>

#include "aggregate/value_order.h"

namespace castor::aggregate {

template <typename T, bool kMaximum>
struct BestValues {
  static constexpr int kCapacity = 4;

  T values[kCapacity];
  uint8_t size;
  uint8_t incomplete;

  static bool Better(const T& a, const T& b) {
    return kMaximum ? CompareValues(a, b) > 0 : CompareValues(a, b) < 0;
  }

  void Clear() {
    size = 0;
    incomplete = 0;
  }

  // The map has gained the key `value`.
  void Insert(const T& value) {
    int at = size;
    while (at > 0 && Better(value, values[at - 1])) --at;
    if (at == size && (incomplete != 0 || size == kCapacity)) {
      incomplete = 1;  // it may not be next to the last one held
      return;
    }
    if (size == kCapacity) {
      incomplete = 1;
      --size;
    }
    for (int i = size; i > at; --i) values[i] = values[i - 1];
    values[at] = value;
    ++size;
  }

  // The map has lost the key `value`.
  void Remove(const T& value) {
    int at = 0;
    while (at < size && CompareValues(values[at], value) != 0) ++at;
    if (at == size) return;
    for (int i = at + 1; i < size; ++i) values[i - 1] = values[i];
    --size;
  }
};

}  // namespace castor::aggregate
