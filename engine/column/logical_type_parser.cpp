// LogicalType::Parse: a recursive descent over the grammar of Flink's LogicalTypeParser.
#include <cctype>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "column/logical_type.h"

namespace castor {
namespace {

// Deeper types do not occur; the bound keeps a broken plan from exhausting the stack.
constexpr int kMaxDepth = 500;

struct Token {
  enum Kind { kEnd, kWord, kIdentifier, kString, kNumber, kSymbol };
  Kind kind = kEnd;
  size_t position = 0;
  std::string text;  // identifiers and strings without their quotes
};

std::string Upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<LogicalType> ParseAll() {
    CASTOR_RETURN_NOT_OK(Advance());
    CASTOR_ASSIGN_OR_RETURN(LogicalType type, ParseType());
    if (token_.kind != Token::kEnd) return Error("unexpected '" + token_.text + "'");
    return type;
  }

 private:
  Status Error(const std::string& what, StatusCode code = StatusCode::kInvalidArgument) const {
    return Status(code, "cannot read type at position " + std::to_string(token_.position) + ": " +
                            what + " in \"" + std::string(text_) + "\"");
  }

  // --- tokens ---

  Status Advance() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    token_ = Token{Token::kEnd, at_, {}};
    if (at_ == text_.size()) return Status::OK();
    const char c = text_[at_];
    if (c == '`' || c == '\'') return ReadQuoted(c);
    if (std::string_view("<>(),.").find(c) != std::string_view::npos) {
      token_.kind = Token::kSymbol;
      token_.text = c;
      ++at_;
      return Status::OK();
    }
    const size_t start = at_;
    if (IsDigit(c)) {
      while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
      token_.kind = Token::kNumber;
    } else {
      while (at_ < text_.size() && !IsDelimiter(text_[at_])) ++at_;
      token_.kind = Token::kWord;
    }
    token_.text = text_.substr(start, at_ - start);
    return Status::OK();
  }

  Status ReadQuoted(char quote) {
    token_.kind = quote == '`' ? Token::kIdentifier : Token::kString;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == quote) {
        ++at_;
        if (at_ == text_.size() || text_[at_] != quote) return Status::OK();
      }
      token_.text += text_[at_];
    }
    return Error(std::string("missing closing ") + quote);
  }

  static bool IsDigit(char c) { return c >= '0' && c <= '9'; }
  static bool IsDelimiter(char c) {
    return std::isspace(static_cast<unsigned char>(c)) ||
           std::string_view("<>(),.").find(c) != std::string_view::npos;
  }

  bool IsWord(std::string_view word) const {
    return token_.kind == Token::kWord && Upper(token_.text) == word;
  }
  bool IsSymbol(char c) const { return token_.kind == Token::kSymbol && token_.text[0] == c; }

  // Takes the word if it is next.
  Result<bool> TakeWord(std::string_view word) {
    if (!IsWord(word)) return false;
    CASTOR_RETURN_NOT_OK(Advance());
    return true;
  }
  Status ExpectWord(std::string_view word) {
    if (!IsWord(word)) return Error("'" + std::string(word) + "' expected");
    return Advance();
  }
  Status ExpectSymbol(char c) {
    if (!IsSymbol(c)) return Error(std::string("'") + c + "' expected");
    return Advance();
  }
  Result<std::string> ExpectString() {
    if (token_.kind != Token::kString) return Error("quoted text expected");
    std::string text = std::move(token_.text);
    CASTOR_RETURN_NOT_OK(Advance());
    return text;
  }
  Result<int32_t> ExpectNumber(int32_t low, int32_t high) {
    int32_t value = 0;
    const char* end = token_.text.data() + token_.text.size();
    if (token_.kind != Token::kNumber ||
        std::from_chars(token_.text.data(), end, value).ec != std::errc()) {
      return Error("integer expected");
    }
    if (value < low || value > high) {
      return Error("number between " + std::to_string(low) + " and " + std::to_string(high) +
                   " expected");
    }
    CASTOR_RETURN_NOT_OK(Advance());
    return value;
  }
  // "(n)", or `missing` where there is none.
  Result<int32_t> OptionalNumber(int32_t missing, int32_t low, int32_t high) {
    if (!IsSymbol('(')) return missing;
    CASTOR_RETURN_NOT_OK(Advance());
    CASTOR_ASSIGN_OR_RETURN(const int32_t value, ExpectNumber(low, high));
    CASTOR_RETURN_NOT_OK(ExpectSymbol(')'));
    return value;
  }

  // --- types ---

  Result<LogicalType> ParseType() {
    if (++depth_ > kMaxDepth) return Error("type is nested too deeply");
    CASTOR_ASSIGN_OR_RETURN(LogicalType type, ParseNamed());
    CASTOR_ASSIGN_OR_RETURN(type, ParseNullability(std::move(type)));
    const TypeKind suffix = IsWord("ARRAY")      ? TypeKind::kArray
                            : IsWord("MULTISET") ? TypeKind::kMultiset
                                                 : TypeKind::kNull;
    if (suffix != TypeKind::kNull) {
      CASTOR_RETURN_NOT_OK(Advance());
      CASTOR_ASSIGN_OR_RETURN(
          type, ParseNullability(LogicalType::Collection(suffix, {std::move(type)}, true)));
    }
    --depth_;
    return type;
  }

  Result<LogicalType> ParseNullability(LogicalType type) {
    CASTOR_ASSIGN_OR_RETURN(const bool not_null, TakeWord("NOT"));
    if (not_null) {
      CASTOR_RETURN_NOT_OK(ExpectWord("NULL"));
      return type.WithNullable(false);
    }
    CASTOR_ASSIGN_OR_RETURN([[maybe_unused]] const bool null, TakeWord("NULL"));
    return type.WithNullable(true);
  }

  Result<LogicalType> ParseNamed() {
    if (token_.kind != Token::kWord) return Error("type expected");
    const std::string name = Upper(token_.text);
    const Token start = token_;
    CASTOR_RETURN_NOT_OK(Advance());
    if (std::optional<LogicalType> simple = Simple(name)) return *std::move(simple);
    if (name == "DOUBLE") return ParseDouble();
    if (name == "CHAR") return ParseSized(TypeKind::kChar);
    if (name == "VARCHAR") return ParseSized(TypeKind::kVarChar);
    if (name == "BINARY") return ParseSized(TypeKind::kBinary);
    if (name == "VARBINARY") return ParseSized(TypeKind::kVarBinary);
    if (name == "DECIMAL" || name == "NUMERIC" || name == "DEC") return ParseDecimal();
    if (name == "TIME") return ParseTime();
    if (name == "TIMESTAMP") return ParseTimestamp(start);
    if (name == "TIMESTAMP_LTZ") return ParsePrecision(TypeKind::kTimestampLtz, 6);
    if (name == "INTERVAL") return ParseInterval();
    if (name == "ARRAY") return ParseCollection(TypeKind::kArray, 1);
    if (name == "MULTISET") return ParseCollection(TypeKind::kMultiset, 1);
    if (name == "MAP") return ParseCollection(TypeKind::kMap, 2);
    if (name == "ROW") return ParseRow();
    if (name == "STRUCTURED") return ParseStructured();
    if (name == "RAW") return ParseRaw();
    token_ = start;
    return Error("type '" + start.text + "' is not supported", StatusCode::kUnsupported);
  }

  static std::optional<LogicalType> Simple(std::string_view name) {
    if (name == "NULL") return LogicalType();
    if (name == "BOOLEAN") return LogicalType::Boolean();
    if (name == "TINYINT") return LogicalType(TypeKind::kTinyInt);
    if (name == "SMALLINT") return LogicalType(TypeKind::kSmallInt);
    if (name == "INT" || name == "INTEGER") return LogicalType::Integer();
    if (name == "BIGINT") return LogicalType::BigInt();
    if (name == "FLOAT") return LogicalType(TypeKind::kFloat);
    if (name == "STRING") return LogicalType::String();
    if (name == "BYTES") return LogicalType(TypeKind::kVarBinary, true, INT32_MAX);
    if (name == "DATE") return LogicalType(TypeKind::kDate);
    if (name == "VARIANT") return LogicalType(TypeKind::kVariant);
    if (name == "BITMAP") return LogicalType(TypeKind::kBitmap);
    return std::nullopt;
  }

  Result<LogicalType> ParseDouble() {
    CASTOR_ASSIGN_OR_RETURN([[maybe_unused]] const bool precision, TakeWord("PRECISION"));
    return LogicalType::Double();
  }

  Result<LogicalType> ParseSized(TypeKind kind) {
    CASTOR_ASSIGN_OR_RETURN(const int32_t length, OptionalNumber(1, 1, INT32_MAX));
    return LogicalType(kind, true, length);
  }

  Result<LogicalType> ParsePrecision(TypeKind kind, int32_t missing) {
    CASTOR_ASSIGN_OR_RETURN(const int32_t precision, OptionalNumber(missing, 0, 9));
    return LogicalType(kind, true, precision);
  }

  Result<LogicalType> ParseDecimal() {
    if (!IsSymbol('(')) return LogicalType::Decimal(10, 0);
    CASTOR_RETURN_NOT_OK(Advance());
    CASTOR_ASSIGN_OR_RETURN(const int32_t precision, ExpectNumber(1, 38));
    int32_t scale = 0;
    if (IsSymbol(',')) {
      CASTOR_RETURN_NOT_OK(Advance());
      CASTOR_ASSIGN_OR_RETURN(scale, ExpectNumber(0, precision));
    }
    CASTOR_RETURN_NOT_OK(ExpectSymbol(')'));
    return LogicalType::Decimal(precision, scale);
  }

  Status ExpectTimeZone() {
    CASTOR_RETURN_NOT_OK(ExpectWord("TIME"));
    return ExpectWord("ZONE");
  }

  Result<LogicalType> ParseTime() {
    CASTOR_ASSIGN_OR_RETURN(LogicalType type, ParsePrecision(TypeKind::kTime, 0));
    CASTOR_ASSIGN_OR_RETURN(const bool without, TakeWord("WITHOUT"));
    if (without) CASTOR_RETURN_NOT_OK(ExpectTimeZone());
    return type;
  }

  Result<LogicalType> ParseTimestamp(const Token& start) {
    CASTOR_ASSIGN_OR_RETURN(LogicalType type, ParsePrecision(TypeKind::kTimestamp, 6));
    CASTOR_ASSIGN_OR_RETURN(const bool without, TakeWord("WITHOUT"));
    if (without) CASTOR_RETURN_NOT_OK(ExpectTimeZone());
    CASTOR_ASSIGN_OR_RETURN(const bool with, TakeWord("WITH"));
    if (!with) return type;
    CASTOR_ASSIGN_OR_RETURN(const bool local, TakeWord("LOCAL"));
    CASTOR_RETURN_NOT_OK(ExpectTimeZone());
    if (local) return LogicalType(TypeKind::kTimestampLtz, true, type.precision());
    token_ = start;
    return Error("type 'TIMESTAMP WITH TIME ZONE' is not supported", StatusCode::kUnsupported);
  }

  Result<LogicalType> ParseInterval() {
    CASTOR_ASSIGN_OR_RETURN(const bool year, TakeWord("YEAR"));
    if (year) {
      CASTOR_ASSIGN_OR_RETURN(const int32_t precision, OptionalNumber(2, 1, 4));
      CASTOR_ASSIGN_OR_RETURN(const bool to, TakeWord("TO"));
      if (to) CASTOR_RETURN_NOT_OK(ExpectWord("MONTH"));
      const IntervalUnit unit = to ? IntervalUnit::kYearToMonth : IntervalUnit::kYear;
      return LogicalType::Interval(unit, precision, 0);
    }
    CASTOR_ASSIGN_OR_RETURN(const bool month, TakeWord("MONTH"));
    if (month) return LogicalType::Interval(IntervalUnit::kMonth, 2, 0);
    return ParseDayTimeInterval();
  }

  // DAY .. SECOND, optionally "TO" a finer unit; the units' order in the enum makes the rest
  // arithmetic.
  Result<LogicalType> ParseDayTimeInterval() {
    int32_t day_precision = 2;
    int32_t fraction = 6;
    CASTOR_ASSIGN_OR_RETURN(const int from, ParseUnit(0, &day_precision, &fraction));
    int to = from;
    CASTOR_ASSIGN_OR_RETURN(const bool range, TakeWord("TO"));
    if (range) {
      CASTOR_ASSIGN_OR_RETURN(to, ParseUnit(from + 1, &day_precision, &fraction));
    }
    constexpr IntervalUnit kFirst[] = {IntervalUnit::kDay, IntervalUnit::kHour,
                                       IntervalUnit::kMinute, IntervalUnit::kSecond};
    const auto unit = static_cast<IntervalUnit>(static_cast<int>(kFirst[from]) + (to - from));
    return LogicalType::Interval(unit, day_precision, fraction);
  }

  // The number of a unit, not coarser than `coarsest`: 0 day, 1 hour, 2 minute, 3 second.
  Result<int> ParseUnit(int coarsest, int32_t* day_precision, int32_t* fraction) {
    constexpr std::string_view kUnits[] = {"DAY", "HOUR", "MINUTE", "SECOND"};
    for (int unit = coarsest; unit < 4; ++unit) {
      CASTOR_ASSIGN_OR_RETURN(const bool found, TakeWord(kUnits[unit]));
      if (!found) continue;
      if (unit == 0) {
        CASTOR_ASSIGN_OR_RETURN(*day_precision, OptionalNumber(*day_precision, 1, 6));
      } else if (unit == 3) {
        CASTOR_ASSIGN_OR_RETURN(*fraction, OptionalNumber(*fraction, 0, 9));
      }
      return unit;
    }
    return Error("invalid interval resolution");
  }

  Result<LogicalType> ParseCollection(TypeKind kind, int children) {
    CASTOR_RETURN_NOT_OK(ExpectSymbol('<'));
    std::vector<LogicalType> types;
    for (int i = 0; i < children; ++i) {
      if (i > 0) CASTOR_RETURN_NOT_OK(ExpectSymbol(','));
      CASTOR_ASSIGN_OR_RETURN(LogicalType type, ParseType());
      types.push_back(std::move(type));
    }
    CASTOR_RETURN_NOT_OK(ExpectSymbol('>'));
    return LogicalType::Collection(kind, std::move(types), true);
  }

  Result<LogicalType> ParseRow() {
    const char close = IsSymbol('(') ? ')' : '>';
    CASTOR_RETURN_NOT_OK(ExpectSymbol(close == ')' ? '(' : '<'));
    CASTOR_ASSIGN_OR_RETURN(std::vector<LogicalType::Field> fields, ParseFields(close));
    return LogicalType::Row(std::move(fields));
  }

  Result<LogicalType> ParseStructured() {
    CASTOR_RETURN_NOT_OK(ExpectSymbol('<'));
    CASTOR_ASSIGN_OR_RETURN(std::string class_name, ExpectString());
    const bool accumulator = LogicalType::IsAccumulatorClass(class_name);
    std::vector<LogicalType::Field> fields;
    if (!IsSymbol('>')) {
      CASTOR_RETURN_NOT_OK(ExpectSymbol(','));
      CASTOR_ASSIGN_OR_RETURN(fields, ParseFields('>'));
    } else {
      CASTOR_RETURN_NOT_OK(Advance());
    }
    if (accumulator) return LogicalType::Raw(std::move(class_name), "", true);
    return LogicalType::Structured(std::move(class_name), std::move(fields), true);
  }

  // Names and types up to `close`, which is taken too.
  Result<std::vector<LogicalType::Field>> ParseFields(char close) {
    std::vector<LogicalType::Field> fields;
    while (!IsSymbol(close)) {
      if (!fields.empty()) CASTOR_RETURN_NOT_OK(ExpectSymbol(','));
      if (token_.kind != Token::kIdentifier && token_.kind != Token::kWord) {
        return Error("field name expected");
      }
      LogicalType::Field field;
      field.name = std::move(token_.text);
      CASTOR_RETURN_NOT_OK(Advance());
      CASTOR_ASSIGN_OR_RETURN(field.type, ParseType());
      if (token_.kind == Token::kString) CASTOR_RETURN_NOT_OK(Advance());
      fields.push_back(std::move(field));
    }
    CASTOR_RETURN_NOT_OK(Advance());
    return fields;
  }

  Result<LogicalType> ParseRaw() {
    CASTOR_RETURN_NOT_OK(ExpectSymbol('('));
    CASTOR_ASSIGN_OR_RETURN(std::string class_name, ExpectString());
    CASTOR_RETURN_NOT_OK(ExpectSymbol(','));
    CASTOR_ASSIGN_OR_RETURN(std::string serializer, ExpectString());
    CASTOR_RETURN_NOT_OK(ExpectSymbol(')'));
    return LogicalType::Raw(std::move(class_name), std::move(serializer), true);
  }

  const std::string_view text_;
  size_t at_ = 0;
  Token token_;
  int depth_ = 0;
};

}  // namespace

Result<LogicalType> LogicalType::Parse(std::string_view text) { return Parser(text).ParseAll(); }

}  // namespace castor
