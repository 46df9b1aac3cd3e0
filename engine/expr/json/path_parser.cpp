// The syntax of JSON paths: com.jayway.jsonpath.internal.path.PathCompiler.
#include <charconv>
#include <utility>

#include "expr/json/filter.h"
#include "expr/json/path.h"
#include "expr/utf8.h"

namespace castor::expr::json {

class PathParser {
 public:
  explicit PathParser(std::string text) : text_(std::move(text)) {}

  Result<Path> Parse() {
    ++at_;  // the root
    if (at_ < text_.size() && Peek() != '.' && Peek() != '[') {
      return Invalid("expected '.' or '['");
    }
    // As Jayway does: one character behind a step is not looked at.
    for (bool first = true; at_ + (first ? 0 : 1) < text_.size() && !calls_; first = false) {
      CASTOR_RETURN_NOT_OK(Step());
    }
    if (DependsOnRowsBefore()) {
      unsupported_ = "what Flink finds below '..*' depends on the rows before";
    }
    if (unsupported_.empty()) return std::move(path_);
    return Status::Unsupported("JSON path '" + text_ + "' is not supported: " + unsupported_);
  }

  Status Invalid(std::string_view why) const {
    return Status::InvalidArgument("JSON path '" + text_ + "': " + std::string(why) +
                                   " at position " + std::to_string(at_));
  }

 private:
  using StepKind = Path::Step;

  // "..*.a" and "..*.*": Jayway keeps the index of the latest element in the path itself, and takes
  // no more members once there was one.
  bool DependsOnRowsBefore() const {
    const auto& tokens = path_.tokens_;
    if (tokens.size() < 3) return false;
    const Path::Token& last = tokens.back();
    const bool members = last.step == StepKind::kWildcard ||
                         (last.step == StepKind::kMembers && last.names.size() == 1);
    return members && tokens[tokens.size() - 2].step == StepKind::kWildcard &&
           tokens[tokens.size() - 3].step == StepKind::kScan;
  }

  char Peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void SkipBlanks() {
    while (Peek() == ' ') ++at_;
  }
  void Add(Path::Token token) { path_.tokens_.push_back(std::move(token)); }
  static Path::Token Of(StepKind step) { return {step, {}, {}, {}, {}, {}}; }

  Status Step() {
    if (Peek() == '.') CASTOR_RETURN_NOT_OK(Dots());
    if (Peek() == '[') return Bracket();
    if (Peek() == '*') {
      ++at_;
      Add(Of(StepKind::kWildcard));
      return Status::OK();
    }
    return Name();
  }

  Status Dots() {
    ++at_;
    if (Peek() == '.') {
      ++at_;
      Add(Of(StepKind::kScan));
    }
    if (at_ >= text_.size()) return Invalid("the path must not end with '.'");
    return Peek() == '.' ? Invalid("unexpected '.'") : Status::OK();
  }

  Status Name() {
    const size_t start = at_;
    while (at_ < text_.size() && Peek() != '.' && Peek() != '[') {
      if (Peek() == ' ') return Invalid("use ['name'] for a name with blanks");
      if (Peek() == '(') return Call();
      ++at_;
    }
    Path::Token token = Of(StepKind::kMembers);
    token.names.push_back(text_.substr(start, at_ - start));
    Add(std::move(token));
    return Status::OK();
  }

  // .length() and the like; what follows it is not read.
  Status Call() {
    if (ClosingParenthesis(false) == std::string::npos) return Invalid("'(' is not closed");
    unsupported_ = "it calls a function";
    calls_ = true;
    return Status::OK();
  }

  // Of the '(' here; none: npos. In filters strings and regular expressions are skipped.
  size_t ClosingParenthesis(bool in_filter) const {
    char quote = '\0';
    int open = 0;
    for (size_t i = at_; i < text_.size(); ++i) {
      const char c = text_[i];
      if (quote != '\0') {
        if (c == '\\' && quote == '\'') {
          ++i;
        } else if (c == quote) {
          quote = '\0';
        }
      } else if (in_filter && (c == '\'' || c == '/')) {
        quote = c;
      } else if (c == '(') {
        ++open;
      } else if (c == ')' && --open == 0) {
        return i;
      }
    }
    return std::string::npos;
  }

  // [?(...)]
  Status FilterStep() {
    ++at_;
    SkipBlanks();
    const size_t start = at_;
    const size_t end = Peek() == '(' ? ClosingParenthesis(true) : std::string::npos;
    if (end == std::string::npos) return Invalid("a filter needs '(' and ')'");
    at_ = end + 1;
    const auto filter = Filter::Compile(std::string_view(text_).substr(start, at_ - start));
    if (filter.status().code() == StatusCode::kInvalidArgument) return filter.status();
    if (!filter.ok()) unsupported_ = filter.status().message();
    SkipBlanks();
    if (Peek() != ']') return Invalid("expected ']' after a filter");
    ++at_;
    if (!path_.tokens_.empty() && path_.tokens_.back().step == StepKind::kScan) {
      unsupported_ = "it has a filter right behind '..'";
    }
    Path::Token token = Of(StepKind::kFilter);
    if (filter.ok()) token.filter = *filter;
    Add(std::move(token));
    return Status::OK();
  }

  Status Bracket() {
    ++at_;
    SkipBlanks();
    const char c = Peek();
    if (c == '\'' || c == '"') return Names(c);
    if (c == '?') return FilterStep();
    if (c == '*') {
      ++at_;
      SkipBlanks();
      if (Peek() != ']') return Invalid("expected ']' after '*'");
      ++at_;
      Add(Of(StepKind::kWildcard));
      return Status::OK();
    }
    return Numbers();
  }

  Status Names(char quote) {
    Path::Token token = Of(StepKind::kMembers);
    while (true) {
      std::string name;
      CASTOR_RETURN_NOT_OK(Quoted(quote, &name));
      token.names.push_back(std::move(name));
      SkipBlanks();
      const char c = Peek();
      ++at_;
      if (c == ']') break;
      if (c != ',') return Invalid("expected ',' or ']' after a name");
      // As Jayway does: other characters before the next name are not looked at.
      while (at_ < text_.size() && Peek() != quote && Peek() != ',' && Peek() != ']') ++at_;
      if (Peek() != quote) return Invalid("expected a name in the same quotes");
    }
    Add(std::move(token));
    return Status::OK();
  }

  Status Quoted(char quote, std::string* name) {
    for (++at_; at_ < text_.size(); ++at_) {
      if (Peek() == quote) {
        ++at_;
        return Status::OK();
      }
      if (Peek() == '\\') {
        ++at_;
        constexpr std::string_view kLetters = "bfnrtu";
        if (kLetters.find(Peek()) != std::string_view::npos) {
          return Status::Unsupported("JSON path '" + text_ +
                                     "' is not supported: it has escapes for control characters");
        }
      }
      *name += Peek();
    }
    return Invalid("a name has no end");
  }

  // [1], [1,2], [1:2], [1:], [:2]
  Status Numbers() {
    const size_t end = text_.find(']', at_);
    if (end == std::string::npos) return Invalid("'[' is not closed");
    const std::string_view inside = Trimmed(std::string_view(text_).substr(at_, end - at_));
    if (inside.find_first_not_of("0123456789,-: ") != std::string_view::npos) {
      return Invalid("expected a name in quotes, numbers or '*'");
    }
    const bool slice = inside.find(':') != std::string_view::npos;
    Path::Token token = Of(slice ? StepKind::kSlice : StepKind::kIndexes);
    CASTOR_RETURN_NOT_OK(slice ? Slice(inside, &token) : Indexes(inside, &token));
    at_ = end + 1;
    Add(std::move(token));
    return Status::OK();
  }

  // As Jayway does: a third bound is not looked at.
  Status Slice(std::string_view inside, Path::Token* token) {
    const size_t colon = inside.find(':');
    const std::string_view rest = inside.substr(colon + 1);
    CASTOR_RETURN_NOT_OK(Bound(inside.substr(0, colon), &token->from));
    CASTOR_RETURN_NOT_OK(Bound(rest.substr(0, rest.find(':')), &token->to));
    return token->from || token->to ? Status::OK() : Invalid("a slice needs a bound");
  }

  Status Indexes(std::string_view rest, Path::Token* token) {
    while (true) {
      const size_t comma = rest.find(',');
      std::optional<int32_t> index;
      CASTOR_RETURN_NOT_OK(Bound(Trimmed(rest.substr(0, comma)), &index));
      if (!index) return Invalid("expected an index");
      token->indexes.push_back(*index);
      if (comma == std::string_view::npos) return Status::OK();
      rest.remove_prefix(comma + 1);
    }
  }

  static std::string_view Trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
  }

  Status Bound(std::string_view text, std::optional<int32_t>* bound) {
    if (text.empty()) return Status::OK();
    int32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
      return Invalid("expected a number");
    }
    *bound = value;
    return Status::OK();
  }

  const std::string text_;
  size_t at_ = 0;
  Path path_;
  std::string unsupported_;  // of a path that is valid: why it cannot be run
  bool calls_ = false;
};

Result<Path> Path::Compile(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.empty()) return Status::InvalidArgument("the JSON path is empty");
  // A blank before the root is not skipped: the root is taken for a name then.
  const bool rooted = text[0] == '$' || text[0] == '@';
  PathParser parser((rooted ? "" : "$.") + std::string(text));
  if (text.ends_with('.')) return parser.Invalid("the path must not end with '.'");
  return parser.Parse();
}

}  // namespace castor::expr::json
