// VARIANT: PARSE_JSON and TRY_PARSE_JSON (ParseJsonFunction, TryParseJsonFunction), and access to
// what is in a value (ScalarOperatorGens.generateVariantGet).
#include <memory>
#include <string>

#include "expr/functions/registry.h"
#include "expr/functions/variant_item.h"
#include "expr/row_call.h"
#include "expr/utf8.h"
#include "expr/variant_reader.h"
#include "variant/value.h"

namespace castor::expr {
namespace {

// Failing, it names the text; where failures are NULL nobody reads the message.
struct ParseJson {
  std::shared_ptr<VariantReader> reader = std::make_shared<VariantReader>();

  bool operator()(RowScope& scope, const StringRef& text, StringRef* out) const {
    return (*this)(scope, text, 0, out);
  }
  bool operator()(RowScope& scope, const StringRef& text, uint8_t allow_duplicates,
                  StringRef* out) const {
    std::string replaced;
    std::string_view json = text.view();
    if (!IsValidUtf8(json)) json = replaced = ReplaceInvalidUtf8(json);
    const auto duplicates = allow_duplicates != 0 ? VariantReader::Duplicates::kLastWins
                                                  : VariantReader::Duplicates::kRefused;
    std::string bytes;
    if (!reader->Read(json, duplicates, &bytes)) {
      return scope.Fail(
          [&] { return "Failed to parse json string: " + std::string(json.substr(0, 100)); });
    }
    *out = scope.arena().Add(bytes);
    return true;
  }
};

template <OnError kOnError>
Result<Node*> MakeParseJson(Call& call) {
  if (call.arity() == 1) {
    return MakeRowCall<ParseJson, StringRef, StringRef>(call, {Want::kText}, {}, kOnError);
  }
  return MakeRowCall<ParseJson, StringRef, StringRef, uint8_t>(call, {Want::kText, Want::kBoolean},
                                                               {}, kOnError);
}

bool Keep(RowScope& scope, const variant::Value& value, StringRef* out) {
  std::string bytes;
  value.AppendBytes(&bytes);
  *out = scope.arena().Add(bytes);
  return true;
}

struct FieldNamed {
  std::string name;

  bool operator()(RowScope& scope, const StringRef& bytes, StringRef* out) const {
    const variant::Value value(bytes.view());
    if (value.kind() != variant::Kind::kObject) {
      return scope.Fail([] {
        return "String key access on variant requires an object variant, but a non-object variant "
               "was provided.";
      });
    }
    const auto field = value.Find(name);
    return field && Keep(scope, *field, out);
  }
};

struct ElementNumber {
  bool operator()(RowScope& scope, const StringRef& bytes, int64_t position, StringRef* out) const {
    const variant::Value value(bytes.view());
    if (value.kind() != variant::Kind::kArray) {
      return scope.Fail([] {
        return "Integer index access on variant requires an array variant, but a non-array variant "
               "was provided.";
      });
    }
    // Java's narrowing of the position and its wrap-around.
    const uint32_t index = static_cast<uint32_t>(position) - 1;
    return index < value.size() && Keep(scope, value.element(index), out);
  }
};

constexpr FunctionEntry kFunctions[] = {
    {"PARSE_JSON", MakeParseJson<OnError::kFail>},
    {"TRY_PARSE_JSON", MakeParseJson<OnError::kNull>},
};

}  // namespace

Result<Node*> MakeVariantItem(Call& call) {
  if (call.arity() == 2 && call.operand_type(1).IsString()) {
    const auto name = ConstantText(call, 1);
    if (!name) return call.Unsupported("only a literal is as the name of a field");
    return call.builder.Make<RowNode<FieldNamed, StringRef, StringRef>>(
        call.type(), std::vector<Node*>{call.operands[0]}, FieldNamed{*name}, OnError::kFail);
  }
  return MakeRowCall<ElementNumber, StringRef, StringRef, int64_t>(call, {Want::kAny, Want::kLong},
                                                                   {}, OnError::kFail);
}

std::span<const FunctionEntry> VariantFunctions() { return kFunctions; }

}  // namespace castor::expr
