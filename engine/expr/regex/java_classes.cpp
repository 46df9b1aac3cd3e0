// Character classes and properties: JavaParser's part of Pattern.clazz and Pattern.family.
#include <array>
#include <utility>

#include "expr/regex/java_parser.h"

namespace castor::expr::regex {
namespace {

void AddTo(std::optional<CodePointSet>* all, const CodePointSet& more) {
  *all = all->has_value() ? (*all)->Union(more) : more;
}

struct AsciiClass {
  std::string_view name;
  std::u32string_view ranges;  // pairs of first and last
};

constexpr AsciiClass kAsciiClasses[] = {
    {"ASCII", std::u32string_view(U"\0\x7f", 2)},
    {"Alnum", U"09AZaz"},
    {"Alpha", U"AZaz"},
    {"Blank", U"\t\t  "},
    {"Cntrl", std::u32string_view(U"\0\x1f\x7f\x7f", 4)},
    {"Digit", U"09"},
    {"Graph", U"!~"},
    {"L1", std::u32string_view(U"\0\xff", 2)},
    {"Lower", U"az"},
    {"Print", U" ~"},
    {"Punct", U"!/:@[`{~"},
    {"Space", U"\t\r  "},
    {"Upper", U"AZ"},
    {"XDigit", U"09AFaf"},
    {"all", std::u32string_view(U"\0\U0010ffff", 2)},
};

const AsciiClass* FindAsciiClass(std::string_view name) {
  for (const AsciiClass& each : kAsciiClasses) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

CodePointSet SetOf(const AsciiClass& of) {
  std::vector<CodePointSet::Range> ranges;
  for (size_t i = 0; i + 1 < of.ranges.size(); i += 2) {
    ranges.push_back({of.ranges[i], of.ranges[i + 1]});
  }
  return CodePointSet(std::move(ranges));
}

bool IsCategory(std::string_view name) {
  constexpr std::string_view kCategories[] = {
      "C",  "Cc", "Cf", "Cn", "Co", "Cs", "L",  "Ll", "Lm", "Lo", "Lt", "Lu", "M",
      "Mc", "Me", "Mn", "N",  "Nd", "Nl", "No", "P",  "Pc", "Pd", "Pe", "Pf", "Pi",
      "Po", "Ps", "S",  "Sc", "Sk", "Sm", "So", "Z",  "Zl", "Zp", "Zs", "LC"};
  for (const std::string_view each : kCategories) {
    if (each == name) return true;
  }
  return false;
}

CodePointSet Category(const std::string& name) {
  if (name == "Cn" || name == "C") {
    // What the JDK's Unicode does not know yet is unassigned there.
    const CodePointSet assigned = CodePointSet::OfUnicode("[:^Cn:]");
    if (name == "Cn") return assigned.Complement();
    return assigned.Complement().Union(CodePointSet::OfUnicode("[[:Cc:][:Cf:][:Co:][:Cs:]]"));
  }
  return CodePointSet::OfUnicode("[:" + name + ":]");
}

std::string ToUpperAscii(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  return text;
}

// The properties of \p{Is...} besides categories and scripts.
std::string BinaryProperty(const std::string& name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kProperties{{
      {"ALPHABETIC", "[:Alphabetic:]"},
      {"ASSIGNED", "[:^Cn:]"},
      {"CONTROL", "[:Cc:]"},
      {"DIGIT", "[:Nd:]"},
      {"IDEOGRAPHIC", "[:Ideographic:]"},
      {"LETTER", "[:L:]"},
      {"LOWERCASE", "[:Lowercase:]"},
      {"PUNCTUATION", "[:P:]"},
      {"TITLECASE", "[:Lt:]"},
      {"UPPERCASE", "[:Uppercase:]"},
      {"WHITE_SPACE", "[:White_Space:]"},
      {"WHITESPACE", "[:White_Space:]"},
  }};
  const std::string upper = ToUpperAscii(name);
  for (const auto& [java, icu] : kProperties) {
    if (java == upper) return std::string(icu);
  }
  return "";
}

}  // namespace

Result<CodePointSet> JavaParser::Class(bool consume) {
  bool negated = false;
  std::optional<CodePointSet> set;
  const size_t first = cursor_ + 1;
  char32_t c = Next();
  while (true) {
    if (AtEnd()) return Invalid("unclosed character class");
    if (c == '^' && cursor_ == first && At(cursor_ - 1) == '[') {
      negated = true;
      c = Next();
      continue;
    }
    if (c == '[') {
      CASTOR_ASSIGN_OR_RETURN(const CodePointSet inner, Class(true));
      AddTo(&set, inner);
      c = Peek();
      continue;
    }
    if (c == '&' && At(cursor_ + 1) == '&') {
      ++cursor_;
      CASTOR_ASSIGN_OR_RETURN(const std::optional<CodePointSet> right, IntersectionOperand(Next()));
      if (!set && !right) return Invalid("bad class syntax");
      if (!set) {
        set = right;
      } else if (right) {
        set = set->Intersection(*right);
      }
      c = Peek();
      continue;
    }
    if (c == ']' && set) {
      if (consume) Next();
      return negated ? set->Complement() : *set;
    }
    CASTOR_ASSIGN_OR_RETURN(const CodePointSet item, ClassItem());
    AddTo(&set, item);
    c = Peek();
  }
}

// What stands behind &&, up to the next && or the end of the class.
Result<std::optional<CodePointSet>> JavaParser::IntersectionOperand(char32_t c) {
  std::optional<CodePointSet> right;
  while (c != ']' && c != '&') {
    if (AtEnd()) return Invalid("unclosed character class");
    if (c != '[') --cursor_;  // read from here as if a class had been opened
    CASTOR_ASSIGN_OR_RETURN(const CodePointSet operand, Class(c == '['));
    AddTo(&right, operand);
    c = Peek();
  }
  return right;
}

// A character, a range, or an escape that stands for a set.
Result<CodePointSet> JavaParser::ClassItem() {
  char32_t first = Peek();
  if (first == '\\') {
    CASTOR_ASSIGN_OR_RETURN(Escape escape, ReadEscape(true, At(cursor_ + 2) == '-'));
    if (escape.node != nullptr) return std::move(escape.node->set);
    first = escape.character;
  } else {
    Next();
  }
  const char32_t end = At(cursor_ + 1);
  if (Peek() != '-' || end == '[' || end == ']') return Cased(CodePointSet({{first, first}}));
  Next();
  char32_t last = Peek();
  if (last == '\\') {
    CASTOR_ASSIGN_OR_RETURN(Escape escape, ReadEscape(true, true));
    if (escape.node != nullptr) return Invalid("illegal character range");
    last = escape.character;
  } else {
    Next();
  }
  if (last < first) return Invalid("illegal character range");
  return Cased(CodePointSet({{first, last}}));
}

// \p or \P, the cursor at the backslash.
Result<CodePointSet> JavaParser::Property() {
  const bool complement = At(cursor_ + 1) == 'P';
  cursor_ += 2;
  std::string name;
  if (Peek() != '{') {
    if (AtEnd()) return Invalid("unclosed character family");
    name = static_cast<char>(Read());
  } else {
    for (char32_t c = Next(); c != '}'; c = Next()) {
      if (AtEnd()) return Invalid("unclosed character family");
      name += static_cast<char>(c);
    }
    if (name.empty()) return Invalid("empty character family");
    Next();
  }
  CASTOR_ASSIGN_OR_RETURN(const CodePointSet set, PropertyNamed(name));
  return complement ? set.Complement() : set;
}

Result<CodePointSet> JavaParser::PropertyNamed(const std::string& name) {
  const bool cases = flags_.case_insensitive;
  if (name.starts_with("java")) return Refused("\\p{" + name + "}");
  if (name.starts_with("In") || name.find('=') != std::string::npos) {
    return Refused("\\p{" + name + "}: blocks and named properties");
  }
  const std::string plain = name.starts_with("Is") ? name.substr(2) : name;
  if (plain != name) {
    const std::string property = BinaryProperty(plain);
    const bool cased = property == "[:Lowercase:]" || property == "[:Uppercase:]";
    if (cases && (cased || property == "[:Lt:]")) return Refused("\\p{" + name + "} under (?i)");
    if (!property.empty()) return CodePointSet::OfUnicode(property);
  }
  if (const AsciiClass* ascii = FindAsciiClass(plain)) return Cased(SetOf(*ascii));
  if (plain == "LD") return CodePointSet::OfUnicode("[[:L:][:Nd:]]");
  if (IsCategory(plain)) {
    const bool one_case = plain == "Lu" || plain == "Ll" || plain == "Lt";
    return Category(one_case && cases ? "LC" : plain);
  }
  if (plain != name) {
    CodePointSet script = CodePointSet::OfUnicode("[:script=" + plain + ":]");
    if (!script.empty()) return script;
  }
  return Invalid("unknown character property name {" + name + "}");
}

}  // namespace castor::expr::regex
