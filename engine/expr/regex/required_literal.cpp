#include "expr/regex/required_literal.h"

#include <algorithm>
#include <utility>

#include "expr/utf8.h"

namespace castor::expr::regex {
namespace {

constexpr size_t kUnbounded = RequiredLiteral::kUnbounded;
// Searches for single bytes are what the matchers do themselves.
constexpr size_t kMinBytes = 2;

size_t Plus(size_t a, size_t b) { return a == kUnbounded || b == kUnbounded ? kUnbounded : a + b; }

size_t Times(size_t bytes, int32_t times) {
  if (bytes == 0 || times == 0) return 0;
  if (bytes == kUnbounded || times == kNoMaximum) return kUnbounded;
  return bytes * static_cast<size_t>(times);
}

size_t BytesOf(char32_t point) {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

// Bytes that a match of the node takes at most.
size_t MaxBytes(const PatternNode& node) {
  switch (node.kind) {
    case PatternKind::kSet:
      return node.set.empty() ? 0 : BytesOf(node.set.ranges().back().last);
    case PatternKind::kLineBreak:
      return 3;
    case PatternKind::kSequence: {
      size_t bytes = 0;
      for (const PatternNodePtr& child : node.children) bytes = Plus(bytes, MaxBytes(*child));
      return bytes;
    }
    case PatternKind::kAlternation: {
      size_t bytes = 0;
      for (const PatternNodePtr& child : node.children) bytes = std::max(bytes, MaxBytes(*child));
      return bytes;
    }
    case PatternKind::kRepeat:
      return Times(MaxBytes(*node.children[0]), node.max);
    case PatternKind::kGroup:
    case PatternKind::kAtomic:
      return MaxBytes(*node.children[0]);
    case PatternKind::kBackReference:
      return kUnbounded;
    default:
      return 0;
  }
}

// Walks what every match goes through, from left to right, and collects runs of single characters.
class Walk {
 public:
  void Visit(const PatternNode& node) {
    switch (node.kind) {
      case PatternKind::kSet:
        if (IsOneCharacter(node.set)) return Append(node.set.ranges()[0].first);
        return Skip(node);
      case PatternKind::kSequence:
        for (const PatternNodePtr& child : node.children) Visit(*child);
        return;
      case PatternKind::kGroup:
      case PatternKind::kAtomic:
        return Visit(*node.children[0]);
      case PatternKind::kAlternation:
      case PatternKind::kRepeat:
      case PatternKind::kLineBreak:
      case PatternKind::kBackReference:
        return Skip(node);
      default:
        return;  // takes no characters
    }
  }

  RequiredLiteral Longest() {
    EndRun();
    return std::move(longest_);
  }

 private:
  static bool IsOneCharacter(const CodePointSet& set) {
    return set.ranges().size() == 1 && set.ranges()[0].first == set.ranges()[0].last;
  }

  void Append(char32_t point) {
    if (run_.text.empty()) run_.max_before = before_;
    AppendCodePoint(point, &run_.text);
    before_ = Plus(before_, BytesOf(point));
  }

  void Skip(const PatternNode& node) {
    EndRun();
    before_ = Plus(before_, MaxBytes(node));
  }

  void EndRun() {
    if (run_.text.size() >= kMinBytes && run_.text.size() > longest_.text.size()) longest_ = run_;
    run_.text.clear();
  }

  size_t before_ = 0;  // bytes of the match so far, at most
  RequiredLiteral run_;
  RequiredLiteral longest_;
};

}  // namespace

RequiredLiteral FindRequiredLiteral(const JavaPattern& pattern) {
  Walk walk;
  walk.Visit(*pattern.root);
  return walk.Longest();
}

}  // namespace castor::expr::regex
