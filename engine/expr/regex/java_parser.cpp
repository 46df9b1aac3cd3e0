#include "expr/regex/java_parser.h"

#include <utility>

#include "expr/utf8.h"

namespace castor::expr::regex {
namespace {

bool IsDigit(char32_t c) { return c >= '0' && c <= '9'; }
bool IsAsciiLetter(char32_t c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
bool IsSpace(char32_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool IsLineSeparator(char32_t c) {
  return c == '\n' || c == '\r' || (c | 1) == 0x2029 || c == 0x85;
}

PatternNodePtr NodeOf(PatternKind kind) { return std::make_unique<PatternNode>(kind); }

PatternNodePtr NodeOver(PatternKind kind, PatternNodePtr child) {
  PatternNodePtr node = NodeOf(kind);
  node->children.push_back(std::move(child));
  return node;
}

}  // namespace

Result<JavaPattern> ParseJavaPattern(std::string_view pattern) {
  return JavaParser(ToCodePoints(pattern)).Parse();
}

JavaParser::JavaParser(std::u32string pattern) : pattern_(std::move(pattern)) { Quote(); }

Result<JavaPattern> JavaParser::Parse() {
  CASTOR_ASSIGN_OR_RETURN(PatternNodePtr root, Alternation());
  if (!AtEnd()) {
    return Invalid(Peek() == ')' ? "unmatched closing ')'" : "unexpected internal error");
  }
  return JavaPattern{std::move(root), groups_, by_code_points_};
}

Status JavaParser::Invalid(std::string_view why) const {
  return Status::InvalidArgument("regular expression '" + FromCodePoints(pattern_) + "': " +
                                 std::string(why) + " near position " + std::to_string(cursor_));
}

Status JavaParser::Refused(std::string_view what) const {
  return Status::Unsupported("regular expression '" + FromCodePoints(pattern_) +
                             "' is not supported: it uses " + std::string(what));
}

// --- characters ---

// \Q...\E becomes escaped characters.
void JavaParser::Quote() {
  if (pattern_.find(U"\\Q") == std::u32string::npos) return;
  std::u32string out;
  bool quoted = false, first = false;
  for (size_t i = 0; i < pattern_.size(); ++i) {
    const char32_t c = pattern_[i];
    const char32_t next = At(i + 1);
    if (!quoted && c == '\\') {
      if (next == 'Q') {
        quoted = first = true;
        ++i;
        continue;
      }
      out += c;
      if (i + 1 < pattern_.size()) out += pattern_[++i];
    } else if (quoted && c == '\\' && next == 'E') {
      quoted = false;
      ++i;
    } else if (!quoted || c >= 0x80 || IsAsciiLetter(c)) {
      out += c;
    } else if (IsDigit(c)) {
      // Not to be read as more digits of what stands before the quotation.
      if (first) out += U"\\x3";
      out += c;
    } else {
      out += U'\\';
      out += c;
    }
    first = false;
  }
  pattern_ = std::move(out);
}

void JavaParser::SkipComments() {
  while (IsSpace(At(cursor_)) || At(cursor_) == '#') {
    if (At(cursor_) == '#') {
      while (!AtEnd() && !IsLineSeparator(At(cursor_))) ++cursor_;
      if (AtEnd()) return;
    }
    ++cursor_;
  }
}

char32_t JavaParser::Peek() {
  if (flags_.comments) SkipComments();
  return At(cursor_);
}

char32_t JavaParser::Read() {
  const char32_t c = Peek();
  ++cursor_;
  return c;
}

char32_t JavaParser::Next() {
  ++cursor_;
  return Peek();
}

// --- expressions ---

Result<PatternNodePtr> JavaParser::Alternation() {
  CASTOR_ASSIGN_OR_RETURN(PatternNodePtr first, Sequence());
  if (Peek() != '|' || AtEnd()) return first;
  PatternNodePtr node = NodeOver(PatternKind::kAlternation, std::move(first));
  while (!AtEnd() && Peek() == '|') {
    Next();
    CASTOR_ASSIGN_OR_RETURN(PatternNodePtr branch, Sequence());
    node->children.push_back(std::move(branch));
  }
  return node;
}

Result<PatternNodePtr> JavaParser::Sequence() {
  PatternNodePtr sequence = NodeOf(PatternKind::kSequence);
  while (true) {
    const char32_t c = Peek();
    if (AtEnd() || c == '|' || c == ')') return sequence;
    if (c == '(') {
      CASTOR_ASSIGN_OR_RETURN(PatternNodePtr group, Group());
      if (group != nullptr) sequence->children.push_back(std::move(group));
      continue;
    }
    CASTOR_ASSIGN_OR_RETURN(PatternNodePtr atom, Atom(c));
    CASTOR_ASSIGN_OR_RETURN(atom, Closure(std::move(atom)));
    sequence->children.push_back(std::move(atom));
  }
}

Result<PatternNodePtr> JavaParser::Atom(char32_t c) {
  switch (c) {
    case '[': {
      CASTOR_ASSIGN_OR_RETURN(CodePointSet set, Class(true));
      return OfSet(std::move(set));
    }
    case '\\': {
      CASTOR_ASSIGN_OR_RETURN(Escape escape, ReadEscape(false, false));
      if (escape.node != nullptr) return std::move(escape.node);
      return OfCharacter(escape.character);
    }
    case '^':
      Next();
      return Caret();
    case '$':
      Next();
      return Dollar();
    case '.':
      Next();
      return Dot();
    case '?':
    case '*':
    case '+':
      return Invalid(std::string("dangling meta character '") + static_cast<char>(c) + "'");
    case '{':
      return NodeOf(PatternKind::kSequence);  // an empty text, repeated
    default:
      Next();
      return OfCharacter(c);
  }
}

PatternNodePtr JavaParser::OfSet(CodePointSet set) {
  if (!set.empty() && set.ranges().back().last > 0xffff) by_code_points_ = true;
  PatternNodePtr node = NodeOf(PatternKind::kSet);
  node->set = std::move(set);
  return node;
}

PatternNodePtr JavaParser::OfCharacter(char32_t c) { return OfSet(Cased(CodePointSet({{c, c}}))); }

PatternNodePtr JavaParser::Dot() {
  if (flags_.dot_all) return OfSet(CodePointSet::All());
  const std::u32string_view excluded = flags_.unix_lines ? U"\n" : U"\n\r\u0085\u2028\u2029";
  return OfSet(CodePointSet::Of(excluded).Complement());
}

PatternNodePtr JavaParser::Caret() {
  if (!flags_.multi_line) return NodeOf(PatternKind::kTextStart);
  return NodeOf(flags_.unix_lines ? PatternKind::kUnixLineStart : PatternKind::kLineStart);
}

PatternNodePtr JavaParser::Dollar() {
  if (flags_.multi_line) {
    return NodeOf(flags_.unix_lines ? PatternKind::kUnixLineEnd : PatternKind::kLineEnd);
  }
  return NodeOf(flags_.unix_lines ? PatternKind::kTextEndUnixLine : PatternKind::kTextEndLine);
}

// --- groups ---

Result<PatternNodePtr> JavaParser::Group() {
  const Flags outside = flags_;
  PatternNodePtr node;
  if (Next() == '?') {
    CASTOR_ASSIGN_OR_RETURN(node, SpecialGroup());
    if (node == nullptr) return node;  // the flags stay
  } else {
    CASTOR_ASSIGN_OR_RETURN(node, Capture());
  }
  if (AtEnd() || Read() != ')') return Invalid("unclosed group");
  flags_ = outside;
  return Closure(std::move(node));
}

Result<PatternNodePtr> JavaParser::Capture() {
  const int32_t number = ++groups_;
  CASTOR_ASSIGN_OR_RETURN(PatternNodePtr node, GroupBody(PatternKind::kGroup));
  node->number = number;
  return node;
}

Result<PatternNodePtr> JavaParser::GroupBody(PatternKind kind, bool negated) {
  CASTOR_ASSIGN_OR_RETURN(PatternNodePtr body, Alternation());
  PatternNodePtr node = NodeOver(kind, std::move(body));
  node->negated = negated;
  return node;
}

Result<PatternNodePtr> JavaParser::SpecialGroup() {
  const char32_t c = At(cursor_ + 1);
  cursor_ += 2;
  switch (c) {
    case ':':
      return Alternation();
    case '=':
    case '!':
      return GroupBody(PatternKind::kLookAhead, c == '!');
    case '>':
      return GroupBody(PatternKind::kAtomic);
    case '<':
      return NamedGroup();
    case '$':
    case '@':
      return Invalid("unknown group type");
    default:
      break;
  }
  --cursor_;
  CASTOR_RETURN_NOT_OK(ReadFlags());
  const char32_t after = Read();
  if (after == ')') return PatternNodePtr();
  if (after != ':') return Invalid("unknown inline modifier");
  return Alternation();
}

Result<PatternNodePtr> JavaParser::NamedGroup() {
  const char32_t c = Read();
  if (c == '=' || c == '!') return GroupBody(PatternKind::kLookBehind, c == '!');
  CASTOR_ASSIGN_OR_RETURN(const std::string name, GroupName(c));
  if (!names_.emplace(name, groups_ + 1).second) {
    return Invalid("named capturing group <" + name + "> is already defined");
  }
  return Capture();
}

Result<std::string> JavaParser::GroupName(char32_t first) {
  if (!IsAsciiLetter(first)) return Invalid("capturing group name does not start with a letter");
  std::string name;
  char32_t c = first;
  for (; IsAsciiLetter(c) || IsDigit(c); c = Read()) name += static_cast<char>(c);
  if (c != '>') return Invalid("named capturing group is missing trailing '>'");
  return name;
}

Status JavaParser::ReadFlags() {
  bool on = true;
  for (char32_t c = Peek();; c = Next()) {
    switch (c) {
      case 'i':
        flags_.case_insensitive = on;
        break;
      case 'm':
        flags_.multi_line = on;
        break;
      case 's':
        flags_.dot_all = on;
        break;
      case 'd':
        flags_.unix_lines = on;
        break;
      case 'x':
        flags_.comments = on;
        break;
      case 'u':
      case 'U':
        if (on) return Refused("a flag for Unicode's cases or classes, (?u) or (?U)");
        break;
      case 'c':
        return Refused("the flag (?c)");
      case '-':
        if (!on) return Status::OK();
        on = false;
        break;
      default:
        return Status::OK();
    }
  }
}

// --- repetition ---

Result<PatternNodePtr> JavaParser::Closure(PatternNodePtr node) {
  int32_t min = 0, max = kNoMaximum;
  switch (Peek()) {
    case '?':
      max = 1;
      Next();
      break;
    case '*':
      Next();
      break;
    case '+':
      min = 1;
      Next();
      break;
    case '{':
      CASTOR_RETURN_NOT_OK(ReadCounts(&min, &max));
      break;
    default:
      return node;
  }
  PatternNodePtr repeat = NodeOver(PatternKind::kRepeat, std::move(node));
  repeat->min = min;
  repeat->max = max;
  const char32_t c = Peek();
  if (c == '?') repeat->greed = Greed::kLazy;
  if (c == '+') repeat->greed = Greed::kPossessive;
  if (c == '?' || c == '+') Next();
  return repeat;
}

// {n}, {n,} or {n,m}.
Status JavaParser::ReadCounts(int32_t* min, int32_t* max) {
  ++cursor_;
  if (!IsDigit(At(cursor_))) return Invalid("illegal repetition");
  CASTOR_ASSIGN_OR_RETURN(*min, ReadCount());
  *max = *min;
  if (Peek() == ',') {
    Next();
    *max = kNoMaximum;
    if (Peek() != '}') {
      CASTOR_ASSIGN_OR_RETURN(*max, ReadCount());
    }
  }
  if (AtEnd() || Peek() != '}') return Invalid("unclosed counted closure");
  if (*max < *min) return Invalid("illegal repetition range");
  Next();
  return Status::OK();
}

Result<int32_t> JavaParser::ReadCount() {
  int64_t count = 0;
  for (; IsDigit(Peek()); Next()) {
    count = count * 10 + static_cast<int64_t>(Peek() - '0');
    if (count > INT32_MAX) return Invalid("illegal repetition range");
  }
  return static_cast<int32_t>(count);
}

}  // namespace castor::expr::regex
