#include "format/json/json_encoder.h"

#include <cmath>
#include <utility>

#include "base/json_string.h"
#include "column/gather.h"
#include "format/api/base64.h"
#include "format/api/decode_check.h"
#include "format/api/java_number.h"
#include "format/api/java_time.h"

namespace castor::format::json {
namespace {

struct FieldWriter {
  std::string name;  // ",\"name\":"
  LogicalType type;
  std::vector<FieldWriter> children;  // the fields of a ROW, or a list's element or value
};

FieldWriter MakeField(const std::string& name, const LogicalType& type) {
  FieldWriter field{",", type, {}};
  AppendJsonString(name, HexCase::kUpper, &field.name);
  field.name += ':';
  for (const LogicalType::Field& child : type.fields()) {
    field.children.push_back(MakeField(child.name, child.type));
  }
  if (type.physical() == PhysicalType::kList) {
    field.children.push_back(MakeField("", type.ChildTypes().back()));
  }
  return field;
}

// JSON has no number for NaN and infinities; Jackson quotes them.
template <typename T>
void AppendFloating(T value, std::string* out) {
  const bool quoted = !std::isfinite(value);
  if (quoted) *out += '"';
  if constexpr (std::is_same_v<T, float>) {
    AppendJavaFloat(value, out);
  } else {
    AppendJavaDouble(value, out);
  }
  if (quoted) *out += '"';
}

class JsonEncoder final : public RecordEncoder {
 public:
  JsonEncoder(const LogicalType& row, const JsonOptions& options) : options_(options) {
    for (const LogicalType::Field& field : row.fields()) {
      fields_.push_back(MakeField(field.name, field.type));
    }
  }

  Status Encode(const Batch& batch, const int32_t* rows, int32_t count, std::string* out) override {
    columns_.clear();
    for (const ColumnPtr& column : batch.columns) columns_.push_back(Flatten(column));
    error_ = Status::OK();
    for (int32_t i = 0; i < count; ++i) {
      AppendObject(fields_, columns_, rows == nullptr ? i : rows[i], out);
      *out += '\n';
    }
    columns_.clear();
    return std::move(error_);
  }

 private:
  void AppendObject(const std::vector<FieldWriter>& fields, const std::vector<ColumnPtr>& columns,
                    int32_t row, std::string* out) {
    *out += '{';
    bool first = true;
    for (size_t i = 0; i < fields.size(); ++i) {
      const Column* column;
      const int32_t at = columns[i]->Resolve(row, &column);
      if (at < 0 && options_.ignore_null_fields) continue;
      out->append(fields[i].name, first ? 1 : 0);
      first = false;
      if (at < 0) {
        *out += "null";
      } else {
        AppendValue(fields[i], *column, at, out);
      }
    }
    *out += '}';
  }

  void AppendArray(const FieldWriter& element, const Column& column, int32_t row,
                   std::string* out) {
    const ListRef list = column.values<ListRef>()[row];
    *out += '[';
    for (int32_t i = list.offset; i < list.end(); ++i) {
      if (i > list.offset) *out += ',';
      AppendNullable(element, *column.children()[0], i, out);
    }
    *out += ']';
  }

  void AppendMap(const FieldWriter& value, const Column& column, int32_t row, std::string* out) {
    const ListRef list = column.values<ListRef>()[row];
    const Column& keys = *column.children()[0];
    *out += '{';
    bool first = true;
    for (int32_t i = list.offset; i < list.end(); ++i) {
      std::string_view key = options_.null_key_literal;
      if (!keys.IsNull(i)) {
        key = keys.values<StringRef>()[i].view();
      } else if (options_.null_keys == JsonOptions::NullKeys::kDrop) {
        continue;
      } else if (options_.null_keys == JsonOptions::NullKeys::kFail) {
        error_ = NullKey();
      }
      if (!first) *out += ',';
      first = false;
      AppendJsonString(key, HexCase::kUpper, out);
      *out += ':';
      AppendNullable(value, *column.children()[1], i, out);
    }
    *out += '}';
  }

  static Status NullKey() {
    return Status::DataError(
        "format 'json' cannot write a map with a NULL key; drop such entries or name them by "
        "option "
        "'json.map-null-key.mode'");
  }

  void AppendNullable(const FieldWriter& field, const Column& column, int32_t row,
                      std::string* out) {
    const Column* target;
    const int32_t at = column.Resolve(row, &target);
    if (at < 0) {
      *out += "null";
    } else {
      AppendValue(field, *target, at, out);
    }
  }

  void AppendValue(const FieldWriter& field, const Column& column, int32_t row, std::string* out) {
    switch (field.type.kind()) {
      case TypeKind::kBoolean:
        *out += column.values<uint8_t>()[row] != 0 ? "true" : "false";
        break;
      case TypeKind::kTinyInt:
        AppendInteger(column.values<int8_t>()[row], out);
        break;
      case TypeKind::kSmallInt:
        AppendInteger(column.values<int16_t>()[row], out);
        break;
      case TypeKind::kInteger:
      case TypeKind::kIntervalYearMonth:
        AppendInteger(column.values<int32_t>()[row], out);
        break;
      case TypeKind::kBigInt:
      case TypeKind::kIntervalDayTime:
        AppendInteger(column.values<int64_t>()[row], out);
        break;
      case TypeKind::kFloat:
        AppendFloating(column.values<float>()[row], out);
        break;
      case TypeKind::kDouble:
        AppendFloating(column.values<double>()[row], out);
        break;
      case TypeKind::kDecimal:
        if (options_.decimal_as_plain_number) {
          AppendPlainDecimal(column.values<int128_t>()[row], field.type.scale(), out);
        } else {
          AppendStrippedDecimal(column.values<int128_t>()[row], field.type.scale(), out);
        }
        break;
      case TypeKind::kChar:
      case TypeKind::kVarChar:
        AppendJsonString(column.values<StringRef>()[row].view(), HexCase::kUpper, out);
        break;
      case TypeKind::kBinary:
      case TypeKind::kVarBinary:
        *out += '"';
        AppendBase64(column.values<StringRef>()[row].view(), out);
        *out += '"';
        break;
      case TypeKind::kRow:
        AppendObject(field.children, column.children(), row, out);
        break;
      case TypeKind::kArray:
        AppendArray(field.children[0], column, row, out);
        break;
      case TypeKind::kMap:
      case TypeKind::kMultiset:
        AppendMap(field.children[0], column, row, out);
        break;
      default:
        *out += '"';
        AppendTemporal(field.type, column, row, out);
        *out += '"';
    }
  }

  void AppendTemporal(const LogicalType& type, const Column& column, int32_t row,
                      std::string* out) const {
    if (type.kind() == TypeKind::kDate) {
      AppendDate(column.values<int32_t>()[row], out);
      return;
    }
    if (type.kind() == TypeKind::kTime) {
      AppendTime(int64_t{column.values<int32_t>()[row]} * 1'000'000, out);
      return;
    }
    const char separator = options_.timestamp_style == TimestampStyle::kSql ? ' ' : 'T';
    AppendTimestamp(column.values<int64_t>()[row], type.TicksPerSecond(), separator, out);
    if (type.kind() == TypeKind::kTimestampLtz) *out += 'Z';
  }

  const JsonOptions options_;
  std::vector<FieldWriter> fields_;
  std::vector<ColumnPtr> columns_;
  Status error_;
};

}  // namespace

Result<std::unique_ptr<RecordEncoder>> MakeJsonEncoder(const LogicalType& row,
                                                       const JsonOptions& options) {
  CASTOR_RETURN_NOT_OK(CheckRowType(row, "json", {.rows = true, .lists = true}));
  CASTOR_RETURN_NOT_OK(CheckMapKeys(row, "json"));
  return std::unique_ptr<RecordEncoder>(std::make_unique<JsonEncoder>(row, options));
}

}  // namespace castor::format::json
