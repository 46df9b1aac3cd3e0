// java.util.Arrays.sort(Object[], Comparator) for short arrays, step by step: with a comparator
// that contradicts itself, as one with NaN does, the order depends on which elements are compared.
#pragma once

#include <algorithm>
#include <cstdint>

namespace castor::expr {

// `compare(a, b)` is negative, zero or positive. TimSort sorts fewer than 32 elements by binary
// insertion behind a run that is sorted already; of more, the order is that of any stable sort.
template <typename Compare>
void JavaSort(int32_t* values, int32_t count, Compare compare) {
  constexpr int32_t kMinMerge = 32;
  if (count < 2) return;
  if (count >= kMinMerge) {
    std::stable_sort(values, values + count,
                     [&](int32_t a, int32_t b) { return compare(a, b) < 0; });
    return;
  }
  int32_t run = 2;
  if (compare(values[1], values[0]) < 0) {
    while (run < count && compare(values[run], values[run - 1]) < 0) ++run;
    std::reverse(values, values + run);
  } else {
    while (run < count && compare(values[run], values[run - 1]) >= 0) ++run;
  }
  for (; run < count; ++run) {
    const int32_t pivot = values[run];
    int32_t left = 0;
    int32_t right = run;
    while (left < right) {
      const int32_t middle = (left + right) / 2;
      if (compare(pivot, values[middle]) < 0) {
        right = middle;
      } else {
        left = middle + 1;
      }
    }
    std::copy_backward(values + left, values + run, values + run + 1);
    values[left] = pivot;
  }
}

}  // namespace castor::expr
