#include "operator/sink/key_text.h"

#include <algorithm>
#include <charconv>
#include <type_traits>

namespace castor {
namespace {

std::string DecimalText(int128_t unscaled, int32_t scale) {
  const bool negative = unscaled < 0;
  std::string digits;
  do {
    const auto digit = static_cast<int>(unscaled % 10);
    digits.push_back(static_cast<char>('0' + (digit < 0 ? -digit : digit)));
    unscaled /= 10;
  } while (unscaled != 0 || static_cast<int32_t>(digits.size()) <= scale);
  std::reverse(digits.begin(), digits.end());
  if (scale > 0) digits.insert(digits.size() - static_cast<size_t>(scale), ".");
  return negative ? "-" + digits : digits;
}

// Times show as they are counted: days, or ticks of their precision.
std::string ValueText(const Column& column) {
  if (column.IsNull(0)) return "null";
  if (column.physical() == PhysicalType::kRow) return "(...)";
  if (column.physical() == PhysicalType::kList) return "[...]";
  return DispatchPhysical(column.physical(), [&]<typename T>() -> std::string {
    const T value = column.values<T>()[0];
    if constexpr (std::is_same_v<T, StringRef>) {
      return std::string(value.view());
    } else if constexpr (std::is_same_v<T, int128_t>) {
      return DecimalText(value, column.type().scale());
    } else if constexpr (std::is_same_v<T, uint8_t>) {
      return value != 0 ? "true" : "false";
    } else {
      char buffer[32];
      return {buffer, std::to_chars(buffer, buffer + sizeof(buffer), value).ptr};
    }
  });
}

}  // namespace

std::string KeyText(const LogicalType& key_type, const BinaryRowCodec& codec,
                    std::string_view key) {
  const char* const row = key.data();
  std::string text;
  for (size_t i = 0; i < key_type.fields().size(); ++i) {
    if (!text.empty()) text += ", ";
    const ColumnPtr column = codec.DecodeField({&row, 1}, static_cast<int>(i));
    text += key_type.fields()[i].name + "=" + ValueText(*column);
  }
  return text;
}

}  // namespace castor
