#include "format/api/print_text.h"

#include "base/json_string.h"
#include "format/api/java_number.h"
#include "format/api/java_time.h"
#include "roaring/bitmap.h"
#include "variant/json_text.h"

namespace castor::format {
namespace {

void AppendPrinted(const Column& column, int32_t row, std::string* out);

// Arrays.toString of a byte[].
void AppendBytes(std::string_view bytes, std::string* out) {
  *out += '[';
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0) *out += ", ";
    AppendInteger(static_cast<int8_t>(bytes[i]), out);
  }
  *out += ']';
}

// BinaryVariant.toString.
void AppendVariant(std::string_view bytes, std::string* out) {
  constexpr variant::TextWriters kWriters = {
      [](std::string_view text, std::string* to) { AppendJsonString(text, HexCase::kUpper, to); },
      AppendJavaDouble,
      [](const variant::Decimal& decimal, std::string* to) {
        AppendPlainDecimal(decimal.unscaled, decimal.scale, to);
      }};
  variant::AppendJson(variant::Value(bytes), kWriters, out);
}

// Period.toString of a normalised period.
void AppendPeriod(int32_t months, std::string* out) {
  *out += 'P';
  if (months / 12 != 0) {
    AppendInteger(months / 12, out);
    *out += 'Y';
  }
  if (months % 12 != 0) {
    AppendInteger(months % 12, out);
    *out += 'M';
  }
  if (months == 0) *out += "0D";
}

// Duration.toString: hours, minutes and seconds, each with its own sign.
void AppendDuration(int64_t millis, std::string* out) {
  *out += "PT";
  if (millis == 0) {
    *out += "0S";
    return;
  }
  const int64_t hours = millis / 3'600'000;
  const int64_t minutes = millis / 60'000 % 60;
  const int64_t rest = millis % 60'000;
  if (hours != 0) {
    AppendInteger(hours, out);
    *out += 'H';
  }
  if (minutes != 0) {
    AppendInteger(minutes, out);
    *out += 'M';
  }
  if (rest == 0) return;
  if (rest < 0) *out += '-';
  const int64_t magnitude = rest < 0 ? -rest : rest;
  AppendInteger(magnitude / 1000, out);
  if (magnitude % 1000 != 0) {
    std::string fraction = std::to_string(1000 + magnitude % 1000).substr(1);
    while (fraction.back() == '0') fraction.pop_back();
    *out += '.';
    *out += fraction;
  }
  *out += 'S';
}

void AppendFields(const std::vector<ColumnPtr>& columns, int32_t row, std::string* out) {
  *out += '[';
  for (size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) *out += ", ";
    AppendPrinted(*columns[i], row, out);
  }
  *out += ']';
}

void AppendArray(const Column& column, int32_t row, std::string* out) {
  const ListRef list = column.values<ListRef>()[row];
  *out += '[';
  for (int32_t i = list.offset; i < list.end(); ++i) {
    if (i > list.offset) *out += ", ";
    AppendPrinted(*column.children()[0], i, out);
  }
  *out += ']';
}

// A java.util.Map's toString.
void AppendMap(const Column& column, int32_t row, std::string* out) {
  const ListRef list = column.values<ListRef>()[row];
  *out += '{';
  for (int32_t i = list.offset; i < list.end(); ++i) {
    if (i > list.offset) *out += ", ";
    AppendPrinted(*column.children()[0], i, out);
    *out += '=';
    AppendPrinted(*column.children()[1], i, out);
  }
  *out += '}';
}

void AppendNonNull(const LogicalType& type, const Column& column, int32_t row, std::string* out) {
  switch (type.kind()) {
    case TypeKind::kBoolean:
      *out += column.values<uint8_t>()[row] != 0 ? "true" : "false";
      break;
    case TypeKind::kFloat:
      AppendJavaFloat(column.values<float>()[row], out);
      break;
    case TypeKind::kDouble:
      AppendJavaDouble(column.values<double>()[row], out);
      break;
    case TypeKind::kDecimal:
      AppendJavaDecimal(column.values<int128_t>()[row], type.scale(), out);
      break;
    case TypeKind::kChar:
    case TypeKind::kVarChar:
      *out += column.values<StringRef>()[row].view();
      break;
    case TypeKind::kBinary:
    case TypeKind::kVarBinary:
      AppendBytes(column.values<StringRef>()[row].view(), out);
      break;
    case TypeKind::kVariant:
      AppendVariant(column.values<StringRef>()[row].view(), out);
      break;
    case TypeKind::kBitmap:
      roaring::Bitmap::Of(column.values<StringRef>()[row].view()).AppendText(out);
      break;
    case TypeKind::kDate:
      AppendDate(column.values<int32_t>()[row], out);
      break;
    case TypeKind::kTime:
      AppendJavaLocalTime(int64_t{column.values<int32_t>()[row]} * 1'000'000, out);
      break;
    case TypeKind::kTimestamp:
      AppendJavaLocalDateTime(column.values<int64_t>()[row], type.TicksPerSecond(), out);
      break;
    case TypeKind::kTimestampLtz:
      AppendJavaInstant(column.values<int64_t>()[row], type.TicksPerSecond(), out);
      break;
    case TypeKind::kIntervalYearMonth:
      AppendPeriod(column.values<int32_t>()[row], out);
      break;
    case TypeKind::kIntervalDayTime:
      AppendDuration(column.values<int64_t>()[row], out);
      break;
    case TypeKind::kRow:
      *out += "+I";
      AppendFields(column.children(), row, out);
      break;
    case TypeKind::kArray:
      AppendArray(column, row, out);
      break;
    case TypeKind::kMap:
    case TypeKind::kMultiset:
      AppendMap(column, row, out);
      break;
    default:
      DispatchPhysical(column.physical(), [&]<typename T>() {
        if constexpr (std::is_integral_v<T>) AppendInteger(column.values<T>()[row], out);
      });
  }
}

void AppendPrinted(const Column& column, int32_t row, std::string* out) {
  const Column* target;
  const int32_t at = column.Resolve(row, &target);
  if (at < 0) {
    *out += "null";
  } else {
    AppendNonNull(column.type(), *target, at, out);
  }
}

}  // namespace

std::string_view RowKindText(RowKind kind) {
  constexpr std::string_view kTexts[] = {"+I", "-U", "+U", "-D"};
  return kTexts[static_cast<size_t>(kind)];
}

void AppendPrintedRow(const Batch& batch, int32_t row, std::string* out) {
  *out += RowKindText(batch.kind(row));
  AppendFields(batch.columns, row, out);
}

}  // namespace castor::format
