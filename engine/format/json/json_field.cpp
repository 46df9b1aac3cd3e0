#include "format/json/json_field.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "format/api/base64.h"
#include "format/api/java_number.h"
#include "format/api/java_time.h"
#include "format/api/json_text.h"

namespace castor::format::json {
namespace {

constexpr size_t kShownBytes = 60;

void SetIntegerRange(TypeKind kind, int64_t* min, int64_t* max) {
  switch (kind) {
    case TypeKind::kTinyInt:
      *min = INT8_MIN, *max = INT8_MAX;
      break;
    case TypeKind::kSmallInt:
      *min = INT16_MIN, *max = INT16_MAX;
      break;
    case TypeKind::kInteger:
    case TypeKind::kIntervalYearMonth:
      *min = INT32_MIN, *max = INT32_MAX;
      break;
    default:
      *min = INT64_MIN, *max = INT64_MAX;
  }
}

// Jackson's getIntValue and getLongValue of a number with a fraction: cut towards zero.
bool TruncateFloat(std::string_view text, int64_t min, int64_t max, int64_t* value) {
  double number;
  if (!ParseJavaDouble(text, &number)) return false;
  if (number < static_cast<double>(min) || number > static_cast<double>(max)) return false;
  *value = number >= 9223372036854775807.0 ? INT64_MAX : static_cast<int64_t>(number);
  return true;
}

bool IsNumberOrString(const JsonToken& token) {
  return token.kind == TokenKind::kInteger || token.kind == TokenKind::kFloat ||
         token.kind == TokenKind::kString;
}

bool EqualsTrue(std::string_view text) {
  if (text.size() != 4) return false;
  for (size_t i = 0; i < 4; ++i) {
    if ((text[i] | 0x20) != "true"[i]) return false;
  }
  return true;
}

}  // namespace

FieldReader::FieldReader(std::string name, LogicalType type, ReadContext* context)
    : name_(std::move(name)),
      json_name_(name_),
      type_(std::move(type)),
      kind_(type_.kind()),
      context_(context) {
  SetIntegerRange(kind_, &min_, &max_);
  if (kind_ == TypeKind::kDecimal) context_->exact_decimals = true;
  if (type_.physical() == PhysicalType::kList) {
    list_ = std::make_unique<ListReader>(name_, type_, context);
  }
  if (kind_ != TypeKind::kRow) return;
  std::vector<FieldReader> fields;
  for (const LogicalType::Field& field : type_.fields()) {
    fields.emplace_back(field.name, field.type, context);
  }
  object_ = std::make_unique<ObjectReader>(std::move(fields), context);
}

FieldReader::FieldReader(FieldReader&&) noexcept = default;
FieldReader::~FieldReader() = default;

void FieldReader::Bind(ColumnBuilder* builder) {
  builder_ = builder;
  if (list_ != nullptr) list_->Bind(builder);
  if (object_ == nullptr) return;
  for (size_t i = 0; i < object_->fields().size(); ++i) {
    object_->fields()[i].Bind(&builder->children()[i]);
  }
}

// Copies whole vectors, which takes fewer instructions than a call of memcpy.
inline void FieldReader::SetPlain(int32_t row, std::string_view text) {
  const auto size = static_cast<uint32_t>(text.size());
  if (size <= StringRef::kInlineSize) return builder_->Set(row, StringRef(text.data(), size));
  char* const start = builder_->arena().Reserve(size + kCopySlack);
  for (size_t at = 0; at < size; at += kCopySlack) {
    std::memcpy(start + at, text.data() + at, kCopySlack);
  }
  builder_->arena().Shrink(start + size);
  builder_->Set(row, StringRef(start, size));
}

const char* FieldReader::ReadUsual(const char* at, int32_t row) {
  switch (kind_) {
    case TypeKind::kTinyInt:
    case TypeKind::kSmallInt:
    case TypeKind::kInteger:
    case TypeKind::kBigInt: {
      int64_t value;
      const char* const end = ScanInteger(at, &value);
      if (end == nullptr || value < min_ || value > max_) return nullptr;
      SetInteger(row, value);
      return end;
    }
    case TypeKind::kChar:
    case TypeKind::kVarChar: {
      if (*at != '"') return nullptr;
      const JsonToken token = ScanString(at);
      if (token.kind == TokenKind::kInvalid) return nullptr;
      if (!token.escaped) {
        SetPlain(row, token.body());
      } else if (!SetUnescaped(row, token)) {
        return nullptr;
      }
      return token.end;
    }
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz: {
      if (*at != '"') return nullptr;
      const JsonToken token = ScanString(at);
      int64_t ticks;
      if (token.kind == TokenKind::kInvalid || token.escaped ||
          !ParseTimestamp(token.body(), context_->options.timestamp_style, type_, &ticks)) {
        return nullptr;
      }
      builder_->Set(row, ticks);
      return token.end;
    }
    default:
      return nullptr;
  }
}

ReadOutcome FieldReader::ReadUnusual(JsonCursor* cursor, int32_t row) {
  if (cursor->kind() == 'n') {
    const JsonToken token = ScanToken(*cursor);
    if (token.kind != TokenKind::kNull) return ReadOutcome::kMalformed;
    cursor->MoveTo(token.end);
    builder_->SetNull(row);
    return ReadOutcome::kOk;
  }
  const ReadOutcome outcome = ReadNonNull(cursor, row);
  if (outcome != ReadOutcome::kBadValue || !context_->options.ignore_parse_errors) return outcome;
  builder_->Forget(row, row + 1);  // what fields of a ROW have taken
  builder_->SetNull(row);
  return ReadOutcome::kOk;
}

ReadOutcome FieldReader::ReadNonNull(JsonCursor* cursor, int32_t row) {
  switch (kind_) {
    case TypeKind::kBoolean:
      return ReadBoolean(cursor, row);
    case TypeKind::kTinyInt:
    case TypeKind::kSmallInt:
    case TypeKind::kInteger:
    case TypeKind::kBigInt:
    case TypeKind::kIntervalYearMonth:
    case TypeKind::kIntervalDayTime:
      return ReadInteger(cursor, row);
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      return ReadFloating(cursor, row);
    case TypeKind::kDecimal:
      return ReadDecimal(cursor, row);
    case TypeKind::kChar:
    case TypeKind::kVarChar:
      return ReadString(cursor, row);
    case TypeKind::kBinary:
    case TypeKind::kVarBinary:
      return ReadBinary(cursor, row);
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return ReadTemporal(cursor, row);
    case TypeKind::kRow:
      if (cursor->kind() != '{') return BadValue(cursor, "an object");
      return object_->Read(cursor, row);
    case TypeKind::kArray:
      if (cursor->kind() != '[') return BadValue(cursor, "an array");
      return list_->Read(cursor, row);
    case TypeKind::kMap:
    case TypeKind::kMultiset:
      if (cursor->kind() != '{') return BadValue(cursor, "an object");
      return list_->Read(cursor, row);
    default:  // the decoder is not made for other types
      return ReadOutcome::kMalformed;
  }
}

ReadOutcome FieldReader::BadValue(JsonCursor* cursor, std::string_view expected) {
  const std::string_view shown = ScanToken(*cursor).text().substr(0, kShownBytes);
  if (!SkipValue(cursor)) return ReadOutcome::kMalformed;
  if (!context_->options.ignore_parse_errors) {
    context_->error = "field '" + name_ + "': " + std::string(shown) + " is not " +
                      std::string(expected) + " (" + type_.ToString() + ")";
  }
  return ReadOutcome::kBadValue;
}

bool FieldReader::ScalarText(const JsonToken& token, std::string_view* text) {
  switch (token.kind) {
    case TokenKind::kString:
      if (!token.escaped) {
        *text = token.body();
        return true;
      }
      context_->scratch.clear();
      if (!UnescapeJson(token.body(), &context_->scratch)) return false;
      *text = context_->scratch;
      return true;
    case TokenKind::kInteger:
    case TokenKind::kFloat:
    case TokenKind::kTrue:
    case TokenKind::kFalse:
      *text = token.text();
      return true;
    default:
      return false;
  }
}

ReadOutcome FieldReader::ReadBoolean(JsonCursor* cursor, int32_t row) {
  const JsonToken token = ScanToken(*cursor);
  bool value = token.kind == TokenKind::kTrue;
  if (token.kind == TokenKind::kObject || token.kind == TokenKind::kArray) {
    if (!SkipValue(cursor)) return ReadOutcome::kMalformed;  // Boolean.parseBoolean("{") is false
  } else {
    std::string_view text;
    if (!ScalarText(token, &text)) return ReadOutcome::kMalformed;
    if (token.kind == TokenKind::kString) value = EqualsTrue(TrimJava(text));
    cursor->MoveTo(token.end);
  }
  builder_->Set<uint8_t>(row, value ? 1 : 0);
  return ReadOutcome::kOk;
}

void FieldReader::SetInteger(int32_t row, int64_t value) {
  switch (builder_->physical()) {
    case PhysicalType::kInt8:
      builder_->Set(row, static_cast<int8_t>(value));
      break;
    case PhysicalType::kInt16:
      builder_->Set(row, static_cast<int16_t>(value));
      break;
    case PhysicalType::kInt32:
      builder_->Set(row, static_cast<int32_t>(value));
      break;
    default:
      builder_->Set(row, value);
  }
}

bool FieldReader::SetUnescaped(int32_t row, const JsonToken& string) {
  StringArena& arena = builder_->arena();
  char* const start = arena.Reserve(string.body().size() + kCopySlack);
  const char* const close = string.end - 1;
  char* target = start;
  const char* at = CopyStretch(string.begin + 1, &target);
  bool good = true;
  while (good && at != close) {
    good = TakeJsonEscape(&at, close, &target);
    if (good) at = CopyStretch(at, &target);
  }
  const StringRef text(start, static_cast<uint32_t>(target - start));
  arena.Shrink(good && !text.is_inline() ? target : start);
  builder_->Set(row, text);
  return good;
}

ReadOutcome FieldReader::ReadInteger(JsonCursor* cursor, int32_t row) {
  const JsonToken token = ScanToken(*cursor);
  int64_t value = 0;
  bool good = false;
  if (token.kind == TokenKind::kInteger) {
    good = ParseJavaInteger(token.text(), min_, max_, &value);
  } else if (token.kind == TokenKind::kFloat) {
    // Of the four widths only int and long have a getter that takes fractions.
    good = kind_ != TypeKind::kTinyInt && kind_ != TypeKind::kSmallInt &&
           TruncateFloat(token.text(), min_, max_, &value);
  } else if (token.kind == TokenKind::kString) {
    std::string_view text;
    if (!ScalarText(token, &text)) return ReadOutcome::kMalformed;
    good = ParseJavaInteger(TrimJava(text), min_, max_, &value);
  }
  if (!good) return BadValue(cursor, "a whole number in range");
  SetInteger(row, value);
  cursor->MoveTo(token.end);
  return ReadOutcome::kOk;
}

ReadOutcome FieldReader::ReadFloating(JsonCursor* cursor, int32_t row) {
  const JsonToken token = ScanToken(*cursor);
  if (!IsNumberOrString(token)) return BadValue(cursor, "a number");
  std::string_view text;
  if (!ScalarText(token, &text)) return ReadOutcome::kMalformed;
  if (kind_ == TypeKind::kFloat) {
    float value;
    if (!ParseJavaFloat(text, &value)) return BadValue(cursor, "a number");
    builder_->Set(row, value);
  } else {
    double value;
    if (!ParseJavaDouble(text, &value)) return BadValue(cursor, "a number");
    builder_->Set(row, value);
  }
  cursor->MoveTo(token.end);
  return ReadOutcome::kOk;
}

ReadOutcome FieldReader::ReadDecimal(JsonCursor* cursor, int32_t row) {
  const JsonToken token = ScanToken(*cursor);
  if (!IsNumberOrString(token)) return BadValue(cursor, "a decimal number");
  std::string_view text;
  if (!ScalarText(token, &text)) return ReadOutcome::kMalformed;
  int128_t value;
  switch (ParseJavaDecimal(TrimJava(text), type_.precision(), type_.scale(), &value)) {
    case DecimalText::kValue:
      builder_->Set(row, value);
      break;
    case DecimalText::kTooLarge:
      builder_->SetNull(row);
      break;
    case DecimalText::kMalformed:
      return BadValue(cursor, "a decimal number");
  }
  cursor->MoveTo(token.end);
  return ReadOutcome::kOk;
}

ReadOutcome FieldReader::ReadString(JsonCursor* cursor, int32_t row) {
  const JsonToken token = ScanToken(*cursor);
  if (token.kind == TokenKind::kObject || token.kind == TokenKind::kArray) {
    context_->scratch.clear();
    if (!CopyCompact(cursor, context_->exact_decimals, &context_->scratch)) {
      return ReadOutcome::kMalformed;
    }
    builder_->SetString(row, context_->scratch);
    return ReadOutcome::kOk;
  }
  std::string_view text;
  if (!ScalarText(token, &text)) return ReadOutcome::kMalformed;
  builder_->SetString(row, text);
  cursor->MoveTo(token.end);
  return ReadOutcome::kOk;
}

ReadOutcome FieldReader::ReadBinary(JsonCursor* cursor, int32_t row) {
  if (cursor->kind() != '"') return BadValue(cursor, "a base64 string");
  const JsonToken token = ScanToken(*cursor);
  std::string_view text;
  if (!ScalarText(token, &text)) return ReadOutcome::kMalformed;
  std::string bytes;
  if (!DecodeBase64(text, &bytes)) return BadValue(cursor, "a base64 string");
  builder_->SetString(row, bytes);
  cursor->MoveTo(token.end);
  return ReadOutcome::kOk;
}

ReadOutcome FieldReader::ReadTemporal(JsonCursor* cursor, int32_t row) {
  const JsonToken token = ScanToken(*cursor);
  if (token.kind == TokenKind::kObject || token.kind == TokenKind::kArray) {
    return BadValue(cursor, "a date or time");
  }
  std::string_view text;
  if (!ScalarText(token, &text)) return ReadOutcome::kMalformed;
  int32_t small;
  int64_t ticks;
  if (kind_ == TypeKind::kDate) {
    if (!ParseIsoDate(text, &small)) return BadValue(cursor, "a date like 2020-12-30");
    builder_->Set(row, small);
  } else if (kind_ == TypeKind::kTime) {
    if (!ParseSqlTime(text, &small)) return BadValue(cursor, "a time like 12:13:14.123");
    builder_->Set(row, small);
  } else {
    if (!ParseTimestamp(text, context_->options.timestamp_style, type_, &ticks)) {
      return BadValue(cursor, context_->options.timestamp_style == TimestampStyle::kSql
                                  ? "a timestamp of option timestamp-format.standard = SQL"
                                  : "a timestamp of option timestamp-format.standard = ISO-8601");
    }
    builder_->Set(row, ticks);
  }
  cursor->MoveTo(token.end);
  return ReadOutcome::kOk;
}

ObjectReader::ObjectReader(std::vector<FieldReader> fields, ReadContext* context)
    : fields_(std::move(fields)),
      context_(context),
      next_(fields_.size()),
      seen_(fields_.size(), 0) {
  for (size_t i = 0; i < next_.size(); ++i) next_[i] = (i + 1) % next_.size();
}

bool ObjectReader::TakeAnyName(JsonCursor* cursor, size_t* index) {
  for (*index = 0; *index < fields_.size(); ++*index) {
    if (cursor->Take(fields_[*index].json_name())) return true;
  }
  return TakeUnusualName(cursor, index);
}

bool ObjectReader::TakeUnusualName(JsonCursor* cursor, size_t* index) {
  const JsonToken token = ScanToken(*cursor);
  if (token.kind != TokenKind::kString) return false;
  std::string unescaped;
  std::string_view name = token.body();
  if (token.escaped) {
    if (!UnescapeJson(name, &unescaped)) return false;
    name = unescaped;
  }
  *index = 0;
  while (*index < fields_.size() && fields_[*index].name() != name) ++*index;
  cursor->MoveTo(token.end);
  return cursor->Take(':');
}

ReadOutcome ObjectReader::Read(JsonCursor* cursor, int32_t row) {
  ++object_number_;
  cursor->Advance();  // '{'
  // Flink counts matches, doubled keys too, and looks at no key after as many as there are fields.
  const size_t count = next_.size();
  size_t matches = 0;
  bool complete = true;
  ReadOutcome outcome = ReadOutcome::kOk;
  size_t* expected = &first_;
  if (!cursor->Take('}')) {
    while (true) {
      if (matches == count) {
        if (SkipRest(cursor) != ReadOutcome::kOk) return ReadOutcome::kMalformed;
        break;
      }
      size_t index = *expected;
      if (!cursor->Take(fields_[index].json_name()) && !TakeAnyName(cursor, &index)) {
        return ReadOutcome::kMalformed;
      }
      if (index < count) {
        *expected = index;
        expected = &next_[index];
        FieldReader& field = fields_[index];
        if (seen_[index] == object_number_) {
          complete = false;
          field.builder().Forget(row, row + 1);  // the later of two equal keys counts
        }
        seen_[index] = object_number_;
        ++matches;
        const ReadOutcome read = field.Read(cursor, row);
        if (read == ReadOutcome::kMalformed) return read;
        if (read == ReadOutcome::kBadValue && outcome == ReadOutcome::kOk) outcome = read;
      } else if (!SkipValue(cursor)) {
        return ReadOutcome::kMalformed;
      }
      if (cursor->Take('}')) break;
      if (!cursor->Take(',')) return ReadOutcome::kMalformed;
    }
  }
  if (outcome != ReadOutcome::kOk) return outcome;
  if (complete && matches == fields_.size()) return ReadOutcome::kOk;
  if (matches < fields_.size() && context_->options.fail_on_missing_field) {
    for (size_t i = 0; i < fields_.size(); ++i) {
      if (seen_[i] != object_number_) {
        context_->error = "field '" + fields_[i].name() + "' is missing";
        break;
      }
    }
    return ReadOutcome::kBadValue;
  }
  return SetMissing(row);
}

ReadOutcome ObjectReader::SkipRest(JsonCursor* cursor) {
  while (true) {
    if (cursor->kind() != '"' || !SkipString(cursor)) return ReadOutcome::kMalformed;
    if (!cursor->Take(':') || !SkipValue(cursor)) return ReadOutcome::kMalformed;
    if (cursor->Take('}')) return ReadOutcome::kOk;
    if (!cursor->Take(',')) return ReadOutcome::kMalformed;
  }
}

ReadOutcome ObjectReader::SetMissing(int32_t row) {
  for (size_t i = 0; i < fields_.size(); ++i) {
    if (seen_[i] != object_number_) fields_[i].builder().SetNull(row);
  }
  return ReadOutcome::kOk;
}

}  // namespace castor::format::json
