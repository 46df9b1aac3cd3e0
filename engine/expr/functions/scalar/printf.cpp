// PRINTF: PrintfFunction over java.util.Formatter. NULL where that throws. Values are what Flink's
// runtime holds: days of a DATE, milliseconds of a TIME.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "column/binary_row.h"
#include "expr/functions/registry.h"
#include "expr/input_nodes.h"
#include "expr/java_format.h"
#include "expr/java_hash.h"
#include "expr/kernels.h"
#include "expr/row_call.h"
#include "expr/time_text.h"
#include "expr/utf8.h"

namespace castor::expr {
namespace {

using Kind = FormatArgument::Kind;

// Operands: the format, the values, and what those without a format of their own are as text.
class PrintfNode final : public Node {
 public:
  PrintfNode(LogicalType type, std::vector<Node*> operands, std::optional<JavaFormat> literal)
      : Node(std::move(type), std::move(operands)), literal_(std::move(literal)) {}
  bool CanFail() const override { return true; }

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    std::vector<ColumnPtr> columns;
    for (Node* node : operands()) {
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr column, node->EvalFlat(frame, rows));
      columns.push_back(std::move(column));
    }
    if (IsConstantNull(*columns[0])) return Column::MakeNull(type(), rows.count);
    const Operand<StringRef> format(*columns[0]);
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    auto* out = result->mutable_values<StringRef>();
    BufferPtr validity = AllValid(rows.count);
    StringArena arena;
    for (int32_t row = 0; row < rows.count; ++row) {
      out[row] = StringRef();
      std::optional<std::string> text;
      if (!format.IsNull(row)) {
        CASTOR_ASSIGN_OR_RETURN(text, Formatted(columns, row, format[row]));
      }
      if (text) {
        out[row] = arena.Add(*text);
      } else {
        bitmap::Clear(validity->data(), row);
      }
    }
    result->set_validity(std::move(validity));
    arena.Finish(result.get());
    return ColumnPtr(std::move(result));
  }

 private:
  Result<std::optional<std::string>> Formatted(const std::vector<ColumnPtr>& columns, int32_t row,
                                               const StringRef& format) {
    const size_t count = (columns.size() - 1) / 2;
    arguments_.resize(count);
    for (size_t i = 0; i < count; ++i) {
      arguments_[i] = Argument(*columns[1 + i], *columns[1 + count + i], row);
    }
    if (literal_) return literal_->Apply(arguments_);
    const Result<JavaFormat> parsed = JavaFormat::Parse(ReplaceInvalidUtf8(format.view()));
    if (parsed.ok()) return parsed->Apply(arguments_);
    if (parsed.status().code() == StatusCode::kInvalidArgument) {
      return std::optional<std::string>();
    }
    return Status::DataError("PRINTF: " + parsed.status().message());
  }

  template <typename T>
  static T At(const Column& column, int32_t row) {
    return column.values<T>()[column.is_constant() ? 0 : row];
  }

  static FormatArgument Argument(const Column& column, const Column& text, int32_t row) {
    FormatArgument argument;
    if (column.IsNull(row)) return argument;
    argument.text = text.values<StringRef>()[text.is_constant() ? 0 : row].view();
    const auto integer = [&](int64_t value, int bits) {
      argument.kind = Kind::kInteger;
      argument.integer = value;
      argument.bits = bits;
      argument.hash = bits == 64 ? HashLong(value) : static_cast<int32_t>(value);
    };
    switch (column.type().kind()) {
      case TypeKind::kBoolean:
        argument.kind = Kind::kBoolean;
        argument.boolean = At<uint8_t>(column, row) != 0;
        argument.text = argument.boolean ? "true" : "false";
        argument.hash = HashBoolean(argument.boolean);
        break;
      case TypeKind::kTinyInt:
        integer(At<int8_t>(column, row), 8);
        break;
      case TypeKind::kSmallInt:
        integer(At<int16_t>(column, row), 16);
        break;
      case TypeKind::kInteger:
        integer(At<int32_t>(column, row), 32);
        break;
      case TypeKind::kBigInt:
        integer(At<int64_t>(column, row), 64);
        break;
      case TypeKind::kFloat:
        argument.kind = Kind::kFloating;
        argument.floating = static_cast<double>(At<float>(column, row));
        argument.hash = HashFloat(At<float>(column, row));
        break;
      case TypeKind::kDouble:
        argument.kind = Kind::kFloating;
        argument.floating = At<double>(column, row);
        argument.hash = HashDouble(argument.floating);
        break;
      case TypeKind::kDecimal:
        argument.kind = Kind::kOther;
        argument.hash = HashDecimal(At<int128_t>(column, row), column.type().scale());
        break;
      case TypeKind::kTimestamp:
      case TypeKind::kTimestampLtz: {
        const Instant instant =
            TicksToInstant(At<int64_t>(column, row), column.type().TicksPerSecond());
        argument.kind = Kind::kOther;
        argument.hash = HashTimestamp(instant.millis, instant.nanos);
        break;
      }
      default:
        argument.kind = Kind::kOther;
        argument.hash = HashBytes(argument.text);  // BinaryStringData.hashCode
    }
    return argument;
  }

  const std::optional<JavaFormat> literal_;
  std::vector<FormatArgument> arguments_;
};

bool IsPrintable(const LogicalType& type) {
  return type.IsString() || type.kind() == TypeKind::kNull || type.IsTimestamp() ||
         (type.kind() >= TypeKind::kBoolean && type.kind() <= TypeKind::kDecimal);
}

// The number that stands for a date, a time or an interval.
Node* AsStored(Builder& builder, Node* operand) {
  const LogicalType& type = operand->type();
  switch (type.kind()) {
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kIntervalYearMonth:
      return builder.Make<RetypedNode>(LogicalType::Integer(type.nullable()), operand);
    case TypeKind::kIntervalDayTime:
      return builder.Make<RetypedNode>(LogicalType::BigInt(type.nullable()), operand);
    default:
      return operand;
  }
}

struct TimestampText {
  int64_t ticks_per_second;
  bool operator()(RowScope& scope, int64_t ticks, StringRef* out) const {
    char text[kMaxTimeText];
    const char* end = WriteLocalDateTime(TicksToInstant(ticks, ticks_per_second), text);
    *out = scope.arena().Add({text, static_cast<size_t>(end - text)});
    return true;
  }
};

// What toString() gives of a value that is not NULL.
Result<Node*> AsText(Builder& builder, Node* operand) {
  const LogicalType text = LogicalType::String();
  if (!operand->type().IsTimestamp()) return builder.Cast(operand, text);
  return builder.Make<RowNode<TimestampText, StringRef, int64_t>>(
      text, std::vector<Node*>{operand}, TimestampText{operand->type().TicksPerSecond()});
}

Result<Node*> MakePrintf(Call& call) {
  if (call.arity() == 0) return call.Unsupported("it takes a format");
  std::optional<JavaFormat> literal;
  if (const auto format = ConstantText(call, 0)) {
    Result<JavaFormat> parsed = JavaFormat::Parse(*format);
    if (parsed.status().code() == StatusCode::kUnsupported) return parsed.status();
    if (parsed.ok()) literal = std::move(parsed).value();
  }
  CASTOR_ASSIGN_OR_RETURN(Node * format, AsText(call.builder, call.operands[0]));
  std::vector<Node*> operands{format}, texts;
  for (size_t i = 1; i < call.arity(); ++i) {
    Node* operand = AsStored(call.builder, call.operands[i]);
    if (!IsPrintable(operand->type())) {
      return call.Unsupported("values of " + operand->type().ToString());
    }
    call.builder.Share(operand);
    operands.push_back(operand);
    CASTOR_ASSIGN_OR_RETURN(operand, AsText(call.builder, operand));
    texts.push_back(operand);
  }
  operands.insert(operands.end(), texts.begin(), texts.end());
  return call.builder.Make<PrintfNode>(call.type(), std::move(operands), std::move(literal));
}

constexpr FunctionEntry kFunctions[] = {
    {"PRINTF", MakePrintf},
};

}  // namespace

std::span<const FunctionEntry> PrintfFunctions() { return kFunctions; }

}  // namespace castor::expr
