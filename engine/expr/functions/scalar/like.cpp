// LIKE [ESCAPE]. A literal pattern is compiled once, others once for every run of equal ones.
#include <memory>
#include <optional>

#include "expr/functions/registry.h"
#include "expr/like_pattern.h"
#include "expr/row_call.h"

namespace castor::expr {
namespace {

struct LikeLiteral {
  std::shared_ptr<const LikePattern> pattern;
  bool operator()(RowScope&, const StringRef& text, uint8_t* out) const {
    *out = pattern->Matches(text.view());
    return true;
  }
};

// Keeps the latest pattern: one node is used by one thread.
struct LikeDynamic {
  struct Latest {
    std::string pattern;
    std::string escape;
    std::optional<LikePattern> compiled;
  };
  std::shared_ptr<Latest> latest = std::make_shared<Latest>();

  bool operator()(RowScope& scope, const StringRef& text, const StringRef& pattern,
                  uint8_t* out) const {
    return Match(scope, text, pattern, "", out);
  }
  bool operator()(RowScope& scope, const StringRef& text, const StringRef& pattern,
                  const StringRef& escape, uint8_t* out) const {
    if (escape.size() == 0) {
      return scope.Fail([] { return "LIKE: the escape must be one character"; });
    }
    return Match(scope, text, pattern, escape.view(), out);
  }

 private:
  bool Match(RowScope& scope, const StringRef& text, const StringRef& pattern,
             std::string_view escape, uint8_t* out) const {
    if (!latest->compiled || latest->pattern != pattern.view() || latest->escape != escape) {
      auto compiled = LikePattern::Compile(pattern.view(), escape);
      if (!compiled.ok()) return scope.Fail([&] { return compiled.status().message(); });
      latest->compiled = std::move(compiled).value();
      latest->pattern = pattern.view();
      latest->escape = escape;
    }
    *out = latest->compiled->Matches(text.view());
    return true;
  }
};

// Flink's code generation writes these as more than one character, and then refuses them.
bool IsWrittenOut(std::string_view escape) {
  constexpr std::string_view kShort = "\b\t\n\f\r";
  return escape.size() == 1 && static_cast<unsigned char>(escape[0]) < ' ' &&
         kShort.find(escape[0]) == std::string_view::npos;
}

Result<Node*> Like(Call& call) {
  if (call.arity() != 2 && call.arity() != 3)
    return call.Unsupported("it takes a text and a pattern");
  const auto pattern = ConstantText(call, 1);
  const auto escape = call.arity() == 3 ? ConstantText(call, 2) : std::string();
  if (pattern && escape) {
    if (IsWrittenOut(*escape)) {
      return Status::InvalidArgument("LIKE: invalid escape character");
    }
    auto compiled = LikePattern::Compile(*pattern, *escape);
    if (!compiled.ok()) return Status::InvalidArgument(compiled.status().message());
    LikeLiteral like{std::make_shared<const LikePattern>(std::move(compiled).value())};
    call.operands.resize(1);
    return MakeRowCall<LikeLiteral, uint8_t, StringRef>(call, {Want::kText}, std::move(like));
  }
  if (call.arity() == 2) {
    return MakeRowCall<LikeDynamic, uint8_t, StringRef, StringRef>(call, {Want::kText, Want::kText},
                                                                   {}, OnError::kFail);
  }
  return MakeRowCall<LikeDynamic, uint8_t, StringRef, StringRef, StringRef>(
      call, {Want::kText, Want::kText, Want::kText}, {}, OnError::kFail);
}

constexpr FunctionEntry kFunctions[] = {
    {"LIKE", Like},
};

}  // namespace

std::span<const FunctionEntry> LikeFunctions() { return kFunctions; }

}  // namespace castor::expr
