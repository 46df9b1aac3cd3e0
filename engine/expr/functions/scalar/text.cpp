// Text functions that cut, measure and search: StringCallGen over BinaryStringDataUtil. Positions
// count code points; results that are parts of an operand share its bytes.
#include <unicode/ucasemap.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "expr/byte_search.h"
#include "expr/functions/registry.h"
#include "expr/row_call.h"
#include "expr/utf8.h"

namespace castor::expr {
namespace {

StringRef Part(std::string_view text) {
  return StringRef(text.data(), static_cast<uint32_t>(text.size()));
}

template <typename Write>
StringRef Make(RowScope& scope, size_t size, Write&& write) {
  if (size <= StringRef::kInlineSize) {
    char small[StringRef::kInlineSize];
    write(small);
    return StringRef(small, static_cast<uint32_t>(size));
  }
  char* target = scope.arena().Reserve(size);
  write(target);
  return StringRef(target, static_cast<uint32_t>(size));
}

// --- case ---

// Arithmetic instead of branches, on bytes of the same width: the compiler turns loops over these
// into vector instructions.
constexpr uint8_t kCaseBit = 'a' - 'A';
uint8_t ToUpperAscii(uint8_t c) {
  return static_cast<uint8_t>(c - (static_cast<uint8_t>(c - 'a') < 26 ? kCaseBit : 0));
}
uint8_t ToLowerAscii(uint8_t c) {
  return static_cast<uint8_t>(c + (static_cast<uint8_t>(c - 'A') < 26 ? kCaseBit : 0));
}

// Strings within the reference (see StringRef), as two words: ASCII letters from `first` on, 26 of
// them, get the other case. False for other characters than ASCII.
bool FlipInlineCase(const StringRef& text, char first, StringRef* out) {
  constexpr uint64_t kEach = 0x0101010101010101;
  constexpr uint64_t kHigh = 0x80 * kEach;
  const auto flipped = [first](uint64_t word) {
    const uint64_t from_first = word + (0x80 - static_cast<uint64_t>(first)) * kEach;
    const uint64_t behind_last = word + (0x80 - static_cast<uint64_t>(first) - 26) * kEach;
    return word ^ ((from_first ^ behind_last) & kHigh) >> 2;
  };
  auto words = std::bit_cast<std::array<uint64_t, 2>>(text);
  constexpr uint64_t kSize = 0xffffffff;
  const uint64_t head = words[0] & ~kSize;
  if (((head | words[1]) & kHigh) != 0) return false;
  words = {(words[0] & kSize) | flipped(head), flipped(words[1])};
  *out = std::bit_cast<StringRef>(words);
  return true;
}

struct CaseMap {
  using MapUnicode = decltype(&ucasemap_utf8ToUpper);

  // Opened once: ICU's maps are immutable. The root locale is what Java's ROOT is.
  static const UCaseMap* Map() {
    static const UCaseMap* const map = [] {
      UErrorCode error = U_ZERO_ERROR;
      return ucasemap_open("", 0, &error);
    }();
    return map;
  }

  template <uint8_t (*kAscii)(uint8_t)>
  static StringRef Apply(RowScope& scope, std::string_view text, MapUnicode unicode) {
    if (IsAscii(text)) {
      return Make(scope, text.size(), [&](char* target) {
        const char* from = text.data();
        const size_t size = text.size();
        for (size_t i = 0; i < size; ++i) {
          target[i] = static_cast<char>(kAscii(static_cast<uint8_t>(from[i])));
        }
      });
    }
    // A character grows to three times its bytes at most (U+0390 to upper case).
    const auto room = static_cast<int32_t>(text.size() * 3);
    char* target = scope.arena().Reserve(static_cast<size_t>(room));
    UErrorCode error = U_ZERO_ERROR;
    const int32_t size =
        unicode(Map(), target, room, text.data(), static_cast<int32_t>(text.size()), &error);
    scope.arena().Shrink(target + size);
    return StringRef(target, static_cast<uint32_t>(size));
  }
};

struct Upper {
  bool operator()(RowScope& scope, const StringRef& text, StringRef* out) const {
    if (text.is_inline() && FlipInlineCase(text, 'a', out)) return true;
    *out = CaseMap::Apply<ToUpperAscii>(scope, text.view(), ucasemap_utf8ToUpper);
    return true;
  }
};
struct Lower {
  bool operator()(RowScope& scope, const StringRef& text, StringRef* out) const {
    if (text.is_inline() && FlipInlineCase(text, 'A', out)) return true;
    *out = CaseMap::Apply<ToLowerAscii>(scope, text.view(), ucasemap_utf8ToLower);
    return true;
  }
};

// Words are runs of ASCII letters and digits.
struct InitCap {
  bool operator()(RowScope& scope, const StringRef& text, StringRef* out) const {
    const std::string_view from = text.view();
    *out = Make(scope, from.size(), [&](char* target) {
      bool start = true;
      for (size_t i = 0; i < from.size(); ++i) {
        const auto c = static_cast<uint8_t>(from[i]);
        const bool word = (c >= '0' && c <= '9') || ToLowerAscii(c) != ToUpperAscii(c);
        target[i] = static_cast<char>(start ? ToUpperAscii(c) : ToLowerAscii(c));
        start = !word;
      }
    });
    return true;
  }
};

// --- length and parts ---

struct CharLength {
  int32_t operator()(const StringRef& text) const {
    return static_cast<int32_t>(CountCodePoints(text.view()));
  }
};

// BinaryStringDataUtil.substringSQL.
struct Substring {
  bool operator()(RowScope& scope, const StringRef& text, int32_t position, StringRef* out) const {
    return (*this)(scope, text, position, INT32_MAX, out);
  }
  bool operator()(RowScope&, const StringRef& text, int32_t position, int32_t length,
                  StringRef* out) const {
    if (length < 0) return false;
    const std::string_view view = text.view();
    // Where all positions lie within ASCII text, code points are bytes.
    const int64_t reach = static_cast<int64_t>(position) + length;
    const bool prefix_only = position >= 0 && reach <= static_cast<int64_t>(view.size());
    if (IsAscii(prefix_only ? view.substr(0, static_cast<size_t>(reach)) : view)) {
      *out = Part(Cut(view, static_cast<int64_t>(view.size()), position, length,
                      [](std::string_view, int64_t point) { return static_cast<size_t>(point); }));
    } else {
      *out = Part(Cut(view, static_cast<int64_t>(CountCodePoints(view)), position, length,
                      [](std::string_view t, int64_t point) { return ByteOffset(t, point); }));
    }
    return true;
  }

 private:
  template <typename Offset>
  static std::string_view Cut(std::string_view text, int64_t points, int64_t position,
                              int64_t length, Offset&& offset) {
    int64_t start = position > 0 ? position - 1 : 0;
    if (position < 0) start = points + position;
    if (start < 0 || start >= points) return {};
    const int64_t end = points - start < length ? points : start + length;
    const size_t first = offset(text, start);
    const size_t last = end == points ? text.size() : offset(text, end);
    return text.substr(first, last - first);
  }
};

struct Left {
  bool operator()(RowScope& scope, const StringRef& text, int32_t length, StringRef* out) const {
    if (length <= 0) return *out = StringRef(), true;
    return Substring()(scope, text, 1, length, out);
  }
};
struct Right {
  bool operator()(RowScope& scope, const StringRef& text, int32_t length, StringRef* out) const {
    if (length <= 0) return *out = StringRef(), true;
    if (length >= CharLength()(text)) return *out = text, true;
    return Substring()(scope, text, -length, out);
  }
};

// --- trimming ---

bool Contains(std::string_view set, std::string_view character) {
  return set.find(character) != std::string_view::npos;
}

std::string_view TrimLeft(std::string_view text, std::string_view set) {
  while (!text.empty()) {
    const size_t size = std::min(CharacterBytes(text[0]), text.size());
    if (!Contains(set, text.substr(0, size))) break;
    text.remove_prefix(size);
  }
  return text;
}

std::string_view TrimRight(std::string_view text, std::string_view set) {
  while (!text.empty()) {
    size_t size = 1;  // back to the first byte of the last character
    while (size < text.size() && size < 4 && (text[text.size() - size] & 0xc0) == 0x80) ++size;
    if (!Contains(set, text.substr(text.size() - size))) break;
    text.remove_suffix(size);
  }
  return text;
}

struct Trim {
  bool left;
  bool right;
  bool operator()(RowScope&, const StringRef& text, const StringRef& set, StringRef* out) const {
    std::string_view part = text.view();
    if (left) part = TrimLeft(part, set.view());
    if (right) part = TrimRight(part, set.view());
    *out = Part(part);
    return true;
  }
};

struct TrimBlanks {
  bool left;
  bool right;
  bool operator()(RowScope&, const StringRef& text, StringRef* out) const {
    std::string_view part = text.view();
    while (left && !part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (right && !part.empty() && part.back() == ' ') part.remove_suffix(1);
    *out = Part(part);
    return true;
  }
};

// TRIM(flag, characters, text) of plans.
Result<Node*> MakeTrim(Call& call) {
  const auto flag = call.arity() == 3 ? ConstantText(call, 0) : std::nullopt;
  if (!flag) return call.Unsupported("it takes a flag, characters and a text");
  const bool left = *flag != "TRAILING";
  const bool right = *flag != "LEADING";
  std::swap(call.operands[0], call.operands[2]);  // text, characters, flag
  call.operands.pop_back();
  if (ConstantText(call, 1) == " ") {
    call.operands.pop_back();
    return MakeRowCall<TrimBlanks, StringRef, StringRef>(call, {Want::kText}, {left, right});
  }
  return MakeRowCall<Trim, StringRef, StringRef, StringRef>(call, {Want::kText, Want::kText},
                                                            {left, right});
}

template <bool kLeft, bool kRight>
Result<Node*> MakeSideTrim(Call& call) {
  if (call.arity() == 1) {
    return MakeRowCall<TrimBlanks, StringRef, StringRef>(call, {Want::kText}, {kLeft, kRight});
  }
  return MakeRowCall<Trim, StringRef, StringRef, StringRef>(call, {Want::kText, Want::kText},
                                                            {kLeft, kRight});
}

// --- searching ---

// BinaryStringData.indexOf: the code point where `seek` starts at or after `from`, or -1.
int32_t IndexOf(std::string_view text, std::string_view seek, int32_t from) {
  if (seek.empty()) return 0;
  const size_t start = from > 0 ? ByteOffset(text, from) : 0;
  const size_t found = FindBytes(text, seek, start);
  if (found == std::string_view::npos) return -1;
  return static_cast<int32_t>(CountCodePoints(text.substr(0, found)));
}

struct Position {
  bool operator()(RowScope&, const StringRef& seek, const StringRef& text, int32_t* out) const {
    *out = IndexOf(text.view(), seek.view(), 0) + 1;
    return true;
  }
  bool operator()(RowScope&, const StringRef& seek, const StringRef& text, int32_t from,
                  int32_t* out) const {
    *out = IndexOf(text.view(), seek.view(), from - 1) + 1;
    return true;
  }
};

Result<Node*> MakePosition(Call& call) {
  if (call.arity() == 2) {
    return MakeRowCall<Position, int32_t, StringRef, StringRef>(call, {Want::kText, Want::kText});
  }
  return MakeRowCall<Position, int32_t, StringRef, StringRef, int32_t>(
      call, {Want::kText, Want::kText, Want::kInt});
}

struct Instr {
  bool operator()(RowScope& scope, const StringRef& text, const StringRef& seek,
                  int32_t* out) const {
    return (*this)(scope, text, seek, 1, 1, out);
  }
  bool operator()(RowScope& scope, const StringRef& text, const StringRef& seek, int32_t start,
                  int32_t* out) const {
    return (*this)(scope, text, seek, start, 1, out);
  }
  bool operator()(RowScope& scope, const StringRef& text, const StringRef& seek, int32_t start,
                  int32_t nth, int32_t* out) const {
    if (nth <= 0) {
      return scope.Fail(
          [&] { return "INSTR: the occurrence must be positive, it is " + std::to_string(nth); });
    }
    if (start >= 0) {
      *out = start == 0 ? 0 : Find(text.view(), seek.view(), start, nth);
      return true;
    }
    const int32_t found =
        Find(ReverseCodePoints(text.view()), ReverseCodePoints(seek.view()), -start, nth);
    *out = found == 0 ? 0 : CharLength()(text) + 2 - found - CharLength()(seek);
    return true;
  }

 private:
  static int32_t Find(std::string_view text, std::string_view seek, int32_t start, int32_t nth) {
    int32_t index = 0;
    for (; nth > 0; --nth) {
      index = IndexOf(text, seek, start - 1) + 1;
      if (index == 0) return 0;
      start = index + 1;
    }
    return index;
  }
};

Result<Node*> MakeInstr(Call& call) {
  switch (call.arity()) {
    case 2:
      return MakeRowCall<Instr, int32_t, StringRef, StringRef>(call, {Want::kText, Want::kText});
    case 3:
      return MakeRowCall<Instr, int32_t, StringRef, StringRef, int32_t>(
          call, {Want::kText, Want::kText, Want::kInt});
    default:
      return MakeRowCall<Instr, int32_t, StringRef, StringRef, int32_t, int32_t>(
          call, {Want::kText, Want::kText, Want::kInt, Want::kInt}, {}, OnError::kFail);
  }
}

struct StartsWith {
  bool operator()(RowScope&, const StringRef& text, const StringRef& part, uint8_t* out) const {
    *out = text.view().starts_with(part.view());
    return true;
  }
};
struct EndsWith {
  bool operator()(RowScope&, const StringRef& text, const StringRef& part, uint8_t* out) const {
    *out = text.view().ends_with(part.view());
    return true;
  }
};

Result<Node*> MakeSubstring(Call& call) {
  if (call.arity() == 2) {
    return MakeRowCall<Substring, StringRef, StringRef, int32_t>(call, {Want::kText, Want::kInt});
  }
  return MakeRowCall<Substring, StringRef, StringRef, int32_t, int32_t>(
      call, {Want::kText, Want::kInt, Want::kInt});
}

template <typename F>
Result<Node*> OfText(Call& call) {
  return MakeRowCall<F, StringRef, StringRef>(call, {Want::kText});
}
template <typename F>
Result<Node*> OfTextAndInt(Call& call) {
  return MakeRowCall<F, StringRef, StringRef, int32_t>(call, {Want::kText, Want::kInt});
}
template <typename F>
Result<Node*> TestOfBytes(Call& call) {
  return MakeRowCall<F, uint8_t, StringRef, StringRef>(call, {Want::kBytes, Want::kBytes});
}

// Values under NULL are string references as well, so the length may be taken of all rows only
// where there are no NULLs: a RowNode.
struct CharLengthOfRow {
  bool operator()(RowScope&, const StringRef& text, int32_t* out) const {
    *out = CharLength()(text);
    return true;
  }
};
Result<Node*> MakeCharLength(Call& call) {
  return MakeRowCall<CharLengthOfRow, int32_t, StringRef>(call, {Want::kText});
}

constexpr FunctionEntry kFunctions[] = {
    {"UPPER", OfText<Upper>},
    {"LOWER", OfText<Lower>},
    {"INITCAP", OfText<InitCap>},
    {"CHAR_LENGTH", MakeCharLength},
    {"CHARACTER_LENGTH", MakeCharLength},
    {"SUBSTRING", MakeSubstring},
    {"SUBSTR", MakeSubstring},
    {"LEFT", OfTextAndInt<Left>},
    {"RIGHT", OfTextAndInt<Right>},
    {"TRIM", MakeTrim},
    {"LTRIM", MakeSideTrim<true, false>},
    {"RTRIM", MakeSideTrim<false, true>},
    {"BTRIM", MakeSideTrim<true, true>},
    {"POSITION", MakePosition},
    {"LOCATE", MakePosition},
    {"INSTR", MakeInstr},
    {"STARTSWITH", TestOfBytes<StartsWith>},
    {"ENDSWITH", TestOfBytes<EndsWith>},
};

}  // namespace

std::span<const FunctionEntry> TextFunctions() { return kFunctions; }

}  // namespace castor::expr
