#include "format/csv/csv_encoder.h"

#include <algorithm>
#include <utility>

#include "column/gather.h"
#include "format/api/base64.h"
#include "format/api/java_number.h"
#include "format/api/java_time.h"
#include "format/csv/csv_decoder.h"

namespace castor::format::csv {
namespace {

// Jackson looks for characters that need quotes only in texts up to this length (in UTF-16 units);
// longer ones are quoted unseen.
constexpr size_t kMaxCheckedLength = 24;

size_t Utf16Length(std::string_view text) {
  size_t units = 0;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xc0) != 0x80 ? 1 : 0;
    units += byte >= 0xf0 ? 1 : 0;
  }
  return units;
}

class CsvEncoder final : public RecordEncoder {
 public:
  CsvEncoder(const LogicalType& row, const CsvOptions& options) : row_(row), options_(options) {
    // Everything below the highest of the special characters is quoted, harmless or not.
    int highest = std::max<int>('\n', options.delimiter);
    if (options.quote) highest = std::max<int>(highest, *options.quote);
    min_safe_ = highest + 1;
    null_text_ = options.null_literal.value_or("");
  }

  Status Encode(const Batch& batch, const int32_t* rows, int32_t count, std::string* out) override {
    columns_.clear();
    for (const ColumnPtr& column : batch.columns) columns_.push_back(Flatten(column));
    for (int32_t i = 0; i < count; ++i) {
      const int32_t row = rows == nullptr ? i : rows[i];
      for (size_t column = 0; column < columns_.size(); ++column) {
        if (column > 0) *out += options_.delimiter;
        AppendField(row_.fields()[column].type, *columns_[column], row, out);
      }
      *out += '\n';
    }
    columns_.clear();
    return Status::OK();
  }

 private:
  void AppendField(const LogicalType& type, const Column& column, int32_t row, std::string* out) {
    const Column* target;
    const int32_t at = column.Resolve(row, &target);
    if (at < 0) {
      *out += null_text_;
      return;
    }
    switch (type.kind()) {
      // What Jackson writes as text, and may quote; all else are numbers and booleans.
      case TypeKind::kChar:
      case TypeKind::kVarChar:
        AppendQuotedIfNeeded(target->values<StringRef>()[at].view(), out);
        break;
      case TypeKind::kBinary:
      case TypeKind::kVarBinary:
      case TypeKind::kDate:
      case TypeKind::kTime:
      case TypeKind::kTimestamp:
      case TypeKind::kTimestampLtz:
        text_.clear();
        AppendScalar(type, *target, at, &text_);
        AppendQuotedIfNeeded(text_, out);
        break;
      case TypeKind::kRow:
        nested_.clear();
        AppendNested(type, *target, at);
        AppendQuotedIfNeeded(nested_, out);
        break;
      case TypeKind::kArray:
        nested_.clear();
        AppendArray(type.children()[0], *target, at);
        AppendQuotedIfNeeded(nested_, out);
        break;
      default:
        AppendScalar(type, *target, at, out);
    }
  }

  void AppendNested(const LogicalType& type, const Column& column, int32_t row) {
    for (size_t i = 0; i < type.fields().size(); ++i) {
      if (i > 0) nested_ += options_.element_delimiter;
      AppendElement(type.fields()[i].type, *column.children()[i], row);
    }
  }

  void AppendArray(const LogicalType& element, const Column& column, int32_t row) {
    const ListRef list = column.values<ListRef>()[row];
    for (int32_t i = list.offset; i < list.end(); ++i) {
      if (i > list.offset) nested_ += options_.element_delimiter;
      AppendElement(element, *column.children()[0], i);
    }
  }

  void AppendElement(const LogicalType& type, const Column& column, int32_t row) {
    const Column* target;
    const int32_t at = column.Resolve(row, &target);
    if (at < 0) {
      nested_ += null_text_;
    } else {
      AppendScalar(type, *target, at, &nested_);
    }
  }

  void AppendScalar(const LogicalType& type, const Column& column, int32_t row, std::string* out) {
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
        if (options_.scientific_decimals) {
          AppendStrippedDecimal(column.values<int128_t>()[row], type.scale(), out);
        } else {
          AppendPlainDecimal(column.values<int128_t>()[row], type.scale(), out);
        }
        break;
      case TypeKind::kChar:
      case TypeKind::kVarChar:
        *out += column.values<StringRef>()[row].view();
        break;
      case TypeKind::kBinary:
      case TypeKind::kVarBinary:
        AppendBase64(column.values<StringRef>()[row].view(), out);
        break;
      case TypeKind::kDate:
        AppendDate(column.values<int32_t>()[row], out);
        break;
      case TypeKind::kTime:
        // ISO_LOCAL_TIME prints what SQL_TIME_FORMAT prints.
        AppendTime(int64_t{column.values<int32_t>()[row]} * 1'000'000, out);
        break;
      case TypeKind::kTimestamp:
      case TypeKind::kTimestampLtz:
        AppendTimestamp(column.values<int64_t>()[row], type.TicksPerSecond(), ' ', out);
        if (type.kind() == TypeKind::kTimestampLtz) *out += 'Z';
        break;
      default:
        DispatchPhysical(column.physical(), [&]<typename T>() {
          if constexpr (std::is_integral_v<T>) AppendInteger(column.values<T>()[row], out);
        });
    }
  }

  bool NeedsQuotes(std::string_view text) const {
    if (!options_.quote) return false;
    if (text.size() > kMaxCheckedLength && Utf16Length(text) > kMaxCheckedLength) return true;
    for (char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < min_safe_) return true;
      // Without an escape character Jackson still minds the one it would use.
      if (c == options_.escape.value_or('\\')) return true;
    }
    return false;
  }

  void AppendQuotedIfNeeded(std::string_view text, std::string* out) const {
    if (!NeedsQuotes(text)) {
      *out += text;
      return;
    }
    const char quote = *options_.quote;
    *out += quote;
    for (char c : text) {
      if (c == quote) {
        *out += quote;
      } else if (options_.escape && c == *options_.escape) {
        *out += c;
      }
      *out += c;
    }
    *out += quote;
  }

  const LogicalType row_;
  const CsvOptions options_;
  int min_safe_;
  std::string null_text_;
  std::vector<ColumnPtr> columns_;
  std::string text_;    // of one value
  std::string nested_;  // of one nested row or array
};

}  // namespace

Result<std::unique_ptr<RecordEncoder>> MakeCsvEncoder(const LogicalType& row,
                                                      const CsvOptions& options) {
  CASTOR_RETURN_NOT_OK(CheckCsvType(row));
  return std::unique_ptr<RecordEncoder>(std::make_unique<CsvEncoder>(row, options));
}

}  // namespace castor::format::csv
