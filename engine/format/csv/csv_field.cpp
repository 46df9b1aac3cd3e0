#include "format/csv/csv_field.h"

#include <limits>
#include <utility>

#include "format/api/base64.h"
#include "format/api/java_number.h"
#include "format/api/java_time.h"

namespace castor::format::csv {
namespace {

template <typename T>
bool ReadInteger(std::string_view text, ColumnBuilder* builder, int32_t row) {
  int64_t value;
  if (!ParseJavaInteger(TrimJava(text), std::numeric_limits<T>::min(),
                        std::numeric_limits<T>::max(), &value)) {
    return false;
  }
  builder->Set(row, static_cast<T>(value));
  return true;
}

bool EqualsTrue(std::string_view text) {
  return text.size() == 4 && (text[0] | 32) == 't' && (text[1] | 32) == 'r' &&
         (text[2] | 32) == 'u' && (text[3] | 32) == 'e';
}

// TIME(p) keeps p fraction digits, cut.
int32_t CutMillis(int32_t millis, int32_t precision) {
  constexpr int32_t kUnits[] = {1000, 100, 10, 1};
  return precision > 3 ? millis : millis / kUnits[precision] * kUnits[precision];
}

}  // namespace

CsvField::CsvField(std::string name, LogicalType type, const CsvOptions* options)
    : name_(std::move(name)), type_(std::move(type)), options_(options) {
  for (const LogicalType::Field& field : type_.fields()) {
    children_.emplace_back(field.name, field.type, options);
  }
  for (const LogicalType& element : type_.children()) {
    children_.emplace_back(name_, element, options);
  }
}

void CsvField::Bind(ColumnBuilder* builder) {
  builder_ = builder;
  for (size_t i = 0; i < children_.size(); ++i) children_[i].Bind(&builder->children()[i]);
}

bool CsvField::Read(std::string_view text, int32_t row) {
  // A nested row is NULL only when it has no elements, an array never.
  if (type_.kind() == TypeKind::kRow) return ReadNested(text, row);
  if (type_.kind() == TypeKind::kArray) return ReadArray(text, row);
  if (options_->IsNull(text)) {
    builder_->SetNull(row);
    return true;
  }
  return ReadScalar(text, row);
}

bool CsvField::ReadScalar(std::string_view text, int32_t row) {
  switch (type_.kind()) {
    case TypeKind::kBoolean:
      builder_->Set<uint8_t>(row, EqualsTrue(TrimJava(text)) ? 1 : 0);
      return true;
    case TypeKind::kTinyInt:
      return ReadInteger<int8_t>(text, builder_, row);
    case TypeKind::kSmallInt:
      return ReadInteger<int16_t>(text, builder_, row);
    case TypeKind::kInteger:
    case TypeKind::kIntervalYearMonth:
      return ReadInteger<int32_t>(text, builder_, row);
    case TypeKind::kBigInt:
    case TypeKind::kIntervalDayTime:
      return ReadInteger<int64_t>(text, builder_, row);
    case TypeKind::kFloat: {
      float value;
      if (!ParseJavaFloat(text, &value)) return false;
      builder_->Set(row, value);
      return true;
    }
    case TypeKind::kDouble: {
      double value;
      if (!ParseJavaDouble(text, &value)) return false;
      builder_->Set(row, value);
      return true;
    }
    case TypeKind::kDecimal: {
      int128_t value;
      switch (ParseJavaDecimal(text, type_.precision(), type_.scale(), &value)) {
        case DecimalText::kValue:
          builder_->Set(row, value);
          return true;
        case DecimalText::kTooLarge:
          builder_->SetNull(row);
          return true;
        case DecimalText::kMalformed:
          return false;
      }
      return false;
    }
    case TypeKind::kChar:
    case TypeKind::kVarChar:
      builder_->SetString(row, text);
      return true;
    case TypeKind::kBinary:
    case TypeKind::kVarBinary: {
      std::string bytes;
      if (!DecodeBase64(text, &bytes)) return false;
      builder_->SetString(row, bytes);
      return true;
    }
    default:
      return ReadTemporal(text, row);
  }
}

bool CsvField::ReadTemporal(std::string_view text, int32_t row) {
  int32_t small;
  if (type_.kind() == TypeKind::kDate) {
    if (!ParseSqlDate(text, &small)) return false;
    builder_->Set(row, small);
    return true;
  }
  if (type_.kind() == TypeKind::kTime) {
    if (!ParseIsoTime(text, &small)) return false;
    builder_->Set(row, CutMillis(small, type_.precision()));
    return true;
  }
  int64_t ticks;
  if (!ParseTimestamp(TrimJava(text), TimestampStyle::kSql, type_, &ticks)) return false;
  builder_->Set(row, ticks);
  return true;
}

bool CsvField::ReadOrNull(std::string_view text, int32_t row) {
  if (Read(text, row)) return true;
  if (!options_->ignore_parse_errors) return false;
  builder_->SetNull(row);
  return true;
}

bool CsvField::TakeElement(std::string_view* text, std::string_view* element) const {
  const std::string& delimiter = options_->element_delimiter;
  const size_t found = text->find(delimiter);
  *element = text->substr(0, found);
  if (options_->trim_spaces) *element = TrimJava(*element);
  if (found == std::string_view::npos) return false;
  text->remove_prefix(found + delimiter.size());
  return true;
}

bool CsvField::ReadArray(std::string_view text, int32_t row) {
  const int32_t first = builder_->elements();
  for (bool more = !TrimJava(text).empty(); more;) {
    std::string_view element;
    more = TakeElement(&text, &element);
    if (!children_[0].ReadOrNull(element, builder_->AddElement())) {
      builder_->DropElements(first);
      return false;
    }
  }
  builder_->SetList(row, first);
  return true;
}

bool CsvField::ReadNested(std::string_view text, int32_t row) {
  if (TrimJava(text).empty()) {
    builder_->SetNull(row);
    return true;
  }
  size_t count = 0;
  for (bool more = true; more; ++count) {
    std::string_view element;
    more = TakeElement(&text, &element);
    if (count < children_.size() && !children_[count].ReadOrNull(element, row)) return false;
  }
  if (count < children_.size() && !options_->ignore_parse_errors) return false;
  for (; count < children_.size(); ++count) children_[count].builder().SetNull(row);
  return true;
}

}  // namespace castor::format::csv
