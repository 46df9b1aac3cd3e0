// Values moved, not looked at: by their width alone, whatever they are.
#pragma once

#include <cstdint>

namespace castor {

// Sixteen bytes moved as one: strings' references and decimals.
struct WideValue {
  uint64_t words[2];
};

// Calls `f.template operator()<T>()` with a type of `width` bytes, a width of scalars.
template <typename F>
void DispatchWidth(int32_t width, F&& f) {
  switch (width) {
    case 1:
      return f.template operator()<uint8_t>();
    case 2:
      return f.template operator()<uint16_t>();
    case 4:
      return f.template operator()<uint32_t>();
    case 8:
      return f.template operator()<uint64_t>();
    case 16:
      return f.template operator()<WideValue>();
    default:
      __builtin_unreachable();
  }
}

}  // namespace castor
