#include "expr/json/document.h"

#include <algorithm>

#include "base/json_string.h"
#include "expr/text_encoding.h"
#include "expr/utf8.h"

namespace castor::expr::json {
namespace {

// StreamReadConstraints of Jackson.
constexpr int kMaxDepth = 1000;
constexpr size_t kMaxNumberLength = 1000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

void Document::Begin(std::string_view text, EqualKeys equal_keys) {
  text_ = text;
  equal_keys_ = equal_keys;
  at_ = 0;
  nodes_.clear();
  members_.clear();
  open_.clear();
  used_unescaped_ = 0;
  SkipBlanks();
}

bool Document::Parse(std::string_view text, EqualKeys equal_keys) {
  Begin(text, equal_keys);
  only_ = {};
  return ParseValue(&root_, 0) && RootNumberEnds();
}

bool Document::ParseMember(std::string_view text, std::string_view key) {
  Begin(text, EqualKeys::kLastWins);
  only_ = key;
  return ParseValue(&root_, 0) && RootNumberEnds();
}

NodeId Document::AddNode(Kind kind, std::string_view text) {
  nodes_.push_back({kind, text, 0, 0});
  return static_cast<NodeId>(nodes_.size() - 1);
}

NodeId Document::Add(Kind kind, const std::vector<Member>& members) {
  const NodeId node = AddNode(kind, {});
  nodes_[node].first = static_cast<uint32_t>(members_.size());
  nodes_[node].count = static_cast<uint32_t>(members.size());
  members_.insert(members_.end(), members.begin(), members.end());
  return node;
}

void Document::SkipBlanks() {
  while (IsBlank(Peek())) ++at_;
}

// A number that is all of the text ends with it or at a blank.
bool Document::RootNumberEnds() const {
  const Kind kind = nodes_[root_].kind;
  if (kind != Kind::kInteger && kind != Kind::kDecimal) return true;
  return at_ == text_.size() || IsBlank(text_[at_]);
}

bool Document::ParseValue(NodeId* node, int depth) {
  switch (Peek()) {
    case '{':
      return ParseContainer(node, '}', depth + 1);
    case '[':
      return ParseContainer(node, ']', depth + 1);
    case '"': {
      std::string_view characters;
      if (!ParseString(&characters)) return false;
      *node = AddNode(Kind::kString, characters);
      return true;
    }
    case 't':
      return ParseLiteral("true", Kind::kTrue, node);
    case 'f':
      return ParseLiteral("false", Kind::kFalse, node);
    case 'n':
      return ParseLiteral("null", Kind::kNull, node);
    default:
      return ParseNumber(node);
  }
}

bool Document::ScanLiteral(std::string_view literal) {
  if (!text_.substr(at_).starts_with(literal)) return false;
  at_ += literal.size();
  // No part of a longer word may follow.
  const char next = Peek();
  const bool word = IsDigit(next) || ((next | 32) >= 'a' && (next | 32) <= 'z') || next == '_' ||
                    next == '$' || static_cast<signed char>(next) < 0;
  return !word || at_ == text_.size();
}

bool Document::ParseLiteral(std::string_view literal, Kind kind, NodeId* node) {
  if (!ScanLiteral(literal)) return false;
  *node = AddNode(kind, literal);
  return true;
}

bool Document::ScanNumber(Kind* kind) {
  const size_t start = at_;
  const auto digits = [this] {
    const size_t from = at_;
    while (IsDigit(Peek())) ++at_;
    return at_ - from;
  };
  if (Peek() == '-') ++at_;
  const bool zero = Peek() == '0';
  const size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return false;
  *kind = Kind::kInteger;
  if (Peek() == '.') {
    *kind = Kind::kDecimal;
    ++at_;
    if (digits() == 0) return false;
  }
  if (Peek() == 'e' || Peek() == 'E') {
    *kind = Kind::kDecimal;
    ++at_;
    if (Peek() == '+' || Peek() == '-') ++at_;
    if (digits() == 0) return false;
  }
  return at_ - start <= kMaxNumberLength;
}

bool Document::ParseNumber(NodeId* node) {
  const size_t start = at_;
  Kind kind;
  if (!ScanNumber(&kind)) return false;
  *node = AddNode(kind, text_.substr(start, at_ - start));
  return true;
}

bool Document::ParseContainer(NodeId* node, char close, int depth) {
  if (depth > kMaxDepth) return false;
  ++at_;
  const size_t start = open_.size();
  SkipBlanks();
  if (Peek() == close && at_ < text_.size()) {
    ++at_;
  } else {
    while (true) {
      if (!ParseMember(close, depth)) return false;
      SkipBlanks();
      const char c = Peek();
      ++at_;
      if (c == close) break;
      if (c != ',') return false;
      SkipBlanks();
    }
  }
  if (close == '}' && equal_keys_ == EqualKeys::kLastWins) DropEarlierKeys(start);
  *node = AddNode(close == '}' ? Kind::kObject : Kind::kArray, {});
  nodes_[*node].first = static_cast<uint32_t>(members_.size());
  nodes_[*node].count = static_cast<uint32_t>(open_.size() - start);
  members_.insert(members_.end(), open_.begin() + static_cast<ptrdiff_t>(start), open_.end());
  open_.resize(start);
  return true;
}

bool Document::ParseMember(char close, int depth) {
  Member member;
  if (close == '}') {
    if (Peek() != '"' || !ParseString(&member.key)) return false;
    SkipBlanks();
    if (Peek() != ':') return false;
    ++at_;
    SkipBlanks();
  }
  if (depth == 1 && close == '}' && !only_.empty() && member.key != only_) return SkipValue(depth);
  if (!ParseValue(&member.value, depth)) return false;
  open_.push_back(member);
  return true;
}

bool Document::SkipValue(int depth) {
  Kind kind;
  switch (Peek()) {
    case '{':
      return SkipContainer('}', depth + 1);
    case '[':
      return SkipContainer(']', depth + 1);
    case '"':
      return SkipString();
    case 't':
      return ScanLiteral("true");
    case 'f':
      return ScanLiteral("false");
    case 'n':
      return ScanLiteral("null");
    default:
      return ScanNumber(&kind);
  }
}

bool Document::SkipContainer(char close, int depth) {
  if (depth > kMaxDepth) return false;
  ++at_;
  SkipBlanks();
  if (Peek() == close && at_ < text_.size()) {
    ++at_;
    return true;
  }
  while (true) {
    if (close == '}') {
      if (Peek() != '"' || !SkipString()) return false;
      SkipBlanks();
      if (Peek() != ':') return false;
      ++at_;
      SkipBlanks();
    }
    if (!SkipValue(depth)) return false;
    SkipBlanks();
    const char c = Peek();
    ++at_;
    if (c == close) return true;
    if (c != ',') return false;
    SkipBlanks();
  }
}

bool Document::SkipString() {
  ++at_;
  while (true) {
    at_ = FindStringSpecial(text_, at_);
    if (at_ == text_.size()) return false;
    if (text_[at_] == '"') break;
    dropped_.clear();
    if (text_[at_] != '\\' || !ParseEscape(&dropped_)) return false;
    ++at_;
  }
  ++at_;
  return true;
}

// Few keys are compared each with each, most of which differ in their sizes.
bool Document::HasEqualKeys(size_t start) {
  constexpr size_t kFew = 16;
  if (open_.size() - start <= kFew) {
    for (size_t i = start; i < open_.size(); ++i) {
      for (size_t j = start; j < i; ++j) {
        if (open_[i].key == open_[j].key) return true;
      }
    }
    return false;
  }
  keys_.clear();
  for (size_t i = start; i < open_.size(); ++i) keys_.push_back(open_[i].key);
  std::ranges::sort(keys_);
  return std::ranges::adjacent_find(keys_) != keys_.end();
}

void Document::DropEarlierKeys(size_t start) {
  if (!HasEqualKeys(start)) return;
  const auto first = open_.begin() + static_cast<ptrdiff_t>(start);
  std::vector<Member> kept;
  for (auto member = first; member != open_.end(); ++member) {
    const auto same = std::ranges::find(kept, member->key, &Member::key);
    if (same == kept.end()) {
      kept.push_back(*member);
    } else {
      same->value = member->value;
    }
  }
  open_.resize(start);
  open_.insert(open_.end(), kept.begin(), kept.end());
}

bool Document::ParseString(std::string_view* characters) {
  const size_t start = ++at_;
  std::string* copy = nullptr;
  size_t copied = start;
  while (true) {
    at_ = FindStringSpecial(text_, at_);
    if (at_ == text_.size()) return false;
    if (text_[at_] == '"') break;
    if (text_[at_] != '\\') return false;  // a control character
    if (copy == nullptr) {
      if (used_unescaped_ == unescaped_.size()) unescaped_.emplace_back();
      copy = &unescaped_[used_unescaped_++];
      copy->clear();
    }
    copy->append(text_, copied, at_ - copied);
    if (!ParseEscape(copy)) return false;
    copied = ++at_;
  }
  if (copy == nullptr) {
    *characters = text_.substr(start, at_ - start);
  } else {
    copy->append(text_, copied, at_ - copied);
    *characters = *copy;
  }
  ++at_;
  return true;
}

// Leaves the position at the escape's last character.
bool Document::ParseEscape(std::string* characters) {
  ++at_;
  if (const char escaped = JsonEscaped(Peek()); escaped != '\0') {
    *characters += escaped;
    return true;
  }
  if (Peek() != 'u') return false;
  char16_t unit = 0, low = 0;
  if (!ParseUnit(&unit)) return false;
  if (unit >= 0xd800 && unit < 0xdc00 && text_.substr(at_ + 1).starts_with("\\u")) {
    const size_t before = at_;
    at_ += 2;
    if (!ParseUnit(&low)) return false;
    if (low >= 0xdc00 && low < 0xe000) {
      AppendCodePoint(0x10000 + (static_cast<char32_t>(unit - 0xd800) << 10) + (low - 0xdc00),
                      characters);
      return true;
    }
    at_ = before;
  }
  // Half of a character is no character in UTF-8.
  AppendCodePoint(unit >= 0xd800 && unit < 0xe000 ? U'?' : unit, characters);
  return true;
}

bool Document::ParseUnit(char16_t* unit) {
  *unit = 0;
  for (int i = 0; i < 4; ++i) {
    ++at_;
    const int digit = HexDigitValue(Peek());
    if (digit < 0) return false;
    *unit = static_cast<char16_t>(*unit << 4 | digit);
  }
  return true;
}

}  // namespace castor::expr::json
