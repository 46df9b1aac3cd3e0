#include "expr/like_pattern.h"

#include <algorithm>

#include "expr/byte_search.h"
#include "expr/utf8.h"

namespace castor::expr {
namespace {

// '_' is the dot of java.util.regex, which stands for any character but these.
bool IsLineTerminator(std::string_view character) {
  return character == "\n" || character == "\r" || character == "\xc2\x85" ||
         character == "\xe2\x80\xa8" || character == "\xe2\x80\xa9";
}

// The bytes of one character that '_' takes at `at`; 0 if it takes none.
size_t OneCharacter(std::string_view text, size_t at) {
  if (at >= text.size()) return 0;
  const size_t size = std::min(CharacterBytes(text[at]), text.size() - at);
  return IsLineTerminator(text.substr(at, size)) ? 0 : size;
}

Status InvalidEscape(std::string_view pattern, size_t at) {
  return Status::DataError("LIKE: invalid escape sequence in '" + std::string(pattern) +
                           "' at position " + std::to_string(at));
}

}  // namespace

Result<LikePattern> LikePattern::Compile(std::string_view pattern, std::string_view escape) {
  if (!escape.empty() && CharacterBytes(escape[0]) != escape.size()) {
    return Status::DataError("LIKE: invalid escape character '" + std::string(escape) +
                             "', it must be one character");
  }
  LikePattern like;
  const auto add_literal = [&](std::string_view text) {
    if (like.parts_.empty() || like.parts_.back().kind != Part::Kind::kLiteral) {
      like.parts_.push_back({Part::Kind::kLiteral, ""});
    }
    like.parts_.back().literal += text;
  };
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (!escape.empty() && pattern.substr(i).starts_with(escape)) {
      const std::string_view next = pattern.substr(i + escape.size());
      if (next.starts_with('_') || next.starts_with('%')) {
        add_literal(next.substr(0, 1));
        i += escape.size();
      } else if (next.starts_with(escape)) {
        add_literal(escape);
        i += 2 * escape.size() - 1;
      } else {
        return InvalidEscape(pattern, i);
      }
    } else if (pattern[i] == '_') {
      like.parts_.push_back({Part::Kind::kOne, ""});
    } else if (pattern[i] == '%') {
      const bool repeated = !like.parts_.empty() && like.parts_.back().kind == Part::Kind::kAny;
      if (!repeated) like.parts_.push_back({Part::Kind::kAny, ""});
    } else {
      add_literal(pattern.substr(i, 1));
    }
  }
  like.FindShape();
  return like;
}

void LikePattern::FindShape() {
  const auto is = [this](size_t i, Part::Kind kind) { return parts_[i].kind == kind; };
  using Kind = Part::Kind;
  if (parts_.empty()) {
    shape_ = Shape::kEqual;
  } else if (parts_.size() == 1 && is(0, Kind::kLiteral)) {
    shape_ = Shape::kEqual;
    literal_ = parts_[0].literal;
  } else if (parts_.size() == 2 && is(0, Kind::kLiteral) && is(1, Kind::kAny)) {
    shape_ = Shape::kPrefix;
    literal_ = parts_[0].literal;
  } else if (parts_.size() == 2 && is(0, Kind::kAny) && is(1, Kind::kLiteral)) {
    shape_ = Shape::kSuffix;
    literal_ = parts_[1].literal;
  } else if (parts_.size() == 3 && is(0, Kind::kAny) && is(1, Kind::kLiteral) &&
             is(2, Kind::kAny)) {
    shape_ = Shape::kInfix;
    literal_ = parts_[1].literal;
  }
}

bool LikePattern::Matches(std::string_view text) const {
  switch (shape_) {
    case Shape::kEqual:
      return text == literal_;
    case Shape::kPrefix:
      return text.starts_with(literal_);
    case Shape::kSuffix:
      return text.ends_with(literal_);
    case Shape::kInfix:
      return FindBytes(text, literal_) != std::string_view::npos;
    case Shape::kGeneral:
      return MatchesParts(text);
  }
  __builtin_unreachable();
}

// Where the parts behind a '%' may start, at or after `at`.
size_t LikePattern::NextStart(std::string_view text, size_t part, size_t at) const {
  const bool literal = part < parts_.size() && parts_[part].kind == Part::Kind::kLiteral;
  return literal ? FindBytes(text, parts_[part].literal, at) : at;
}

// Goes back only to the latest '%': what an earlier one could try further on, the latest can as
// well.
bool LikePattern::MatchesParts(std::string_view text) const {
  constexpr size_t kNone = std::string_view::npos;
  size_t at = 0, part = 0;
  size_t any_part = kNone, any_at = 0;  // the latest '%', and where the parts behind it started
  while (at < text.size() || part < parts_.size()) {
    if (part < parts_.size()) {
      const Part& p = parts_[part];
      if (p.kind == Part::Kind::kAny) {
        any_part = part++;
        if (part == parts_.size()) return true;
        at = any_at = NextStart(text, part, at);
        if (at == kNone) return false;
        continue;
      }
      size_t taken = 0;
      if (p.kind == Part::Kind::kOne) {
        taken = OneCharacter(text, at);
      } else if (text.substr(at).starts_with(p.literal)) {
        taken = p.literal.size();
      }
      if (taken > 0) {
        at += taken;
        ++part;
        continue;
      }
    }
    if (any_part == kNone || any_at >= text.size()) return false;
    any_at += std::min(CharacterBytes(text[any_at]), text.size() - any_at);
    at = any_at = NextStart(text, any_part + 1, any_at);
    if (at == kNone) return false;
    part = any_part + 1;
  }
  return true;
}

}  // namespace castor::expr
