// Regular expressions: StringCallGen over SqlFunctionUtils, and the runtime's RegexpXxxFunction. A
// constant pattern is compiled while the expression is; one that this engine cannot run is refused
// then. Others are compiled once per text and kept. What Java does not take as a pattern makes what
// each function says.
#include <memory>
#include <optional>
#include <string>

#include "expr/arena_text.h"
#include "expr/functions/registry.h"
#include "expr/regex/character_run.h"
#include "expr/regex/java_regex.h"
#include "expr/regex/pattern_cache.h"
#include "expr/regex/similar_pattern.h"
#include "expr/row_call.h"
#include "expr/utf8.h"

namespace castor::expr {
namespace {

using regex::Extent;
using regex::JavaRegex;
using regex::PatternCache;
using regex::RegexMatcher;
using regex::Span;
using Outcome = RegexMatcher::Outcome;

// A text as Java sees it: malformed bytes are replaced, in storage of this object.
class JavaText {
 public:
  explicit JavaText(const StringRef& text) : view_(text.view()) {
    if (IsValidUtf8(view_)) return;
    replaced_ = ReplaceInvalidUtf8(view_);
    view_ = replaced_;
  }
  std::string_view view() const { return view_; }

  // A reference to a part: to the operand's bytes where they are the text's.
  StringRef Part(RowScope& scope, Span span) const {
    const std::string_view part = span.Of(view_);
    if (!replaced_.empty()) return scope.arena().Add(part);
    return StringRef(part.data(), static_cast<uint32_t>(part.size()));
  }

 private:
  std::string_view view_;
  std::string replaced_;
};

bool Fail(RowScope& scope, const RegexMatcher& matcher, std::string_view text) {
  return scope.Fail([&] { return matcher.error(text); });
}

using Compiled = Result<std::shared_ptr<const JavaRegex>>;

// --- the functions: of a matcher, a text and what else they take ---

struct Regexp {
  using Value = uint8_t;
  // An empty pattern is never found, unlike Java's.
  static Compiled Compile(std::string_view pattern) {
    return JavaRegex::Compile(pattern.empty() ? "(?!)" : pattern);
  }
  static bool Invalid(RowScope&, const Status&, uint8_t* out) { return *out = 0, true; }

  static bool Apply(RowScope& scope, RegexMatcher& matcher, const StringRef& text, uint8_t* out) {
    const JavaText java(text);
    const Outcome outcome = matcher.Test(java.view());
    if (outcome == Outcome::kError) return Fail(scope, matcher, java.view());
    *out = outcome == Outcome::kMatch;
    return true;
  }
};

struct NullIfInvalid {
  static Compiled Compile(std::string_view pattern) { return JavaRegex::Compile(pattern); }
  template <typename Value>
  static bool Invalid(RowScope&, const Status&, Value*) {
    return false;
  }
};

struct RegexpExtract : NullIfInvalid {
  using Value = StringRef;

  static bool Apply(RowScope& scope, RegexMatcher& matcher, const StringRef& text, StringRef* out) {
    return Apply(scope, matcher, text, 0, out);
  }
  static bool Apply(RowScope& scope, RegexMatcher& matcher, const StringRef& text, int64_t index,
                    StringRef* out) {
    const JavaText java(text);
    const Outcome outcome = matcher.Find(java.view());
    if (outcome == Outcome::kError) return Fail(scope, matcher, java.view());
    const auto group = static_cast<int32_t>(index);
    if (outcome == Outcome::kNone || group < 0 || group > matcher.group_count()) return false;
    const Span span = matcher.group(group);
    if (!span.any()) return false;
    *out = java.Part(scope, span);
    return true;
  }
};

struct RegexpSubstr : NullIfInvalid {
  using Value = StringRef;

  static bool Apply(RowScope& scope, RegexMatcher& matcher, const StringRef& text, StringRef* out) {
    return RegexpExtract::Apply(scope, matcher, text, 0, out);
  }
};

struct RegexpCount : NullIfInvalid {
  using Value = int32_t;

  static bool Apply(RowScope& scope, RegexMatcher& matcher, const StringRef& text, int32_t* out) {
    const JavaText java(text);
    *out = 0;
    Outcome outcome = matcher.Find(java.view());
    for (; outcome == Outcome::kMatch; outcome = matcher.FindNext(java.view())) ++*out;
    return outcome == Outcome::kNone || Fail(scope, matcher, java.view());
  }
};

// Counts in Java's characters.
struct RegexpInstr : NullIfInvalid {
  using Value = int32_t;

  static bool Apply(RowScope& scope, RegexMatcher& matcher, const StringRef& text, int32_t* out) {
    const JavaText java(text);
    const Outcome outcome = matcher.Find(java.view());
    if (outcome == Outcome::kError) return Fail(scope, matcher, java.view());
    *out = outcome == Outcome::kNone ? 0 : Utf16Length(java.view(), matcher.group(0).begin) + 1;
    return true;
  }

 private:
  static int32_t Utf16Length(std::string_view text, size_t end) {
    int32_t units = 0;
    for (size_t i = 0; i < end;) {
      const size_t bytes = CharacterBytes(text[i]);
      units += bytes == 4 ? 2 : 1;
      i += bytes;
    }
    return units;
  }
};

// All matches, by a text that is taken literally.
struct RegexpReplace : NullIfInvalid {
  using Value = StringRef;

  static bool Apply(RowScope& scope, RegexMatcher& matcher, const StringRef& text,
                    const StringRef& replacement, StringRef* out) {
    if (ReplaceRuns(scope, matcher, text.view(), replacement.view(), out)) return true;
    const JavaText java(text);
    size_t copied = 0;
    Outcome outcome = matcher.Find(java.view());
    if (outcome == Outcome::kNone) {
      *out = java.Part(scope, {0, java.view().size()});
      return true;
    }
    ArenaText made(&scope.arena(), java.view().size() + replacement.size());
    for (; outcome == Outcome::kMatch; outcome = matcher.FindNext(java.view())) {
      const Span match = matcher.group(0);
      made.Append(java.view().substr(copied, match.begin - copied));
      made.Append(replacement.view());
      copied = match.end;
    }
    if (outcome == Outcome::kError) return Fail(scope, matcher, java.view());
    made.Append(java.view().substr(copied));
    *out = made.Finish();
    return true;
  }

 private:
  // Where the pattern is but a run of characters, text and replacement are simple; otherwise false.
  static bool ReplaceRuns(RowScope& scope, const RegexMatcher& matcher, std::string_view text,
                          std::string_view replacement, StringRef* out) {
    const regex::CharacterRun* run = matcher.regex().run();
    if (run == nullptr || replacement.size() > run->kLongestReplacement || !IsAscii(text)) {
      return false;
    }
    char* const begin = scope.arena().Reserve(run->RoomToReplace(text.size(), replacement.size()));
    char* const end = run->Replace(text, replacement, begin);
    *out = StringRef(begin, static_cast<uint32_t>(end - begin));
    scope.arena().Shrink(out->is_inline() ? begin : end);
    return true;
  }
};

// SIMILAR TO. Unlike the others, a wrong pattern or escape fails the job.
struct Similar {
  using Value = uint8_t;
  static bool Apply(RowScope& scope, RegexMatcher& matcher, const StringRef& text, uint8_t* out) {
    return Regexp::Apply(scope, matcher, text, out);
  }
  static bool Invalid(RowScope& scope, const Status& status, uint8_t*) {
    return scope.Fail([&] { return status.message(); });
  }

  std::optional<std::string> escape;
  Compiled Compile(std::string_view pattern) const {
    CASTOR_ASSIGN_OR_RETURN(const std::string java, regex::SimilarToJava(pattern, escape));
    return JavaRegex::Compile(java, Extent::kWhole);
  }
};

// Functions of the first match only.
template <typename F>
constexpr bool FindsOnce = std::is_same_v<F, Regexp> || std::is_same_v<F, RegexpExtract> ||
                           std::is_same_v<F, RegexpSubstr> || std::is_same_v<F, RegexpInstr>;

// --- constant and other patterns ---

template <typename F>
struct WithConstant {
  static constexpr bool kCostly = true;
  std::shared_ptr<RegexMatcher> matcher;  // of this node alone

  template <typename... Rest>
  bool operator()(RowScope& scope, const StringRef& text, const Rest&... rest) const {
    return F::Apply(scope, *matcher, text, rest...);
  }
};

template <typename F>
struct WithDynamic {
  static constexpr bool kCostly = true;
  F function;
  std::shared_ptr<PatternCache> cache = std::make_shared<PatternCache>();

  template <typename... Rest>
  bool operator()(RowScope& scope, const StringRef& text, const StringRef& pattern,
                  const Rest&... rest) const {
    const PatternCache::Entry& entry = cache->Find(
        pattern.view(), [&](std::string_view text_of) { return function.Compile(text_of); });
    if (entry.matcher != nullptr) return F::Apply(scope, *entry.matcher, text, rest...);
    if (entry.status.code() != StatusCode::kInvalidArgument) {
      return scope.Fail([&] { return entry.status.message(); });
    }
    return F::Invalid(scope, entry.status, std::get<sizeof...(Rest) - 1>(std::tie(rest...)));
  }
};

template <typename F, typename... Rest>
Result<Node*> MakeRegex(Call& call, std::initializer_list<Want> wants, F function = {}) {
  using Value = typename F::Value;
  CASTOR_ASSIGN_OR_RETURN(std::vector<Node*> operands, OperandsAs(call, wants));
  if (const auto pattern = ConstantText(call, 1)) {
    const Compiled compiled = function.Compile(*pattern);
    if (compiled.ok()) {
      operands.erase(operands.begin() + 1);
      WithConstant<F> with{std::make_shared<RegexMatcher>(*compiled)};
      return call.builder.Make<RowNode<WithConstant<F>, Value, StringRef, Rest...>>(
          call.type(), std::move(operands), std::move(with),
          FindsOnce<F> && (*compiled)->NeverFails() ? OnError::kNull : OnError::kFail);
    }
    // What Java does not take has a result of its own, row by row.
    if (compiled.status().code() != StatusCode::kInvalidArgument) return compiled.status();
  }
  return call.builder.Make<RowNode<WithDynamic<F>, Value, StringRef, StringRef, Rest...>>(
      call.type(), std::move(operands), WithDynamic<F>{std::move(function)}, OnError::kFail);
}

template <typename F>
Result<Node*> OfTextAndPattern(Call& call) {
  return MakeRegex<F>(call, {Want::kText, Want::kText});
}

Result<Node*> MakeExtract(Call& call) {
  if (call.arity() == 2) return OfTextAndPattern<RegexpExtract>(call);
  return MakeRegex<RegexpExtract, int64_t>(call, {Want::kText, Want::kText, Want::kLong});
}

Result<Node*> MakeReplace(Call& call) {
  return MakeRegex<RegexpReplace, StringRef>(call, {Want::kText, Want::kText, Want::kText});
}

Result<Node*> MakeSimilar(Call& call) {
  Similar similar;
  if (call.arity() == 3) {
    similar.escape = ConstantText(call, 2);
    if (!similar.escape) return call.Unsupported("its escape must be a literal");
    call.operands.pop_back();
  }
  return MakeRegex<Similar>(call, {Want::kText, Want::kText}, std::move(similar));
}

constexpr FunctionEntry kFunctions[] = {
    {"REGEXP", OfTextAndPattern<Regexp>},
    {"REGEXP_EXTRACT", MakeExtract},
    {"REGEXP_REPLACE", MakeReplace},
    {"REGEXP_COUNT", OfTextAndPattern<RegexpCount>},
    {"REGEXP_INSTR", OfTextAndPattern<RegexpInstr>},
    {"REGEXP_SUBSTR", OfTextAndPattern<RegexpSubstr>},
    {"SIMILAR TO", MakeSimilar},
};

}  // namespace

std::span<const FunctionEntry> RegexFunctions() { return kFunctions; }

}  // namespace castor::expr
