// The parser of java.util.regex.Pattern (JDK 17): recursive descent over code points, with that
// class's own rules of what is skipped, unread and taken literally. One parser, one pattern.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "expr/regex/java_pattern.h"

namespace castor::expr::regex {

class JavaParser {
 public:
  explicit JavaParser(std::u32string pattern);

  Result<JavaPattern> Parse();

 private:
  struct Flags {
    bool case_insensitive = false;
    bool multi_line = false;
    bool dot_all = false;
    bool unix_lines = false;
    bool comments = false;
  };
  // A character, or (where those are allowed) a node.
  struct Escape {
    char32_t character = 0;
    PatternNodePtr node;
  };

  // --- characters: positions beyond the end read as 0 ---
  char32_t At(size_t position) const {
    return position < pattern_.size() ? pattern_[position] : U'\0';
  }
  bool AtEnd() const { return cursor_ >= pattern_.size(); }
  char32_t Peek();
  char32_t Read();
  char32_t Next();
  void SkipComments();
  void Quote();  // resolves \Q...\E

  // --- expressions ---
  Result<PatternNodePtr> Alternation();
  Result<PatternNodePtr> Sequence();
  Result<PatternNodePtr> Atom(char32_t c);
  Result<PatternNodePtr> Group();  // nullptr: it only set flags
  Result<PatternNodePtr> SpecialGroup();
  Result<PatternNodePtr> NamedGroup();
  Result<PatternNodePtr> GroupBody(PatternKind kind, bool negated = false);
  Result<PatternNodePtr> Capture();
  Status ReadFlags();
  Result<PatternNodePtr> Closure(PatternNodePtr node);
  Status ReadCounts(int32_t* min, int32_t* max);
  Result<int32_t> ReadCount();
  PatternNodePtr Dot();
  PatternNodePtr Caret();
  PatternNodePtr Dollar();
  PatternNodePtr OfSet(CodePointSet set);
  PatternNodePtr OfCharacter(char32_t c);

  // --- escapes, the cursor at the backslash ---
  Result<Escape> ReadEscape(bool in_class, bool in_range);
  Result<PatternNodePtr> EscapedNode(char32_t c);
  Result<PatternNodePtr> BackReference(char32_t digit);
  Result<PatternNodePtr> NamedReference();
  Result<std::string> GroupName(char32_t first);
  Result<char32_t> Octal();
  Result<char32_t> Hexadecimal();
  Result<char32_t> FourHex();
  Result<char32_t> Utf16Unit();

  // --- classes ---
  Result<CodePointSet> Class(bool consume);
  Result<std::optional<CodePointSet>> IntersectionOperand(char32_t c);
  Result<CodePointSet> ClassItem();
  Result<CodePointSet> Property();
  Result<CodePointSet> PropertyNamed(const std::string& name);
  CodePointSet Cased(CodePointSet set) const {
    return flags_.case_insensitive ? set.WithAsciiCases() : set;
  }

  Status Invalid(std::string_view why) const;
  Status Refused(std::string_view what) const;

  std::u32string pattern_;
  size_t cursor_ = 0;
  Flags flags_;
  int32_t groups_ = 0;
  std::map<std::string, int32_t> names_;
  bool by_code_points_ = false;
};

}  // namespace castor::expr::regex
