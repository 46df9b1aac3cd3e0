#include "expr/regex/java_regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <re2/re2.h>

#include <utility>

#include "expr/byte_search.h"
#include "expr/regex/character_run.h"
#include "expr/regex/java_pattern.h"
#include "expr/regex/pattern_writer.h"
#include "expr/regex/required_literal.h"
#include "expr/utf8.h"

namespace castor::expr::regex {
namespace {

// Steps after which RE2 is asked instead, and after which nobody is.
constexpr uint32_t kStepsBeforeRe2 = 20'000;
constexpr uint32_t kSteps = 10'000'000;

struct FreeCode {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
using CodePtr = std::unique_ptr<pcre2_code, FreeCode>;

Result<CodePtr> CompilePcre2(std::string_view java, const std::string& pattern) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  // The text of patterns is well-formed, that of subjects is checked by who calls.
  CodePtr code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                             PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_NEVER_BACKSLASH_C, &error,
                             &offset, nullptr));
  if (code == nullptr) {
    PCRE2_UCHAR message[256];
    pcre2_get_error_message(error, message, sizeof(message));
    return Status::Unsupported("regular expression '" + std::string(java) +
                               "' is not supported: " + reinterpret_cast<const char*>(message));
  }
  // Without room for compiled code (or on machines without it) the interpreter runs it.
  pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE);
  return code;
}

std::unique_ptr<re2::RE2> CompileRe2(const Re2Pattern& pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(16 << 20);
  auto compiled = std::make_unique<re2::RE2>(pattern.text, options);
  return compiled->ok() ? std::move(compiled) : nullptr;
}

bool EndsInTerminator(std::string_view text) {
  return text.ends_with('\n') || text.ends_with('\r') || text.ends_with("\xc2\x85") ||
         text.ends_with("\xe2\x80\xa8") || text.ends_with("\xe2\x80\xa9");
}

// For the JDK a mark belongs to a word if letters or digits, and marks, stand before it; our
// patterns take every mark for a part of a word.
bool HasLooseMark(std::string_view text) {
  static const CodePointSet marks = CodePointSet::OfUnicode("[:Mn:]");
  static const CodePointSet bases = CodePointSet::OfUnicode("[[:L:][:Nd:]]");
  bool base = false;
  for (const char32_t c : ToCodePoints(text)) {
    if (!marks.Contains(c)) {
      base = bases.Contains(c);
    } else if (!base) {
      return true;
    }
  }
  return false;
}

PatternNodePtr AsWhole(PatternNodePtr root) {
  auto whole = std::make_unique<PatternNode>(PatternKind::kSequence);
  whole->children.push_back(std::make_unique<PatternNode>(PatternKind::kTextStart));
  whole->children.push_back(std::move(root));
  whole->children.push_back(std::make_unique<PatternNode>(PatternKind::kTextEnd));
  return whole;
}

}  // namespace

struct JavaRegex::Engines {
  std::string pattern;
  int32_t group_count = 0;
  bool by_code_points = false;
  RequiredLiteral required;
  std::optional<CharacterRun> run;  // the pattern needs neither of the engines
  CodePtr pcre2;
  CodePtr pcre2_unicode;  // for texts beyond ASCII, where words matter
  std::unique_ptr<re2::RE2> re2;
  bool re2_ascii_only = false;
  bool re2_needs_unterminated_text = false;
};

JavaRegex::JavaRegex(std::unique_ptr<Engines> engines) : engines_(std::move(engines)) {}
JavaRegex::~JavaRegex() = default;

int32_t JavaRegex::group_count() const { return engines_->group_count; }

bool JavaRegex::NeverFails() const {
  return engines_->pcre2_unicode == nullptr && engines_->re2 != nullptr &&
         !engines_->re2_ascii_only && !engines_->re2_needs_unterminated_text;
}

const CharacterRun* JavaRegex::run() const { return engines_->run ? &*engines_->run : nullptr; }

Result<std::shared_ptr<const JavaRegex>> JavaRegex::Compile(std::string_view pattern,
                                                            Extent extent) {
  CASTOR_ASSIGN_OR_RETURN(JavaPattern parsed, ParseJavaPattern(pattern));
  if (extent == Extent::kWhole) parsed.root = AsWhole(std::move(parsed.root));
  auto engines = std::make_unique<Engines>();
  engines->pattern = pattern;
  engines->group_count = parsed.group_count;
  engines->by_code_points = parsed.by_code_points;
  engines->required = FindRequiredLiteral(parsed);
  engines->run = CharacterRun::Of(parsed);
  CASTOR_ASSIGN_OR_RETURN(engines->pcre2, CompilePcre2(pattern, WriteForPcre2(parsed, false)));
  if (HasWordBoundary(*parsed.root)) {
    CASTOR_ASSIGN_OR_RETURN(engines->pcre2_unicode,
                            CompilePcre2(pattern, WriteForPcre2(parsed, true)));
  }
  if (const auto re2 = WriteForRe2(parsed)) {
    engines->re2 = CompileRe2(*re2);
    engines->re2_ascii_only = re2->ascii_only;
    engines->re2_needs_unterminated_text = re2->needs_unterminated_text;
  }
  return std::shared_ptr<const JavaRegex>(new JavaRegex(std::move(engines)));
}

struct RegexMatcher::Scratch {
  static bool HasMachineCode(const CodePtr& code) {
    size_t bytes = 0;
    return pcre2_pattern_info(code.get(), PCRE2_INFO_JITSIZE, &bytes) == 0 && bytes > 0;
  }
  static bool IsCompiled(const JavaRegex::Engines& engines) {
    return HasMachineCode(engines.pcre2) &&
           (engines.pcre2_unicode == nullptr || HasMachineCode(engines.pcre2_unicode));
  }

  explicit Scratch(const JavaRegex::Engines& engines)
      : data(pcre2_match_data_create_from_pattern(engines.pcre2.get(), nullptr)),
        context(pcre2_match_context_create(nullptr)),
        stack(pcre2_jit_stack_create(32 << 10, 4 << 20, nullptr)),
        match(IsCompiled(engines) ? pcre2_jit_match : pcre2_match),
        spans(static_cast<size_t>(engines.group_count) + 1) {
    pcre2_set_match_limit(context, engines.re2 != nullptr ? kStepsBeforeRe2 : kSteps);
    pcre2_jit_stack_assign(context, nullptr, stack);
  }
  ~Scratch() {
    pcre2_match_data_free(data);
    pcre2_match_context_free(context);
    pcre2_jit_stack_free(stack);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  pcre2_match_data* const data;
  pcre2_match_context* const context;
  pcre2_jit_stack* const stack;
  // The one for compiled code has no arguments to check.
  decltype(&pcre2_match) const match;
  std::vector<Span> spans;
  std::string error;
};

RegexMatcher::RegexMatcher(std::shared_ptr<const JavaRegex> regex)
    : regex_(std::move(regex)), scratch_(std::make_unique<Scratch>(*regex_->engines_)) {}
RegexMatcher::~RegexMatcher() = default;

Span RegexMatcher::group(int32_t number) const {
  return scratch_->spans[static_cast<size_t>(number)];
}

std::string RegexMatcher::error(std::string_view text) const {
  return "regular expression '" + regex_->engines_->pattern + "' on '" +
         std::string(text.substr(0, 200)) + "': " + scratch_->error;
}

RegexMatcher::Outcome RegexMatcher::Test(std::string_view text) { return Find(text, 0); }

bool RegexMatcher::Re2Holds(std::string_view text, bool ascii) const {
  const JavaRegex::Engines& engines = *regex_->engines_;
  return engines.re2 != nullptr && (ascii || !engines.re2_ascii_only) &&
         !(engines.re2_needs_unterminated_text && EndsInTerminator(text));
}

RegexMatcher::Outcome RegexMatcher::Find(std::string_view text, size_t from) {
  if (const std::optional<CharacterRun>& run = regex_->engines_->run) {
    Span& match = scratch_->spans[0];
    return run->Find(text, from, &match.begin, &match.end) ? Outcome::kMatch : Outcome::kNone;
  }
  const bool ascii = regex_->engines_->pcre2_unicode == nullptr || IsAscii(text);
  if (!ascii && HasLooseMark(text)) {
    scratch_->error = "a boundary of words at a combining mark without a letter is not supported";
    return Outcome::kError;
  }
  if (!SkipTo(text, &from)) return Outcome::kNone;
  return FindPcre2(text, from, ascii);
}

// Moves `from` on to where the first match may start; false if there is none.
bool RegexMatcher::SkipTo(std::string_view text, size_t* from) const {
  const RequiredLiteral& required = regex_->engines_->required;
  if (required.text.empty()) return true;
  const size_t found = FindBytes(text, required.text, *from);
  if (found == std::string_view::npos) return false;
  if (found - *from <= required.max_before) return true;
  *from = found - required.max_before;
  while (!IsCharacterStart(text[*from])) --*from;
  return true;
}

RegexMatcher::Outcome RegexMatcher::FindPcre2(std::string_view text, size_t from, bool ascii) {
  const JavaRegex::Engines& engines = *regex_->engines_;
  const pcre2_code* code = ascii ? engines.pcre2.get() : engines.pcre2_unicode.get();
  const int count = scratch_->match(code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(),
                                    from, PCRE2_NO_UTF_CHECK, scratch_->data, scratch_->context);
  if (count == PCRE2_ERROR_NOMATCH) return Outcome::kNone;
  if (count < 0) {
    if (Re2Holds(text, ascii)) return FindRe2(text, from);
    scratch_->error = count == PCRE2_ERROR_MATCHLIMIT
                          ? "matching takes too many steps"
                          : "matching fails with PCRE2's error " + std::to_string(count);
    return Outcome::kError;
  }
  const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(scratch_->data);
  for (size_t i = 0; i < scratch_->spans.size(); ++i) {
    const bool set = static_cast<int>(i) < count && offsets[2 * i] != PCRE2_UNSET;
    scratch_->spans[i] = set ? Span{offsets[2 * i], offsets[2 * i + 1]} : Span{};
  }
  return Outcome::kMatch;
}

RegexMatcher::Outcome RegexMatcher::FindRe2(std::string_view text, size_t from) {
  const re2::StringPiece subject(text.data(), text.size());
  std::vector<re2::StringPiece> groups(scratch_->spans.size());
  if (!regex_->engines_->re2->Match(subject, from, text.size(), re2::RE2::UNANCHORED, groups.data(),
                                    static_cast<int>(groups.size()))) {
    return Outcome::kNone;
  }
  for (size_t i = 0; i < groups.size(); ++i) {
    const auto begin = static_cast<size_t>(groups[i].data() - text.data());
    scratch_->spans[i] =
        groups[i].data() == nullptr ? Span{} : Span{begin, begin + groups[i].size()};
  }
  return Outcome::kMatch;
}

RegexMatcher::Outcome RegexMatcher::FindNext(std::string_view text) {
  const Span latest = group(0);
  size_t from = latest.end;
  if (latest.size() == 0) {
    if (from >= text.size()) return Outcome::kNone;
    const size_t bytes = CharacterBytes(text[from]);
    // Java would look between the halves of the character.
    if (bytes == 4 && !regex_->engines_->by_code_points) {
      scratch_->error = "an empty match before a character beyond U+FFFF is not supported";
      return Outcome::kError;
    }
    from += bytes;
  }
  return Find(text, from);
}

}  // namespace castor::expr::regex
