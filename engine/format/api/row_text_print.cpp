#include <algorithm>
#include <utility>

#include "base/json_string.h"
#include "format/api/java_number.h"
#include "format/api/java_time.h"
#include "format/api/print_text.h"
#include "format/api/row_text.h"

namespace castor::format {
namespace {

void AppendHex(std::string_view bytes, std::string* out) {
  constexpr char kHex[] = "0123456789abcdef";
  *out += "x\"";
  for (char c : bytes) {
    *out += kHex[static_cast<unsigned char>(c) >> 4];
    *out += kHex[c & 15];
  }
  *out += '"';
}

void AppendList(const std::vector<ColumnPtr>& columns, int32_t row, std::string* out) {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) *out += ", ";
    AppendValueText(*columns[i], row, out);
  }
}

void AppendArray(const Column& column, int32_t row, std::string* out) {
  const ListRef list = column.values<ListRef>()[row];
  *out += '[';
  for (int32_t i = list.offset; i < list.end(); ++i) {
    if (i > list.offset) *out += ", ";
    AppendValueText(*column.children()[0], i, out);
  }
  *out += ']';
}

// Entries by the bytes of their keys, so that equal maps have equal text. Of a key twice the last
// entry counts, as when Flink makes a Java map of it.
void AppendMap(const Column& column, int32_t row, std::string* out) {
  const ListRef list = column.values<ListRef>()[row];
  std::vector<std::pair<std::string, int32_t>> keys;
  for (int32_t i = list.offset; i < list.end(); ++i) {
    keys.emplace_back(std::string(), i);
    AppendValueText(*column.children()[0], i, &keys.back().first);
  }
  std::sort(keys.begin(), keys.end());
  *out += '{';
  const size_t start = out->size();
  for (size_t i = 0; i < keys.size(); ++i) {
    if (i + 1 < keys.size() && keys[i + 1].first == keys[i].first) continue;
    if (out->size() > start) *out += ", ";
    *out += keys[i].first + ": ";
    AppendValueText(*column.children()[1], keys[i].second, out);
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
      AppendPlainDecimal(column.values<int128_t>()[row], type.scale(), out);
      break;
    case TypeKind::kChar:
    case TypeKind::kVarChar:
      AppendJsonString(column.values<StringRef>()[row].view(), HexCase::kLower, out);
      break;
    case TypeKind::kBinary:
    case TypeKind::kVarBinary:
    case TypeKind::kRaw:
    case TypeKind::kVariant:
    case TypeKind::kBitmap:
      AppendHex(column.values<StringRef>()[row].view(), out);
      break;
    case TypeKind::kDate:
      AppendDate(column.values<int32_t>()[row], out);
      break;
    case TypeKind::kTime:
      AppendTimeFixed(int64_t{column.values<int32_t>()[row]} * 1'000'000, type.precision(), out);
      break;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      AppendTimestampFixed(column.values<int64_t>()[row], type.TicksPerSecond(), ' ',
                           type.precision(), out);
      if (type.kind() == TypeKind::kTimestampLtz) *out += 'Z';
      break;
    case TypeKind::kRow:
      *out += '(';
      AppendList(column.children(), row, out);
      *out += ')';
      break;
    case TypeKind::kArray:
      AppendArray(column, row, out);
      break;
    case TypeKind::kMap:
    case TypeKind::kMultiset:
      AppendMap(column, row, out);
      break;
    default:  // whole numbers and intervals
      DispatchPhysical(column.physical(), [&]<typename T>() {
        if constexpr (std::is_integral_v<T>) AppendInteger(column.values<T>()[row], out);
      });
  }
}

}  // namespace

void AppendValueText(const Column& column, int32_t row, std::string* out) {
  const Column* target;
  const int32_t at = column.Resolve(row, &target);
  if (at < 0) {
    *out += "NULL";
  } else {
    AppendNonNull(column.type(), *target, at, out);
  }
}

void AppendRowText(const Batch& batch, int32_t row, std::string* out) {
  *out += RowKindText(batch.kind(row));
  *out += '[';
  AppendList(batch.columns, row, out);
  *out += ']';
}

}  // namespace castor::format
