// IS_ALPHA, IS_DIGIT and IS_DECIMAL: StringCallGen over SqlFunctionUtils. Never NULL: a text that
// is NULL is none of them. Characters are Java's, so that none beyond U+FFFF is a letter or a
// digit.
#include <unicode/uchar.h>

#include <algorithm>

#include "expr/functions/registry.h"
#include "expr/java_number_text.h"
#include "expr/kernels.h"
#include "expr/regex/code_points.h"
#include "expr/row_call.h"
#include "expr/utf8.h"

namespace castor::expr {
namespace {

using regex::CodePointSet;

bool AllIn(std::string_view text, const CodePointSet& set) {
  for (const char32_t c : ToCodePoints(text)) {
    if (c > 0xffff || !set.Contains(c)) return false;
  }
  return !text.empty();
}

const CodePointSet& Digits() {
  static const CodePointSet set = CodePointSet::OfUnicode("[:Nd:]");
  return set;
}

bool IsAlpha(std::string_view text) {
  static const CodePointSet letters = CodePointSet::OfUnicode("[:L:]");
  return AllIn(text, letters);
}

bool IsDigit(std::string_view text) { return AllIn(text, Digits()); }

// Long.parseLong takes the digits of all scripts, Double.parseDouble ASCII's.
bool IsLong(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (!IsDigit(text)) return false;
  int64_t value = 0;
  for (const char32_t c : ToCodePoints(text)) {
    const int32_t digit = u_charDigitValue(static_cast<UChar32>(c));
    if (__builtin_mul_overflow(value, 10, &value)) return false;
    if (__builtin_sub_overflow(value, digit, &value)) return false;
  }
  return negative || value != INT64_MIN;
}

bool IsDecimal(std::string_view text) {
  return !text.empty() && (ParseJavaDouble(text).has_value() || (!IsAscii(text) && IsLong(text)));
}

using Test = bool (*)(std::string_view);

class TextKindNode final : public Node {
 public:
  TextKindNode(LogicalType type, Node* operand, Test test)
      : Node(std::move(type), {operand}), test_(test) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr column, operand(0).EvalFlat(frame, rows));
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    auto* out = result->mutable_values<uint8_t>();
    const Operand<StringRef> in(*column);
    for (int32_t i = 0; i < rows.count; ++i) out[i] = !in.IsNull(i) && test_(in[i].view());
    return ColumnPtr(std::move(result));
  }

 private:
  const Test test_;
};

// A number is what the Java class that holds it is, a DECIMAL's is none that Flink looks for. So is
// NULL, for which Flink's primitive has a number too.
class NumberKindNode final : public Node {
 public:
  NumberKindNode(LogicalType type, Node* operand, bool answer)
      : Node(std::move(type), {operand}), answer_(answer) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    CASTOR_RETURN_NOT_OK(operand(0).Eval(frame, rows).status());
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    auto* out = result->mutable_values<uint8_t>();
    std::fill_n(out, rows.count, answer_);
    return ColumnPtr(std::move(result));
  }

 private:
  const bool answer_;
};

enum class Kind : uint8_t { kAlpha, kDigit, kDecimal };

template <Test kTest, Kind kKind>
Result<Node*> MakeTest(Call& call) {
  if (call.arity() == 1) {
    const TypeKind kind = call.operand_type(0).kind();
    const bool integer = kind >= TypeKind::kTinyInt && kind <= TypeKind::kBigInt;
    const bool floating = kind == TypeKind::kFloat || kind == TypeKind::kDouble;
    if (integer || floating || kind == TypeKind::kDecimal) {
      const bool answer =
          (integer && kKind != Kind::kAlpha) || (floating && kKind == Kind::kDecimal);
      return call.builder.Make<NumberKindNode>(call.type(), call.operands[0], answer);
    }
  }
  CASTOR_ASSIGN_OR_RETURN(const std::vector<Node*> operands, OperandsAs(call, {Want::kText}));
  return call.builder.Make<TextKindNode>(call.type(), operands[0], kTest);
}

constexpr FunctionEntry kFunctions[] = {
    {"IS_ALPHA", MakeTest<IsAlpha, Kind::kAlpha>},
    {"IS_DIGIT", MakeTest<IsDigit, Kind::kDigit>},
    {"IS_DECIMAL", MakeTest<IsDecimal, Kind::kDecimal>},
};

}  // namespace

std::span<const FunctionEntry> TextKindFunctions() { return kFunctions; }

}  // namespace castor::expr
