// The syntax of JSON paths: com.jayway.jsonpath.internal.path.PathCompiler.
#include <charconv>
#include <utility>

#include "expr/json/path.h"
#include "expr/utf8.h"

namespace castor::expr::json {

class PathParser {
 public:
  explicit PathParser(std::string text) : text_(std::move(text)) {}

  Result<Path> Parse() {
    ++at_;  // the root
    while (at_ < text_.size()) {
      CASTOR_RETURN_NOT_OK(Step());
    }
    return std::move(path_);
  }

  Status Invalid(std::string_view why) const {
    return Status::InvalidArgument("JSON path '" + text_ + "': " + std::string(why) +
                                   " at position " + std::to_string(at_));
  }

 private:
  using StepKind = Path::Step;

  char Peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void SkipBlanks() {
    while (Peek() == ' ') ++at_;
  }
  void Add(Path::Token token) { path_.tokens_.push_back(std::move(token)); }
  static Path::Token Of(StepKind step) { return {step, {}, {}, {}, {}}; }

  Status Step() {
    if (Peek() == '[') return Bracket();
    if (Peek() != '.') return Invalid("expected '.' or '['");
    ++at_;
    if (Peek() == '.') {
      ++at_;
      Add(Of(StepKind::kScan));
    }
    if (at_ >= text_.size()) return Invalid("the path must not end with '.'");
    if (Peek() == '[') return Bracket();
    if (Peek() == '*') {
      ++at_;
      Add(Of(StepKind::kWildcard));
      return Status::OK();
    }
    if (Peek() == '.') return Invalid("unexpected '.'");
    return Name();
  }

  Status Name() {
    const size_t start = at_;
    while (at_ < text_.size() && Peek() != '.' && Peek() != '[') {
      if (Peek() == ' ') return Invalid("use ['name'] for a name with blanks");
      if (Peek() == '(') {
        return Status::Unsupported("JSON path '" + text_ +
                                   "' is not supported: it calls a function");
      }
      ++at_;
    }
    Path::Token token = Of(StepKind::kMembers);
    token.names.push_back(text_.substr(start, at_ - start));
    Add(std::move(token));
    return Status::OK();
  }

  Status Bracket() {
    ++at_;
    SkipBlanks();
    const char c = Peek();
    if (c == '\'' || c == '"') return Names(c);
    if (c == '?') {
      return Status::Unsupported("JSON path '" + text_ + "' is not supported: it has a filter");
    }
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
      SkipBlanks();
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
    const std::string_view inside = std::string_view(text_).substr(at_, end - at_);
    const size_t colon = inside.find(':');
    Path::Token token = Of(colon == std::string_view::npos ? StepKind::kIndexes : StepKind::kSlice);
    if (token.step == StepKind::kSlice) {
      CASTOR_RETURN_NOT_OK(Bound(inside.substr(0, colon), &token.from));
      CASTOR_RETURN_NOT_OK(Bound(inside.substr(colon + 1), &token.to));
      if (!token.from && !token.to) return Invalid("a slice needs a bound");
    } else {
      for (std::string_view rest = inside;;) {
        const size_t comma = rest.find(',');
        std::optional<int32_t> index;
        CASTOR_RETURN_NOT_OK(Bound(rest.substr(0, comma), &index));
        if (!index) return Invalid("expected an index");
        token.indexes.push_back(*index);
        if (comma == std::string_view::npos) break;
        rest.remove_prefix(comma + 1);
      }
    }
    at_ = end + 1;
    Add(std::move(token));
    return Status::OK();
  }

  Status Bound(std::string_view text, std::optional<int32_t>* bound) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
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
};

Result<Path> Path::Compile(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.empty()) return Status::InvalidArgument("the JSON path is empty");
  const bool rooted = text[0] == '$' || text[0] == '@';
  PathParser parser((rooted ? "" : "$.") + std::string(text));
  if (text.ends_with('.')) return parser.Invalid("the path must not end with '.'");
  return parser.Parse();
}

}  // namespace castor::expr::json
