#include "expr/regex/pattern_writer.h"

#include <algorithm>

#include "expr/utf8.h"

namespace castor::expr::regex {
namespace {

// RE2 takes no larger counts.
constexpr int32_t kMaxRe2Repeat = 1000;

constexpr char kTerminators[] = "\\x{85}\\x{2028}\\x{2029}";

void AppendCharacter(char32_t c, std::string* out) {
  const bool alphanumeric = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
  if (alphanumeric || c >= 0xa0) {
    AppendCodePoint(c, out);
  } else if (c > ' ' && c < 0x7f) {
    *out += '\\';
    *out += static_cast<char>(c);
  } else {
    constexpr char kHex[] = "0123456789abcdef";
    *out += "\\x{";
    *out += kHex[c >> 4];
    *out += kHex[c & 15];
    *out += '}';
  }
}

void AppendRanges(const CodePointSet& set, std::string* out) {
  for (const auto& range : set.ranges()) {
    AppendCharacter(range.first, out);
    if (range.last == range.first) continue;
    if (range.last > range.first + 1) *out += '-';
    AppendCharacter(range.last, out);
  }
}

// Halves of characters do not occur in UTF-8.
CodePointSet WithoutSurrogates(const CodePointSet& set) {
  static const CodePointSet whole = CodePointSet({{0xd800, 0xdfff}}).Complement();
  return set.Intersection(whole);
}

std::string WrittenSet(const CodePointSet& of) {
  const CodePointSet set = WithoutSurrogates(of);
  const auto& ranges = set.ranges();
  if (ranges.empty()) return "[^\\x{00}-\\x{10ffff}]";
  std::string out;
  if (ranges.size() == 1 && ranges[0].first == ranges[0].last) {
    AppendCharacter(ranges[0].first, &out);
    return out;
  }
  if (ranges.back().last < kMaxCodePoint) {
    out = "[";
    AppendRanges(set, &out);
    return out + "]";
  }
  // Surrogates are in neither, so it does not matter on which side they are written.
  const CodePointSet excluded = WithoutSurrogates(set.Complement());
  if (excluded.empty()) return "(?s:.)";
  out = "[^";
  AppendRanges(excluded, &out);
  return out + "]";
}

bool CanBeEmpty(const PatternNode& node) {
  const auto empty = [](const PatternNodePtr& child) { return CanBeEmpty(*child); };
  switch (node.kind) {
    case PatternKind::kSet:
    case PatternKind::kLineBreak:
      return false;
    case PatternKind::kSequence:
      return std::ranges::all_of(node.children, empty);
    case PatternKind::kAlternation:
      return std::ranges::any_of(node.children, empty);
    case PatternKind::kRepeat:
      return node.min == 0 || empty(node.children[0]);
    case PatternKind::kGroup:
    case PatternKind::kAtomic:
      return empty(node.children[0]);
    default:
      return true;
  }
}

class Writer {
 public:
  Writer(bool for_re2, bool unicode_words, int32_t group_count)
      : for_re2_(for_re2), unicode_words_(unicode_words), group_count_(group_count) {}

  std::string Write(const PatternNode& node) {
    switch (node.kind) {
      case PatternKind::kSet:
        return WrittenSet(node.set);
      case PatternKind::kSequence:
        return Joined(node, "");
      case PatternKind::kAlternation:
        return "(?:" + Joined(node, "|") + ")";
      case PatternKind::kRepeat:
        return Repeat(node);
      case PatternKind::kGroup:
        return "(" + Write(*node.children[0]) + ")";
      case PatternKind::kAtomic:
        return "(?>" + Write(*node.children[0]) + ")";
      case PatternKind::kLookAhead:
        return (node.negated ? "(?!" : "(?=") + Write(*node.children[0]) + ")";
      case PatternKind::kLookBehind:
        return LookBehind(node);
      case PatternKind::kBackReference:
        if (node.number > group_count_) return "(?!)";
        return "(?:\\g{" + std::to_string(node.number) + "})";
      case PatternKind::kLineBreak:
        return std::string("(?:\\x{0d}\\x{0a}|[\\x{0a}-\\x{0d}") + kTerminators + "])";
      default:
        return Assertion(node.kind);
    }
  }

 private:
  std::string Joined(const PatternNode& node, const char* separator) {
    std::string out;
    for (size_t i = 0; i < node.children.size(); ++i) {
      if (i > 0) out += separator;
      out += Write(*node.children[i]);
    }
    return out;
  }

  // Alternatives of different lengths are allowed only at the outermost level.
  std::string LookBehind(const PatternNode& node) {
    const PatternNode* body = node.children[0].get();
    while (body->kind == PatternKind::kSequence && body->children.size() == 1) {
      body = body->children[0].get();
    }
    const bool branches = body->kind == PatternKind::kAlternation;
    return (node.negated ? "(?<!" : "(?<=") + (branches ? Joined(*body, "|") : Write(*body)) + ")";
  }

  std::string Repeat(const PatternNode& node) {
    const PatternNode& child = *node.children[0];
    const bool unit = child.kind == PatternKind::kSet || child.kind == PatternKind::kGroup;
    std::string out = unit ? Write(child) : "(?:" + Write(child) + ")";
    if (node.min == 0 && node.max == kNoMaximum) {
      out += "*";
    } else if (node.min == 1 && node.max == kNoMaximum) {
      out += "+";
    } else if (node.min == 0 && node.max == 1) {
      out += "?";
    } else {
      out += "{" + std::to_string(node.min);
      if (node.max == kNoMaximum) out += ",";
      if (node.max != node.min && node.max != kNoMaximum) out += "," + std::to_string(node.max);
      out += "}";
    }
    if (node.greed == Greed::kLazy) out += "?";
    if (node.greed == Greed::kPossessive) out += "+";
    return out;
  }

  std::string Assertion(PatternKind kind) const {
    const std::string terminators = kTerminators;
    switch (kind) {
      case PatternKind::kTextStart:
        return "(?:\\A)";
      case PatternKind::kTextEnd:
        return "(?:\\z)";
      case PatternKind::kTextEndLine:
        if (for_re2_) return "(?:\\z)";
        return "(?=(?:\\x{0d}\\x{0a}|[\\x{0d}" + terminators + "]|(?<!\\x{0d})\\x{0a})?\\z)";
      case PatternKind::kTextEndUnixLine:
        if (for_re2_) return "(?:\\z)";
        return "(?=\\x{0a}?\\z)";
      case PatternKind::kLineStart:
        // Java finds no line behind the last terminator, and none in an empty text.
        return "(?:(?!\\z)(?:\\A|(?<=[\\x{0a}" + terminators + "])|(?<=\\x{0d})(?!\\x{0a})))";
      case PatternKind::kUnixLineStart:
        return "(?:(?!\\z)(?:\\A|(?<=\\x{0a})))";
      case PatternKind::kLineEnd:
        return "(?:(?=\\z|[\\x{0d}" + terminators + "])|(?<!\\x{0d})(?=\\x{0a}))";
      case PatternKind::kUnixLineEnd:
        return "(?=\\x{0a}|\\z)";
      case PatternKind::kWordBoundary:
        return unicode_words_ ? UnicodeBoundary(false) : "(?:\\b)";
      case PatternKind::kNoWordBoundary:
        return unicode_words_ ? UnicodeBoundary(true) : "(?:\\B)";
      default:
        return "(?!)";
    }
  }

  static std::string UnicodeBoundary(bool negated) {
    static const std::string word = WrittenSet(CodePointSet::OfUnicode("[[:L:][:Nd:][:Mn:]_]"));
    const std::string before = "(?<=" + word + ")", not_before = "(?<!" + word + ")";
    const std::string after = "(?=" + word + ")", not_after = "(?!" + word + ")";
    if (negated) return "(?:" + before + after + "|" + not_before + not_after + ")";
    return "(?:" + before + not_after + "|" + not_before + after + ")";
  }

  const bool for_re2_;
  const bool unicode_words_;
  const int32_t group_count_;
};

bool IsSayableInRe2(const PatternNode& node) {
  switch (node.kind) {
    case PatternKind::kSet:
    case PatternKind::kSequence:
    case PatternKind::kAlternation:
    case PatternKind::kGroup:
    case PatternKind::kTextStart:
    case PatternKind::kTextEnd:
    case PatternKind::kTextEndLine:
    case PatternKind::kTextEndUnixLine:
    case PatternKind::kWordBoundary:
    case PatternKind::kNoWordBoundary:
    case PatternKind::kLineBreak:
      break;
    case PatternKind::kRepeat: {
      if (node.greed == Greed::kPossessive || node.min > kMaxRe2Repeat) return false;
      if (node.max != kNoMaximum && node.max > kMaxRe2Repeat) return false;
      // What a group captures in an empty round of a loop differs.
      if (node.max > 1 && CanBeEmpty(*node.children[0])) return false;
      break;
    }
    default:
      return false;
  }
  return std::ranges::all_of(node.children,
                             [](const PatternNodePtr& child) { return IsSayableInRe2(*child); });
}

template <typename Test>
bool AnyNode(const PatternNode& node, Test test) {
  if (test(node)) return true;
  return std::ranges::any_of(node.children,
                             [&](const PatternNodePtr& child) { return AnyNode(*child, test); });
}

}  // namespace

bool HasWordBoundary(const PatternNode& node) {
  return AnyNode(node, [](const PatternNode& each) {
    return each.kind == PatternKind::kWordBoundary || each.kind == PatternKind::kNoWordBoundary;
  });
}

std::string WriteForPcre2(const JavaPattern& pattern, bool unicode_words) {
  return Writer(false, unicode_words, pattern.group_count).Write(*pattern.root);
}

std::optional<Re2Pattern> WriteForRe2(const JavaPattern& pattern) {
  if (!IsSayableInRe2(*pattern.root)) return std::nullopt;
  Re2Pattern written;
  written.text = Writer(true, false, pattern.group_count).Write(*pattern.root);
  written.ascii_only = HasWordBoundary(*pattern.root);
  written.needs_unterminated_text = AnyNode(*pattern.root, [](const PatternNode& each) {
    return each.kind == PatternKind::kTextEndLine || each.kind == PatternKind::kTextEndUnixLine;
  });
  return written;
}

}  // namespace castor::expr::regex
