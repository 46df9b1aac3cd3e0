#include "expr/literal.h"

#include <charconv>
#include <optional>

#include "column/string_arena.h"
#include "expr/date_time.h"
#include "expr/decimal.h"
#include "expr/text_encoding.h"

namespace castor::expr {
namespace {

template <typename T>
std::optional<T> ReadNumber(std::string_view text) {
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Integers and intervals: BigDecimal's text may carry a point or an exponent.
template <typename T>
std::optional<T> ReadInteger(std::string_view text) {
  if (const auto value = ReadNumber<T>(text)) return value;
  const auto decimal = ParseDecimal(text, 19, 0);
  return decimal ? std::optional<T>(static_cast<T>(*decimal)) : std::nullopt;
}

template <typename T>
ColumnPtr Constant(const LogicalType& type, T value) {
  MutableColumnPtr column = Column::MakeConstant(type, 1);
  column->mutable_values<T>()[0] = value;
  return column;
}

ColumnPtr StringConstant(const LogicalType& type, std::string_view text) {
  MutableColumnPtr column = Column::MakeConstant(type, 1);
  StringArena arena(text.size() + 1);
  column->mutable_values<StringRef>()[0] = arena.Add(text);
  arena.Finish(column.get());
  return column;
}

template <typename T>
ColumnPtr OrNull(const LogicalType& type, const std::optional<T>& value) {
  return value ? Constant<T>(type, *value) : nullptr;
}

ColumnPtr TimestampConstant(const LogicalType& type, std::string_view text) {
  const std::optional<Instant> instant = ParseIsoTimestamp(text);
  if (!instant) return nullptr;
  int64_t ticks;
  if (!InstantToTicks(*instant, type.TicksPerSecond(), &ticks)) return nullptr;
  return Constant<int64_t>(type, ticks);
}

ColumnPtr Read(std::string_view text, const LogicalType& type) {
  switch (type.kind()) {
    case TypeKind::kBoolean:
      if (text != "true" && text != "false") return nullptr;
      return Constant<uint8_t>(type, text == "true");
    case TypeKind::kTinyInt:
      return OrNull<int8_t>(type, ReadInteger<int8_t>(text));
    case TypeKind::kSmallInt:
      return OrNull<int16_t>(type, ReadInteger<int16_t>(text));
    case TypeKind::kInteger:
    case TypeKind::kIntervalYearMonth:
      return OrNull<int32_t>(type, ReadInteger<int32_t>(text));
    case TypeKind::kBigInt:
    case TypeKind::kIntervalDayTime:
      return OrNull<int64_t>(type, ReadInteger<int64_t>(text));
    case TypeKind::kFloat: {
      // Flink narrows the double, it does not read a float.
      const auto value = ReadNumber<double>(text);
      return value ? Constant<float>(type, static_cast<float>(*value)) : nullptr;
    }
    case TypeKind::kDouble:
      return OrNull<double>(type, ReadNumber<double>(text));
    case TypeKind::kDecimal: {
      bool malformed = false;
      const auto value = ParseDecimal(text, type.precision(), type.scale(), &malformed);
      if (malformed) return nullptr;
      return value ? Constant<int128_t>(type, *value) : Column::MakeNull(type, 1);
    }
    case TypeKind::kChar:
    case TypeKind::kVarChar:
    case TypeKind::kSymbol:
      return StringConstant(LogicalType(type), text);
    case TypeKind::kBinary:
    case TypeKind::kVarBinary: {
      const std::optional<std::string> bytes = DecodeBase64(text);
      return bytes ? StringConstant(type, *bytes) : nullptr;
    }
    case TypeKind::kDate:
      return OrNull<int32_t>(type, ParseIsoDate(text));
    case TypeKind::kTime:
      return OrNull<int32_t>(type, ParseIsoTime(text));
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return TimestampConstant(type, text);
    default:
      return nullptr;
  }
}

}  // namespace

Result<ColumnPtr> LiteralColumn(std::string_view text, const LogicalType& type) {
  if (ColumnPtr column = Read(text, type)) return column;
  return Status::Unsupported("literal '" + std::string(text) + "' of type " + type.ToString() +
                             " is not supported");
}

Result<ColumnPtr> LiteralColumn(const plan::Literal& literal, const LogicalType& type) {
  if (literal.is_null) return Column::MakeNull(type, 1);
  return LiteralColumn(literal.text, type);
}

}  // namespace castor::expr
