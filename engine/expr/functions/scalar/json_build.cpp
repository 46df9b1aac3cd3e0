// SQL/JSON construction: JSON_OBJECT, JSON_ARRAY, JSON_STRING and JSON: the generators of their
// calls over SqlJsonUtils.serializeJson, which orders the members of objects by key.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/json_string.h"
#include "expr/date_time.h"
#include "expr/functions/registry.h"
#include "expr/java_number_text.h"
#include "expr/json/document.h"
#include "expr/json/writer.h"
#include "expr/kernels.h"
#include "expr/row_call.h"
#include "expr/text_encoding.h"
#include "expr/time_text.h"
#include "expr/utf8.h"
#include "expr/variant_text.h"

namespace castor::expr {
namespace {

// Appends value `row` of a flat or constant column, not NULL, as JSON.
struct AppendFunction {
  void (*call)(const Column& column, int32_t row, std::string* out);
};

template <typename T>
const T& At(const Column& column, int32_t row) {
  return column.values<T>()[column.is_constant() ? 0 : row];
}

void AppendText(const Column& column, int32_t row, std::string* out) {
  AppendJsonString(ReplaceInvalidUtf8(At<StringRef>(column, row).view()), HexCase::kUpper, out);
}
// What is JSON already.
void AppendRaw(const Column& column, int32_t row, std::string* out) {
  *out += At<StringRef>(column, row).view();
}
void AppendBytes(const Column& column, int32_t row, std::string* out) {
  const std::string_view bytes = At<StringRef>(column, row).view();
  std::string text(Base64Size(bytes.size()), '\0');
  EncodeBase64(bytes, text.data());
  AppendJsonString(text, HexCase::kUpper, out);
}
void AppendBoolean(const Column& column, int32_t row, std::string* out) {
  *out += At<uint8_t>(column, row) != 0 ? "true" : "false";
}
template <typename T>
void AppendInteger(const Column& column, int32_t row, std::string* out) {
  *out += std::to_string(At<T>(column, row));
}

void AppendVariant(const Column& column, int32_t row, std::string* out) {
  AppendVariantText(At<StringRef>(column, row).view(), out);
}

// Floating point goes through BigDecimal, but for what that cannot hold.
template <typename T>
void AppendFloating(const Column& column, int32_t row, std::string* out) {
  const auto value = static_cast<double>(At<T>(column, row));
  char text[kMaxNumberText];
  const std::string_view view(text, static_cast<size_t>(WriteJavaDouble(value, text) - text));
  if (view.find_first_of("NI") != std::string_view::npos) {
    AppendJsonString(view, HexCase::kUpper, out);
  } else {
    *out += json::BigDecimalText(view);
  }
}

void AppendDecimal(const Column& column, int32_t row, std::string* out) {
  const int128_t unscaled = At<int128_t>(column, row);
  // The remainders of a negative number are negative: its least value has no opposite.
  const bool negative = unscaled < 0;
  int128_t rest = unscaled;
  std::string digits;
  do {
    const auto digit = static_cast<int>(rest % 10);
    digits.insert(digits.begin(), static_cast<char>('0' + (negative ? -digit : digit)));
    rest /= 10;
  } while (rest != 0);
  *out += json::BigDecimalText((negative ? "-" : "") + digits + "E-" +
                               std::to_string(column.type().scale()));
}

// ISO_LOCAL_DATE_TIME.
void AppendTimestamp(const Column& column, int32_t row, std::string* out) {
  const Instant instant = TicksToInstant(At<int64_t>(column, row), column.type().TicksPerSecond());
  char buffer[kMaxTimeText];
  std::string text(buffer, static_cast<size_t>(WriteTimestamp(instant, 9, buffer) - buffer));
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
  }
  std::replace(text.begin(), text.end(), ' ', 'T');
  if (column.type().kind() == TypeKind::kTimestampLtz) text += 'Z';
  AppendJsonString(text, HexCase::kUpper, out);
}

Result<AppendFunction> AppendOf(const Call& call, size_t i) {
  const plan::Expression& operand = *call.expression.operands[i];
  const bool raw = operand.function == "JSON_OBJECT" || operand.function == "JSON_ARRAY" ||
                   operand.function == "JSON";
  switch (call.operand_type(i).kind()) {
    case TypeKind::kChar:
    case TypeKind::kVarChar:
      return AppendFunction{raw ? AppendRaw : AppendText};
    case TypeKind::kBinary:
    case TypeKind::kVarBinary:
      return AppendFunction{AppendBytes};
    case TypeKind::kNull:
    case TypeKind::kBoolean:
      return AppendFunction{AppendBoolean};
    case TypeKind::kTinyInt:
      return AppendFunction{AppendInteger<int8_t>};
    case TypeKind::kSmallInt:
      return AppendFunction{AppendInteger<int16_t>};
    case TypeKind::kInteger:
      return AppendFunction{AppendInteger<int32_t>};
    case TypeKind::kBigInt:
      return AppendFunction{AppendInteger<int64_t>};
    case TypeKind::kFloat:
      return AppendFunction{AppendFloating<float>};
    case TypeKind::kDouble:
      return AppendFunction{AppendFloating<double>};
    case TypeKind::kDecimal:
      return AppendFunction{AppendDecimal};
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return AppendFunction{AppendTimestamp};
    case TypeKind::kVariant:
      return AppendFunction{AppendVariant};
    default:
      return call.Unsupported("values of " + call.operand_type(i).ToString() + " in JSON");
  }
}

struct Part {
  AppendFunction append;
  size_t operand;  // among the node's
};

// Operands of objects: key, value, key, value ...
class JsonBuildNode final : public Node {
 public:
  JsonBuildNode(LogicalType type, std::vector<Node*> operands, std::vector<Part> parts, bool object,
                bool absent_on_null)
      : Node(std::move(type), std::move(operands)),
        parts_(std::move(parts)),
        object_(object),
        absent_on_null_(absent_on_null) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    std::vector<ColumnPtr> columns;
    for (Node* node : operands()) {
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr column, node->EvalFlat(frame, rows));
      columns.push_back(std::move(column));
    }
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    auto* out = result->mutable_values<StringRef>();
    StringArena arena;
    std::string text;
    for (int32_t row = 0; row < rows.count; ++row) {
      text.clear();
      if (object_) {
        AppendObject(columns, row, &text);
      } else {
        AppendArray(columns, row, &text);
      }
      out[row] = arena.Add(text);
    }
    arena.Finish(result.get());
    return ColumnPtr(std::move(result));
  }

 private:
  // False: it is to be left out.
  bool AppendPart(const std::vector<ColumnPtr>& columns, const Part& part, int32_t row,
                  std::string* text) const {
    const Column& column = *columns[part.operand];
    if (!column.IsNull(row)) {
      part.append.call(column, row, text);
    } else if (absent_on_null_) {
      return false;
    } else {
      *text += "null";
    }
    return true;
  }

  void AppendArray(const std::vector<ColumnPtr>& columns, int32_t row, std::string* text) const {
    *text += '[';
    for (const Part& part : parts_) {
      const size_t before = text->size();
      if (before > 1) *text += ',';
      if (!AppendPart(columns, part, row, text)) text->resize(before);
    }
    *text += ']';
  }

  void AppendObject(const std::vector<ColumnPtr>& columns, int32_t row, std::string* text) const {
    std::vector<std::pair<std::string_view, std::string>> members;
    for (const Part& part : parts_) {
      std::string value;
      if (!AppendPart(columns, part, row, &value)) continue;
      const Column& keys = *columns[part.operand - 1];
      const std::string_view key = At<StringRef>(keys, row).view();
      const auto same = std::ranges::find(members, key, [](const auto& m) { return m.first; });
      if (same == members.end()) {
        members.emplace_back(key, std::move(value));
      } else {
        same->second = std::move(value);
      }
    }
    std::ranges::sort(members, json::KeyLess, [](const auto& member) { return member.first; });
    *text += '{';
    for (const auto& [key, value] : members) {
      if (text->size() > 1) *text += ',';
      AppendJsonString(key, HexCase::kUpper, text);
      *text += ':';
      *text += value;
    }
    *text += '}';
  }

  const std::vector<Part> parts_;
  const bool object_;
  const bool absent_on_null_;
};

template <bool kObject>
Result<Node*> MakeJsonBuild(Call& call) {
  const size_t step = kObject ? 2 : 1;
  if (call.arity() == 0 || (call.arity() - 1) % step != 0) {
    return call.Unsupported("it takes a symbol and what goes in");
  }
  std::vector<Part> parts;
  for (size_t i = step; i < call.arity(); i += step) {
    if (kObject && !call.operand_type(i - 1).IsString()) {
      return call.Unsupported("its keys must be text");
    }
    CASTOR_ASSIGN_OR_RETURN(const AppendFunction append, AppendOf(call, i));
    parts.push_back({append, i - 1});
  }
  const bool absent = call.expression.operands[0]->literal.text == "ABSENT";
  std::vector<Node*> operands(call.operands.begin() + 1, call.operands.end());
  return call.builder.Make<JsonBuildNode>(call.type(), std::move(operands), std::move(parts),
                                          kObject, absent);
}

// One value as JSON; NULL of NULL.
class JsonStringNode final : public Node {
 public:
  JsonStringNode(LogicalType type, Node* operand, AppendFunction append)
      : Node(std::move(type), {operand}), append_(append) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr column, operand(0).EvalFlat(frame, rows));
    if (IsConstantNull(*column)) return Column::MakeNull(type(), rows.count);
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    auto* out = result->mutable_values<StringRef>();
    StringArena arena;
    std::string text;
    for (int32_t row = 0; row < rows.count; ++row) {
      text.clear();
      if (!column->IsNull(row)) append_.call(*column, row, &text);
      out[row] = arena.Add(text);
    }
    result->set_validity(ValidityOf(*column));
    arena.Finish(result.get());
    return ColumnPtr(std::move(result));
  }

 private:
  const AppendFunction append_;
};

Result<Node*> MakeJsonString(Call& call) {
  if (call.arity() != 1) return call.Unsupported("it takes one value");
  CASTOR_ASSIGN_OR_RETURN(const AppendFunction append, AppendOf(call, 0));
  return call.builder.Make<JsonStringNode>(call.type(), call.operands[0], append);
}

// JSON text in Flink's form; NULL of blanks.
struct JsonOfText {
  std::shared_ptr<json::Document> document = std::make_shared<json::Document>();
  bool operator()(RowScope& scope, const StringRef& text, StringRef* out) const {
    const std::string java = ReplaceInvalidUtf8(text.view());
    std::string_view trimmed = java;
    while (!trimmed.empty() && static_cast<unsigned char>(trimmed[0]) <= ' ') {
      trimmed.remove_prefix(1);
    }
    if (trimmed.empty()) return false;
    if (!document->Parse(trimmed)) {
      return scope.Fail([&] { return "JSON: '" + java.substr(0, 100) + "' is no JSON"; });
    }
    std::string made;
    json::AppendValue(*document, document->root(), &made);
    *out = scope.arena().Add(made);
    return true;
  }
};

Result<Node*> MakeJson(Call& call) {
  return MakeRowCall<JsonOfText, StringRef, StringRef>(call, {Want::kText}, {}, OnError::kFail);
}

constexpr FunctionEntry kFunctions[] = {
    {"JSON_OBJECT", MakeJsonBuild<true>},
    {"JSON_ARRAY", MakeJsonBuild<false>},
    {"JSON_STRING", MakeJsonString},
    {"JSON", MakeJson},
};

}  // namespace

std::span<const FunctionEntry> JsonBuildFunctions() { return kFunctions; }

}  // namespace castor::expr
