#include "expr/testing.h"

#include <charconv>
#include <cstdio>
#include <stdexcept>

#include "column/gather.h"
#include "column/string_arena.h"
#include "expr/date_time.h"
#include "expr/decimal.h"
#include "expr/literal.h"
#include "expr/text_encoding.h"

namespace castor::expr::testing {
namespace {

// A test that cannot be set up fails; the others of the program run on.
template <typename T>
T Must(Result<T> result) {
  if (!result.ok()) throw std::invalid_argument("test set-up: " + result.status().ToString());
  return std::move(result).value();
}

std::string Printed(const char* format, auto... values) {
  char buffer[64];
  std::snprintf(buffer, sizeof(buffer), format, values...);
  return buffer;
}

std::string DateText(int64_t days) {
  const CivilDate date = CivilFromDays(days);
  return Printed("%04d-%02d-%02d", date.year, date.month, date.day);
}

std::string TimeText(int64_t nanos_of_day) {
  const int64_t seconds = nanos_of_day / 1'000'000'000;
  std::string text = Printed("%02d:%02d:%02d", static_cast<int>(seconds / 3600),
                             static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
  std::string fraction = Printed(".%09d", static_cast<int>(nanos_of_day % 1'000'000'000));
  while (fraction.back() == '0') fraction.pop_back();
  return fraction == "." ? text : text + fraction;
}

template <typename T>
std::string NumberText(T value) {
  char buffer[64];
  return {buffer, std::to_chars(buffer, buffer + sizeof(buffer), value).ptr};
}

std::string HexText(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) text += Printed("%02x", static_cast<unsigned>(c) & 0xffu);
  return text;
}

// Plans have binary literals in Base64; rows of tests in the form ToText gives.
std::string LiteralText(const LogicalType& type, const std::string& value) {
  if (type.kind() != TypeKind::kBinary && type.kind() != TypeKind::kVarBinary) return value;
  std::string bytes;
  for (size_t i = 0; i + 1 < value.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(value.substr(i, 2), nullptr, 16));
  }
  std::string text(Base64Size(bytes.size()), '\0');
  EncodeBase64(bytes, text.data());
  return text;
}

std::string ListText(const Column& column, int32_t row) {
  const ListRef list = column.values<ListRef>()[row];
  const bool map = column.children().size() == 2;
  std::string text;
  for (int32_t i = list.offset; i < list.end(); ++i) {
    if (!text.empty()) text += ", ";
    text += ToText(*column.children()[0], i);
    if (map) text += "=" + ToText(*column.children()[1], i);
  }
  return map ? "{" + text + "}" : "[" + text + "]";
}

std::string ValueText(const Column& column, int32_t row) {
  const LogicalType& type = column.type();
  switch (type.kind()) {
    case TypeKind::kBoolean:
      return column.values<uint8_t>()[row] != 0 ? "true" : "false";
    case TypeKind::kDecimal:
      return FormatDecimal(column.values<int128_t>()[row], type.scale());
    case TypeKind::kDate:
      return DateText(column.values<int32_t>()[row]);
    case TypeKind::kTime:
      return TimeText(column.values<int32_t>()[row] * 1'000'000LL);
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz: {
      const Instant instant = TicksToInstant(column.values<int64_t>()[row], type.TicksPerSecond());
      const int64_t days = FloorDiv(instant.millis, kMillisPerDay);
      const int64_t of_day = instant.millis - days * kMillisPerDay;
      return DateText(days) + " " + TimeText(of_day * 1'000'000 + instant.nanos);
    }
    case TypeKind::kBinary:
    case TypeKind::kVarBinary:
      return HexText(column.values<StringRef>()[row].view());
    case TypeKind::kRow: {
      std::string text = "(";
      for (const ColumnPtr& child : column.children()) {
        if (text.size() > 1) text += ", ";
        text += ToText(*child, row);
      }
      return text + ")";
    }
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kMultiset:
      return ListText(column, row);
    default:
      break;
  }
  switch (type.physical()) {
    case PhysicalType::kInt8:
      return NumberText(column.values<int8_t>()[row]);
    case PhysicalType::kInt16:
      return NumberText(column.values<int16_t>()[row]);
    case PhysicalType::kInt32:
      return NumberText(column.values<int32_t>()[row]);
    case PhysicalType::kInt64:
      return NumberText(column.values<int64_t>()[row]);
    case PhysicalType::kFloat:
      return NumberText(column.values<float>()[row]);
    case PhysicalType::kDouble:
      return NumberText(column.values<double>()[row]);
    case PhysicalType::kString:
      return std::string(column.values<StringRef>()[row].view());
    default:
      return "?";
  }
}

}  // namespace

LogicalType Type(std::string_view text) { return Must(LogicalType::Parse(text)); }

plan::ExpressionPtr Ref(int32_t index, std::string_view type) {
  return plan::InputRef(index, Type(type));
}

plan::ExpressionPtr Lit(std::string_view value, std::string_view type) {
  auto expression = std::make_shared<plan::Expression>();
  expression->kind = plan::ExpressionKind::kLiteral;
  expression->type = Type(type);
  expression->literal.is_null = value == "NULL";
  if (!expression->literal.is_null) expression->literal.text = value;
  return expression;
}

plan::ExpressionPtr Symbol(std::string_view value) {
  auto expression = std::make_shared<plan::Expression>();
  expression->kind = plan::ExpressionKind::kLiteral;
  expression->type = LogicalType(TypeKind::kSymbol, false);
  expression->literal.text = value;
  return expression;
}

plan::ExpressionPtr Call(std::string_view function, std::string_view type,
                         std::vector<plan::ExpressionPtr> operands) {
  auto expression = std::make_shared<plan::Expression>();
  expression->kind = plan::ExpressionKind::kCall;
  expression->type = Type(type);
  expression->function = function;
  expression->function_id = "$" + std::string(function) + "$1";
  expression->operands = std::move(operands);
  return expression;
}

plan::ExpressionPtr Field(plan::ExpressionPtr row, std::string_view name, std::string_view type) {
  auto expression = std::make_shared<plan::Expression>();
  expression->kind = plan::ExpressionKind::kFieldAccess;
  expression->type = Type(type);
  expression->name = name;
  expression->operands = {std::move(row)};
  return expression;
}

namespace {

// In a few buffers, as readers and kernels make them.
ColumnPtr TextColumn(const LogicalType& type, const std::vector<std::string>& values) {
  MutableColumnPtr column = Column::MakeFlat(type, static_cast<int32_t>(values.size()));
  StringArena arena;
  for (size_t i = 0; i < values.size(); ++i) {
    const bool null = values[i] == "NULL";
    column->mutable_values<StringRef>()[i] = null ? StringRef() : arena.Add(values[i]);
    if (null) column->SetNull(static_cast<int32_t>(i));
  }
  arena.Finish(column.get());
  return column;
}

}  // namespace

ColumnPtr MakeColumn(std::string_view type_text, const std::vector<std::string>& values) {
  const LogicalType type = Type(type_text);
  if (values.empty()) return Column::MakeFlat(type, 0);
  if (type.kind() == TypeKind::kVarChar) return TextColumn(type, values);
  std::vector<ColumnPtr> parts;
  for (const std::string& value : values) {
    parts.push_back(value == "NULL" ? Column::MakeNull(type, 1)
                                    : Must(LiteralColumn(LiteralText(type, value), type)));
  }
  return Concat(parts);
}

Batch MakeBatch(std::vector<ColumnPtr> columns) {
  const int32_t rows = columns.empty() ? 1 : columns[0]->size();
  return Batch(rows, std::move(columns));
}

std::string ToText(const Column& column, int32_t row) {
  if (column.is_constant()) row = 0;
  const Column* target = nullptr;
  const int32_t at = column.Resolve(row, &target);
  return at < 0 ? "NULL" : ValueText(*target, at);
}

std::vector<std::string> ToTexts(const Column& column) {
  std::vector<std::string> texts;
  for (int32_t row = 0; row < column.size(); ++row) texts.push_back(ToText(column, row));
  return texts;
}

Result<ColumnPtr> EvaluateColumn(const plan::ExpressionPtr& expression, const Batch& batch,
                                 const std::map<std::string, std::string>& options) {
  std::vector<LogicalType::Field> fields;
  for (const ColumnPtr& column : batch.columns) {
    fields.push_back({"f" + std::to_string(fields.size()), column->type()});
  }
  Configuration configuration(options);
  if (!configuration.Find("table.local-time-zone")) {
    configuration.Set("table.local-time-zone", "UTC");
  }
  auto program = Program::Compile({&expression, 1}, {&configuration, LogicalType::Row(fields)});
  if (!program.ok()) return program.status();
  const EvalContext context{1'600'000'000'123, kMinTimestamp};
  return (*program)->Evaluate(0, batch, {nullptr, batch.num_rows}, context);
}

std::vector<std::string> Evaluate(const plan::ExpressionPtr& expression, const Batch& batch,
                                  const std::map<std::string, std::string>& options) {
  const Result<ColumnPtr> result = EvaluateColumn(expression, batch, options);
  if (!result.ok()) return {result.status().ToString()};
  return ToTexts(**result);
}

std::string EvaluateOne(const plan::ExpressionPtr& expression,
                        const std::map<std::string, std::string>& options) {
  return Evaluate(expression, Batch(1, {}), options).front();
}

}  // namespace castor::expr::testing
