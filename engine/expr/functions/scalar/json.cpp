// SQL/JSON: IS JSON, JSON_EXISTS, JSON_VALUE, JSON_QUOTE and JSON_UNQUOTE: SqlJsonUtils and the
// generators of their calls.
#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "expr/functions/json_reader.h"
#include "expr/functions/registry.h"
#include "expr/input_nodes.h"
#include "expr/java_number_text.h"
#include "expr/json/document.h"
#include "expr/json/writer.h"
#include "expr/row_call.h"
#include "expr/text_encoding.h"
#include "expr/utf16.h"
#include "expr/utf8.h"

namespace castor::expr {
namespace {

using json::Document;
using json::Kind;
using json::NodeId;
using Reader = JsonReader;

// --- IS JSON ---

// Not NULL: a text that is NULL is no JSON.
class IsJsonNode final : public Node {
 public:
  enum class What : uint8_t { kValue, kObject, kArray, kScalar };
  IsJsonNode(LogicalType type, Node* operand, What what, bool negated)
      : Node(std::move(type), {operand}), what_(what), negated_(negated) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr column, operand(0).EvalFlat(frame, rows));
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    auto* out = result->mutable_values<uint8_t>();
    const Operand<StringRef> in(*column);
    for (int32_t i = 0; i < rows.count; ++i) out[i] = (!in.IsNull(i) && Is(in[i])) != negated_;
    return ColumnPtr(std::move(result));
  }

 private:
  bool Is(const StringRef& text) {
    if (!reader_.Parse(text)) return false;
    const Kind kind = reader_.document().kind(reader_.document().root());
    switch (what_) {
      case What::kValue:
        return true;
      case What::kObject:
        return kind == Kind::kObject;
      case What::kArray:
        return kind == Kind::kArray;
      case What::kScalar:
        return kind < Kind::kArray;
    }
    __builtin_unreachable();
  }

  const What what_;
  const bool negated_;
  Reader reader_{std::nullopt};
};

template <IsJsonNode::What kWhat, bool kNegated>
Result<Node*> IsJson(Call& call) {
  CASTOR_ASSIGN_OR_RETURN(const std::vector<Node*> operands, OperandsAs(call, {Want::kText}));
  return call.builder.Make<IsJsonNode>(call.type(), operands[0], kWhat, kNegated);
}

// --- JSON_EXISTS ---

struct JsonExists {
  std::shared_ptr<Reader> reader;
  char on_error = 'F';  // of TRUE, FALSE, UNKNOWN and ERROR
  bool operator()(RowScope& scope, const StringRef& text, const StringRef& path,
                  uint8_t* out) const {
    const Reader::Outcome outcome = reader->Read(text, path);
    if (outcome == Reader::Outcome::kRefused) return scope.Fail([&] { return reader->refusal(); });
    *out = outcome == Reader::Outcome::kValue;
    if (outcome != Reader::Outcome::kError) return true;
    if (on_error == 'E') {
      return scope.Fail([] { return "JSON_EXISTS: " + std::string(kJsonErrorText); });
    }
    *out = on_error == 'T';
    return on_error != 'U';
  }
};

Result<Node*> MakeJsonExists(Call& call) {
  CASTOR_ASSIGN_OR_RETURN(std::shared_ptr<Reader> reader, MakeJsonReader(call));
  JsonExists exists{std::move(reader)};
  if (call.arity() == 3) {
    exists.on_error = SymbolText(call, 2)[0];
    call.operands.pop_back();
  }
  return MakeRowCall<JsonExists, uint8_t, StringRef, StringRef>(call, {Want::kText, Want::kText},
                                                                std::move(exists), OnError::kFail);
}

// --- JSON_VALUE ---

// A value as RETURNING wants it; Flink casts without converting, so that others fail the job.
bool Returned(RowScope& scope, const Document& document, NodeId node, StringRef* out) {
  switch (document.kind(node)) {
    case Kind::kInteger:
    case Kind::kDecimal:
      *out = scope.arena().Add(json::NumberText(document, node));
      return true;
    case Kind::kArray:
    case Kind::kObject:
      return false;
    default:
      *out = scope.arena().Add(document.text(node));
      return true;
  }
}
bool Returned(RowScope& scope, const Document& document, NodeId node, uint8_t* out) {
  const Kind kind = document.kind(node);
  if (kind != Kind::kTrue && kind != Kind::kFalse) {
    return scope.Fail([] { return "JSON_VALUE: the value is no BOOLEAN"; });
  }
  *out = kind == Kind::kTrue;
  return true;
}
bool Returned(RowScope& scope, const Document& document, NodeId node, int32_t* out) {
  const std::string_view text = document.text(node);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
  if (document.kind(node) != Kind::kInteger || error != std::errc()) {
    return scope.Fail([] { return "JSON_VALUE: the value is no INTEGER"; });
  }
  return true;
}
bool Returned(RowScope& scope, const Document& document, NodeId node, double* out) {
  if (document.kind(node) != Kind::kDecimal) {
    return scope.Fail([] { return "JSON_VALUE: the value is no DOUBLE"; });
  }
  *out = ParseJavaDouble(document.text(node)).value_or(0);
  // Through BigDecimal, which has no negative zero, but what is too small for a DOUBLE.
  if (*out == 0) *out = ParseJavaDouble(json::NumberText(document, node)).value_or(0);
  return true;
}

enum class Otherwise : uint8_t { kNull, kError, kDefault };

// Operands: text, path, the default ON EMPTY and the one ON ERROR.
template <typename T>
class JsonValueNode final : public Node {
 public:
  JsonValueNode(LogicalType type, std::vector<Node*> operands, std::shared_ptr<Reader> reader,
                Otherwise on_empty, Otherwise on_error)
      : Node(std::move(type), std::move(operands)),
        reader_(std::move(reader)),
        on_empty_(on_empty),
        on_error_(on_error) {}
  bool CanFail() const override { return true; }

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    ColumnPtr columns[4];
    for (size_t i = 0; i < 4; ++i) {
      CASTOR_ASSIGN_OR_RETURN(columns[i], operand(i).EvalFlat(frame, rows));
    }
    const Operand<StringRef> text(*columns[0]), path(*columns[1]);
    const Operand<T> empty(*columns[2]), error(*columns[3]);
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    T* out = result->template mutable_values<T>();
    BufferPtr validity = AllValid(rows.count);
    RowScope scope(false);
    for (int32_t i = 0; i < rows.count; ++i) {
      out[i] = T{};
      const bool valid =
          !text.IsNull(i) && !path.IsNull(i) &&
          Value(scope, text[i], path[i], Default{&empty, i}, Default{&error, i}, &out[i]);
      if (valid) continue;
      if (scope.failed()) return scope.ErrorOf(rows.batch_rows ? rows.batch_rows[i] : i);
      bitmap::Clear(validity->data(), i);
    }
    result->set_validity(std::move(validity));
    scope.arena().Finish(result.get());
    for (const ColumnPtr& column : columns) {
      if constexpr (std::is_same_v<T, StringRef>) result->AddStringBuffersOf(*column);
    }
    return ColumnPtr(std::move(result));
  }

 private:
  struct Default {
    const Operand<T>* values;
    int32_t row;
  };

  bool Value(RowScope& scope, const StringRef& text, const StringRef& path, Default empty,
             Default error, T* out) {
    const Reader::Outcome outcome = reader_->Read(text, path);
    if (outcome == Reader::Outcome::kRefused) return scope.Fail([&] { return reader_->refusal(); });
    if (outcome == Reader::Outcome::kEmpty) return Instead(scope, on_empty_, empty, out);
    if (outcome == Reader::Outcome::kError) return Instead(scope, on_error_, error, out);
    const Document& document = reader_->document();
    if (document.IsScalar(reader_->value())) {
      return Returned(scope, document, reader_->value(), out);
    }
    return reader_->lax() ? Instead(scope, on_empty_, empty, out)
                          : Instead(scope, on_error_, error, out);
  }

  static bool Instead(RowScope& scope, Otherwise otherwise, Default value, T* out) {
    switch (otherwise) {
      case Otherwise::kNull:
        return false;
      case Otherwise::kError:
        return scope.Fail([] { return "JSON_VALUE: " + std::string(kJsonErrorText); });
      case Otherwise::kDefault:
        if (value.values->IsNull(value.row)) return false;
        *out = (*value.values)[value.row];
        return true;
    }
    __builtin_unreachable();
  }

  const std::shared_ptr<Reader> reader_;
  const Otherwise on_empty_;
  const Otherwise on_error_;
};

struct Behavior {
  Otherwise otherwise = Otherwise::kNull;
  Node* value = nullptr;  // of DEFAULT
};

// What stands before the symbol EMPTY or ERROR: NULL, ERROR, or DEFAULT and a value.
Behavior BehaviorOn(const Call& call, std::string_view mode) {
  for (size_t i = 2; i < call.arity(); ++i) {
    if (SymbolClass(call, i) != "JSON_EMPTY_OR_ERROR" || SymbolText(call, i) != mode) continue;
    if (SymbolClass(call, i - 1) != "JSON_VALUE_ON_EMPTY_OR_ERROR") {
      return {Otherwise::kDefault, call.operands[i - 1]};
    }
    return {SymbolText(call, i - 1) == "ERROR" ? Otherwise::kError : Otherwise::kNull, nullptr};
  }
  return {};
}

Result<Node*> MakeJsonValue(Call& call) {
  if (call.arity() < 2) return call.Unsupported("it takes a text and a path");
  CASTOR_ASSIGN_OR_RETURN(std::shared_ptr<Reader> reader, MakeJsonReader(call));
  Behavior behaviors[] = {BehaviorOn(call, "EMPTY"), BehaviorOn(call, "ERROR")};
  std::vector<Node*> operands{call.operands[0], call.operands[1]};
  const LogicalType nullable = call.type().WithNullable(true);
  for (Behavior& behavior : behaviors) {
    Node* value = behavior.value;
    if (value == nullptr) {
      value = call.builder.Make<ConstantNode>(Column::MakeNull(nullable, 1));
    } else {
      CASTOR_ASSIGN_OR_RETURN(value, call.builder.Cast(value, nullable));
    }
    operands.push_back(value);
  }
  const auto make = [&]<typename T>() -> Result<Node*> {
    return call.builder.Make<JsonValueNode<T>>(call.type(), operands, std::move(reader),
                                               behaviors[0].otherwise, behaviors[1].otherwise);
  };
  switch (call.type().kind()) {
    case TypeKind::kVarChar:
      return make.template operator()<StringRef>();
    case TypeKind::kBoolean:
      return make.template operator()<uint8_t>();
    case TypeKind::kInteger:
      return make.template operator()<int32_t>();
    case TypeKind::kDouble:
      return make.template operator()<double>();
    default:
      return call.Unsupported("it gives no " + call.type().ToString());
  }
}

// --- JSON_QUOTE and JSON_UNQUOTE ---

// Characters beyond U+FFFF are written as in Flink: the whole, and its second half once more.
struct JsonQuote {
  bool operator()(RowScope& scope, const StringRef& text, StringRef* out) const {
    std::string quoted = "\"";
    for (const char32_t c : ToCodePoints(ReplaceInvalidUtf8(text.view()))) {
      if (c < 0x80) {
        AppendAscii(static_cast<char>(c), &quoted);
        continue;
      }
      AppendEscape(c, &quoted);
      if (c > 0xffff) AppendEscape(0xdc00 + ((c - 0x10000) & 0x3ff), &quoted);
    }
    quoted += '"';
    *out = scope.arena().Add(quoted);
    return true;
  }

 private:
  static void AppendEscape(char32_t c, std::string* out) {
    constexpr char kHex[] = "0123456789abcdef";
    *out += "\\u";
    for (int shift = c > 0xffff ? 16 : 12; shift >= 0; shift -= 4) *out += kHex[c >> shift & 15];
  }
  static void AppendAscii(char c, std::string* out) {
    constexpr std::string_view kCharacters = "\"\\/\b\f\n\r\t";
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    if (const size_t i = kCharacters.find(c); i != std::string_view::npos) {
      *out += '\\';
      c = kLetters[i];
    }
    *out += c;
  }
};

// What is no JSON, or no string in JSON, stays as it is.
struct JsonUnquote {
  std::shared_ptr<Reader> reader = std::make_shared<Reader>(std::nullopt);
  bool operator()(RowScope& scope, const StringRef& text, StringRef* out) const {
    *out = text;
    const std::string_view view = text.view();
    if (!reader->Parse(text) || view.front() != '"' || view.back() != '"') return true;
    std::u16string units;
    const std::u16string from = ToUtf16(ReplaceInvalidUtf8(view.substr(1, view.size() - 2)));
    for (size_t i = 0; i < from.size(); ++i) {
      if (from[i] != '\\' || i + 1 == from.size()) {
        units += from[i];
      } else if (!Unescape(from, &++i, &units)) {
        return true;
      }
    }
    *out = scope.arena().Add(FromUtf16(units));
    return true;
  }

 private:
  // `at`: the character behind the backslash; left at the escape's last one.
  static bool Unescape(const std::u16string& from, size_t* at, std::u16string* units) {
    constexpr std::u16string_view kLetters = u"\"\\/bfnrt";
    constexpr std::u16string_view kCharacters = u"\"\\/\b\f\n\r\t";
    const char16_t c = from[*at];
    if (const size_t i = kLetters.find(c); i != std::u16string_view::npos) {
      *units += kCharacters[i];
      return true;
    }
    if (c != 'u' || *at + 4 >= from.size()) return false;
    char16_t unit = 0;
    for (int i = 0; i < 4; ++i) {
      const char16_t digit = from[++*at];
      const int value = digit < 0x80 ? HexDigitValue(static_cast<char>(digit)) : -1;
      if (value < 0) return false;
      unit = static_cast<char16_t>(unit << 4 | value);
    }
    *units += unit;
    return true;
  }
};

template <typename F>
Result<Node*> OfText(Call& call) {
  return MakeRowCall<F, StringRef, StringRef>(call, {Want::kText});
}

using What = IsJsonNode::What;

constexpr FunctionEntry kFunctions[] = {
    {"IS JSON VALUE", IsJson<What::kValue, false>},
    {"IS JSON OBJECT", IsJson<What::kObject, false>},
    {"IS JSON ARRAY", IsJson<What::kArray, false>},
    {"IS JSON SCALAR", IsJson<What::kScalar, false>},
    {"IS NOT JSON VALUE", IsJson<What::kValue, true>},
    {"IS NOT JSON OBJECT", IsJson<What::kObject, true>},
    {"IS NOT JSON ARRAY", IsJson<What::kArray, true>},
    {"IS NOT JSON SCALAR", IsJson<What::kScalar, true>},
    {"JSON_EXISTS", MakeJsonExists},
    {"JSON_VALUE", MakeJsonValue},
    {"JSON_QUOTE", OfText<JsonQuote>},
    {"JSON_UNQUOTE", OfText<JsonUnquote>},
};

}  // namespace

std::span<const FunctionEntry> JsonFunctions() { return kFunctions; }

}  // namespace castor::expr
