#include <algorithm>
#include <limits>
#include <utility>

#include "format/api/java_number.h"
#include "format/api/java_time.h"
#include "format/api/json_text.h"
#include "format/api/row_text.h"
#include "roaring/bitmap.h"
#include "variant/value.h"

namespace castor::format {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

template <typename T>
bool SetInteger(std::string_view text, ColumnBuilder* builder, int32_t row) {
  int64_t value;
  if (!ParseJavaInteger(text, std::numeric_limits<T>::min(), std::numeric_limits<T>::max(),
                        &value)) {
    return false;
  }
  builder->Set(row, static_cast<T>(value));
  return true;
}

// At most `precision` digits may stand behind the point of a time.
bool FractionFits(std::string_view text, int32_t precision) {
  const size_t point = text.find('.');
  if (point == std::string_view::npos) return true;
  size_t digits = 0;
  for (size_t i = point + 1; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) ++digits;
  return digits <= static_cast<size_t>(precision);
}

bool SetDecimal(std::string_view text, ColumnBuilder* builder, int32_t row) {
  const LogicalType& type = builder->type();
  if (text.find_first_of("eE") != std::string_view::npos) return false;
  // Digits behind the scale may only be zeros: reading never rounds.
  const size_t point = text.find('.');
  if (point != std::string_view::npos) {
    const size_t kept = point + 1 + static_cast<size_t>(type.scale());
    if (text.size() > kept && text.find_first_not_of('0', kept) != std::string_view::npos) {
      return false;
    }
  }
  int128_t value;
  if (ParseJavaDecimal(text, type.precision(), type.scale(), &value) != DecimalText::kValue) {
    return false;
  }
  builder->Set(row, value);
  return true;
}

bool SetTemporal(std::string_view text, ColumnBuilder* builder, int32_t row) {
  const LogicalType& type = builder->type();
  int32_t small;
  if (type.kind() == TypeKind::kDate) {
    if (!ParseIsoDate(text, &small)) return false;
    builder->Set(row, small);
    return true;
  }
  if (!FractionFits(text, type.precision())) return false;
  if (type.kind() == TypeKind::kTime) {
    if (!ParseSqlTime(text, &small)) return false;
    builder->Set(row, small);
    return true;
  }
  int64_t ticks;
  if (!ParseTimestamp(text, TimestampStyle::kSql, type, &ticks)) return false;
  builder->Set(row, ticks);
  return true;
}

// Whether bytes are a value of their type.
Status CheckBytes(const LogicalType& type, std::string_view bytes) {
  if (type.kind() == TypeKind::kVariant) return variant::CheckBytes(bytes);
  if (type.kind() != TypeKind::kBitmap || roaring::Bitmap::Read(bytes)) return Status::OK();
  return Status::InvalidArgument("the bytes are no BITMAP");
}

}  // namespace

bool SetScalarFromText(std::string_view text, ColumnBuilder* builder, int32_t row) {
  switch (builder->type().kind()) {
    case TypeKind::kBoolean:
      if (text != "true" && text != "false") return false;
      builder->Set<uint8_t>(row, text == "true" ? 1 : 0);
      return true;
    case TypeKind::kTinyInt:
      return SetInteger<int8_t>(text, builder, row);
    case TypeKind::kSmallInt:
      return SetInteger<int16_t>(text, builder, row);
    case TypeKind::kInteger:
    case TypeKind::kIntervalYearMonth:
      return SetInteger<int32_t>(text, builder, row);
    case TypeKind::kBigInt:
    case TypeKind::kIntervalDayTime:
      return SetInteger<int64_t>(text, builder, row);
    case TypeKind::kFloat: {
      float value;
      if (!ParseJavaFloat(text, &value)) return false;
      builder->Set(row, value);
      return true;
    }
    case TypeKind::kDouble: {
      double value;
      if (!ParseJavaDouble(text, &value)) return false;
      builder->Set(row, value);
      return true;
    }
    case TypeKind::kDecimal:
      return SetDecimal(text, builder, row);
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return SetTemporal(text, builder, row);
    default:
      return false;
  }
}

RowTextReader::RowTextReader(std::string_view text, const std::vector<LogicalType::Field>& columns)
    : p_(text.data()), end_(p_ + text.size()), columns_(columns) {}

void RowTextReader::SkipSpace() {
  for (; p_ < end_ && IsSpace(*p_); ++p_) line_ += *p_ == '\n' ? 1 : 0;
}

bool RowTextReader::SkipToNext() {
  SkipSpace();
  while (p_ < end_ && *p_ == '#') {
    while (p_ < end_ && *p_ != '\n') ++p_;
    SkipSpace();
  }
  return p_ < end_;
}

bool RowTextReader::TakeMark(std::string_view* mark) {
  if (p_ == end_ || *p_ != '@') return false;
  const char* start = ++p_;
  while (p_ < end_ && *p_ != '\n' && *p_ != '#') ++p_;
  *mark = TrimJava({start, static_cast<size_t>(p_ - start)});
  return true;
}

bool RowTextReader::Take(char c) {
  SkipToNext();
  if (p_ == end_ || *p_ != c) return false;
  ++p_;
  return true;
}

bool RowTextReader::TakeWord(std::string_view word) {
  if (static_cast<size_t>(end_ - p_) < word.size() || std::string_view(p_, word.size()) != word) {
    return false;
  }
  p_ += word.size();
  return true;
}

Status RowTextReader::Expected(const std::string& column, std::string_view what) const {
  constexpr ptrdiff_t kShown = 20;
  const char* shown_end = p_ + std::min(end_ - p_, kShown);
  std::string found(p_, std::find(p_, shown_end, '\n'));
  std::string message = "line " + std::to_string(line_);
  if (!column.empty()) message += ", column '" + column + "'";
  message += ": expected " + std::string(what) + " but found ";
  return Status::InvalidArgument(message + (found.empty() ? "the end" : "'" + found + "'"));
}

RowKind RowTextReader::ReadKind() {
  if (TakeWord("+I")) return RowKind::kInsert;
  if (TakeWord("-U")) return RowKind::kUpdateBefore;
  if (TakeWord("+U")) return RowKind::kUpdateAfter;
  if (TakeWord("-D")) return RowKind::kDelete;
  return RowKind::kInsert;
}

Status RowTextReader::ReadRow(std::vector<ColumnBuilder>* builders, int32_t row, RowKind* kind) {
  SkipToNext();
  *kind = ReadKind();
  if (!Take('[')) return Expected("", "a row like +I[1, \"a\"]");
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0 && !Take(',')) return Expected(columns_[i].name, "',' and a value");
    SkipToNext();
    // A delete may know no more than its key.
    const bool required = !columns_[i].type.nullable() && *kind != RowKind::kDelete;
    if (required && TakeWord("NULL")) {
      p_ -= 4;
      return Expected(columns_[i].name, "a value of " + columns_[i].type.ToString());
    }
    CASTOR_RETURN_NOT_OK(ReadValue(columns_[i].name, &(*builders)[i], row));
  }
  if (!Take(']')) {
    return Expected("", "']' after " + std::to_string(columns_.size()) + " values");
  }
  return Status::OK();
}

Status RowTextReader::ReadValue(const std::string& column, ColumnBuilder* builder, int32_t row) {
  SkipToNext();
  const LogicalType& type = builder->type();
  if (TakeWord("NULL")) {
    builder->SetNull(row);
    return Status::OK();
  }
  switch (type.physical()) {
    case PhysicalType::kRow:
      return ReadRowValue(column, builder, row);
    case PhysicalType::kString:
      if (type.IsString()) return ReadText(column, builder, row);
      return ReadBinary(column, builder, row);
    case PhysicalType::kList:
      return type.kind() == TypeKind::kArray ? ReadArray(column, builder, row)
                                             : ReadMap(column, builder, row);
    default:
      break;
  }
  const char* start = p_;
  if (!SetScalarFromText(Word(), builder, row)) {
    p_ = start;
    return Expected(column, "a value of " + type.ToString());
  }
  return Status::OK();
}

std::string_view RowTextReader::Word() {
  const char* start = p_;
  const auto is_key_end = [this] { return *p_ == ':' && p_ + 1 < end_ && IsSpace(p_[1]); };
  while (p_ < end_ && std::string_view(",)]}\t\r\n#").find(*p_) == std::string_view::npos &&
         !is_key_end()) {
    ++p_;
  }
  const char* stop = p_;
  while (stop > start && stop[-1] == ' ') --stop;
  return {start, static_cast<size_t>(stop - start)};
}

Status RowTextReader::ReadRowValue(const std::string& column, ColumnBuilder* builder, int32_t row) {
  if (!Take('(')) return Expected(column, "a row like (1, \"a\")");
  const auto& fields = builder->type().fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    const std::string name = column + "." + fields[i].name;
    if (i > 0 && !Take(',')) return Expected(name, "',' and a value");
    CASTOR_RETURN_NOT_OK(ReadValue(name, &builder->children()[i], row));
  }
  if (!Take(')')) {
    return Expected(column, "')' after " + std::to_string(fields.size()) + " values");
  }
  return Status::OK();
}

Status RowTextReader::ReadArray(const std::string& column, ColumnBuilder* builder, int32_t row) {
  if (!Take('[')) return Expected(column, "an array like [1, 2]");
  const int32_t first = builder->elements();
  while (!Take(']')) {
    if (builder->elements() > first && !Take(',')) return Expected(column, "',' or ']'");
    const int32_t element = builder->AddElement();
    CASTOR_RETURN_NOT_OK(ReadValue(column, &builder->children()[0], element));
  }
  builder->SetList(row, first);
  return Status::OK();
}

Status RowTextReader::ReadMap(const std::string& column, ColumnBuilder* builder, int32_t row) {
  if (!Take('{')) return Expected(column, "entries like {\"a\": 1}");
  const int32_t first = builder->elements();
  while (!Take('}')) {
    if (builder->elements() > first && !Take(',')) return Expected(column, "',' or '}'");
    const int32_t element = builder->AddElement();
    CASTOR_RETURN_NOT_OK(ReadValue(column, &builder->children()[0], element));
    if (!Take(':')) return Expected(column, "':' and a value");
    CASTOR_RETURN_NOT_OK(ReadValue(column, &builder->children()[1], element));
  }
  builder->SetList(row, first);
  return Status::OK();
}

bool RowTextReader::ReadQuoted(std::string* text) {
  const char* start = ++p_;
  for (; p_ < end_ && *p_ != '"'; ++p_) {
    line_ += *p_ == '\n' ? 1 : 0;
    if (*p_ == '\\' && p_ + 1 < end_) ++p_;
  }
  if (p_ == end_) return false;
  return UnescapeJson({start, static_cast<size_t>(p_++ - start)}, text);
}

Status RowTextReader::ReadText(const std::string& column, ColumnBuilder* builder, int32_t row) {
  const char* start = p_;
  std::string text;
  if (p_ == end_ || *p_ != '"' || !ReadQuoted(&text)) {
    p_ = start;
    return Expected(column, "a string in double quotes");
  }
  builder->SetString(row, text);
  return Status::OK();
}

Status RowTextReader::ReadBinary(const std::string& column, ColumnBuilder* builder, int32_t row) {
  const char* start = p_;
  std::string hex;
  if (!TakeWord("x") || p_ == end_ || *p_ != '"' || !ReadQuoted(&hex) || hex.size() % 2 != 0) {
    p_ = start;
    return Expected(column, "bytes like x\"0aff\"");
  }
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2) {
    const int high = HexValue(hex[i]);
    const int low = HexValue(hex[i + 1]);
    if (high < 0 || low < 0) {
      p_ = start;
      return Expected(column, "bytes like x\"0aff\"");
    }
    bytes += static_cast<char>(high * 16 + low);
  }
  if (const Status status = CheckBytes(builder->type(), bytes); !status.ok()) {
    return Status(status.code(), "line " + std::to_string(line_) + ", column '" + column +
                                     "': " + status.message());
  }
  builder->SetString(row, bytes);
  return Status::OK();
}

}  // namespace castor::format
