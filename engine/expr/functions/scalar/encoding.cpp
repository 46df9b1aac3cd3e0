// Text and numbers in other notations: Base64, hexadecimal, binary, charsets, URLs.
#include <unicode/uchar.h>
#include <unicode/ucnv.h>

#include <bit>
#include <optional>
#include <string>

#include "expr/charset.h"
#include "expr/functions/registry.h"
#include "expr/row_call.h"
#include "expr/text_encoding.h"
#include "expr/utf8.h"

namespace castor::expr {
namespace {

// --- Base64 ---

struct ToBase64 {
  bool operator()(RowScope& scope, const StringRef& text, StringRef* out) const {
    const size_t size = Base64Size(text.size());
    char* target = scope.arena().Reserve(size);
    EncodeBase64(text.view(), target);
    *out = StringRef(target, static_cast<uint32_t>(size));
    return true;
  }
};

struct FromBase64 {
  bool operator()(RowScope& scope, const StringRef& text, StringRef* out) const {
    const auto bytes = DecodeBase64(text.view());
    if (!bytes) {
      return scope.Fail([&] {
        return "FROM_BASE64: '" + std::string(text.view().substr(0, 100)) + "' is not Base64";
      });
    }
    *out = scope.arena().Add(*bytes);
    return true;
  }
};

// --- hexadecimal and binary ---

struct HexOfLong {
  bool operator()(RowScope& scope, int64_t value, StringRef* out) const {
    char digits[16];
    char* start = digits + sizeof(digits);
    auto rest = static_cast<uint64_t>(value);
    do {
      *--start = "0123456789ABCDEF"[rest & 15];
      rest >>= 4;
    } while (rest != 0);
    *out = scope.arena().Add({start, static_cast<size_t>(digits + sizeof(digits) - start)});
    return true;
  }
};

struct HexOfText {
  bool operator()(RowScope& scope, const StringRef& text, StringRef* out) const {
    if (!IsValidUtf8(text.view())) return Write(scope, ReplaceInvalidUtf8(text.view()), out);
    return Write(scope, text.view(), out);
  }

 private:
  static bool Write(RowScope& scope, std::string_view bytes, StringRef* out) {
    char* target = scope.arena().Reserve(2 * bytes.size());
    EncodeHex(bytes, HexDigits::kUpper, target);
    *out = StringRef(target, static_cast<uint32_t>(2 * bytes.size()));
    return true;
  }
};

Result<Node*> Hex(Call& call) {
  if (call.arity() == 1 && call.operand_type(0).IsString()) {
    return MakeRowCall<HexOfText, StringRef, StringRef>(call, {Want::kText});
  }
  return MakeRowCall<HexOfLong, StringRef, int64_t>(call, {Want::kLong});
}

struct Unhex {
  bool operator()(RowScope& scope, const StringRef& text, StringRef* out) const {
    const size_t size = (text.size() + 1) / 2;
    char* target = scope.arena().Reserve(size);
    if (!DecodeHex(text.view(), target)) {
      scope.arena().Shrink(target);
      return false;
    }
    *out = StringRef(target, static_cast<uint32_t>(size));
    return true;
  }
};

struct Bin {
  bool operator()(RowScope& scope, int64_t value, StringRef* out) const {
    const auto bits = static_cast<uint64_t>(value);
    const int size = bits == 0 ? 1 : 64 - std::countl_zero(bits);
    char digits[64];
    for (int i = 0; i < size; ++i) digits[i] = (bits >> (size - 1 - i) & 1) != 0 ? '1' : '0';
    *out = scope.arena().Add({digits, static_cast<size_t>(size)});
    return true;
  }
};

// --- charsets ---

template <std::string (*kConvert)(std::string_view, Charset)>
struct Convert {
  std::optional<Charset> charset;  // of a literal; otherwise the row's
  bool operator()(RowScope& scope, const StringRef& text, const StringRef& name,
                  StringRef* out) const {
    const auto found = charset ? charset : FindCharset(name.view());
    if (!found) {
      return scope.Fail(
          [&] { return "charset '" + std::string(name.view()) + "' is not supported"; });
    }
    *out = scope.arena().Add(kConvert(text.view(), *found));
    return true;
  }
};

// Others than ours: Java may have it. What nobody has fails row by row, as in Flink.
bool IsCharsetOfOthers(const std::string& name) {
  UErrorCode error = U_ZERO_ERROR;
  return ucnv_countAliases(name.c_str(), &error) > 0;
}

template <std::string (*kConvert)(std::string_view, Charset)>
Result<Node*> MakeConvert(Call& call) {
  Convert<kConvert> convert;
  if (const auto name = call.arity() == 2 ? ConstantText(call, 1) : std::nullopt) {
    convert.charset = FindCharset(*name);
    if (!convert.charset && IsCharsetOfOthers(*name)) {
      return call.Unsupported("charset '" + *name + "'");
    }
  }
  return MakeRowCall<Convert<kConvert>, StringRef, StringRef, StringRef>(
      call, {Want::kBytes, Want::kText}, std::move(convert), OnError::kFail);
}

// --- URLs ---

// java.net.URLEncoder with UTF-8.
struct UrlEncode {
  bool operator()(RowScope& scope, const StringRef& text, StringRef* out) const {
    std::string encoded;
    const std::string java = ReplaceInvalidUtf8(text.view());
    for (const char c : java) {
      if (Stays(c)) {
        encoded += c;
      } else if (c == ' ') {
        encoded += '+';
      } else {
        char digits[2];
        EncodeHex({&c, 1}, HexDigits::kUpper, digits);
        encoded += '%';
        encoded.append(digits, 2);
      }
    }
    *out = scope.arena().Add(encoded);
    return true;
  }

 private:
  static bool Stays(char c) {
    const char lower = static_cast<char>(c | 32);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '*' || c == '_';
  }
};

// java.net.URLDecoder with UTF-8; NULL where that throws.
struct UrlDecode {
  bool operator()(RowScope& scope, const StringRef& text, StringRef* out) const {
    const std::string java =
        IsValidUtf8(text.view()) ? std::string(text.view()) : ReplaceInvalidUtf8(text.view());
    const std::string_view from = java;
    std::string decoded, escaped;
    for (size_t i = 0; i < from.size();) {
      if (from[i] != '%') {
        decoded += from[i] == '+' ? ' ' : from[i];
        ++i;
        continue;
      }
      // Escapes in a row are one sequence of bytes.
      escaped.clear();
      while (i < from.size() && from[i] == '%') {
        ++i;
        const auto byte = TakeByte(from, &i);
        if (!byte) return false;
        escaped += *byte;
      }
      decoded += ReplaceInvalidUtf8(escaped);
    }
    *out = scope.arena().Add(decoded);
    return true;
  }

 private:
  // Integer.parseInt of two characters: it takes a sign, and the digits of all scripts.
  static std::optional<char> TakeByte(std::string_view text, size_t* at) {
    const auto first = TakeCharacter(text, at), second = TakeCharacter(text, at);
    if (!first || !second) return std::nullopt;
    const int32_t low = Digit(*second);
    if (low < 0) return std::nullopt;
    if (*first == '+' || (*first == '-' && low == 0)) return static_cast<char>(low);
    const int32_t high = Digit(*first);
    if (high < 0) return std::nullopt;
    return static_cast<char>(high << 4 | low);
  }

  static std::optional<char32_t> TakeCharacter(std::string_view text, size_t* at) {
    if (*at >= text.size()) return std::nullopt;
    const size_t size = CharacterBytes(text[*at]);
    const char32_t character = DecodeCharacter(text.data() + *at, size);
    *at += size;
    return character;
  }

  // Character.digit, of Java's characters: halves of others are no digits.
  static int32_t Digit(char32_t character) {
    return character > 0xffff ? -1 : u_digit(static_cast<UChar32>(character), 16);
  }
};

template <typename F, OnError kOnError = OnError::kNull>
Result<Node*> OfText(Call& call) {
  return MakeRowCall<F, StringRef, StringRef>(call, {Want::kText}, {}, kOnError);
}
Result<Node*> MakeBin(Call& call) {
  return MakeRowCall<Bin, StringRef, int64_t>(call, {Want::kLong});
}
Result<Node*> MakeToBase64(Call& call) {
  return MakeRowCall<ToBase64, StringRef, StringRef>(call, {Want::kBytes});
}
Result<Node*> MakeFromBase64(Call& call) {
  return MakeRowCall<FromBase64, StringRef, StringRef>(call, {Want::kBytes}, {}, OnError::kFail);
}

constexpr FunctionEntry kFunctions[] = {
    {"TO_BASE64", MakeToBase64},
    {"FROM_BASE64", MakeFromBase64},
    {"HEX", Hex},
    {"UNHEX", OfText<Unhex>},
    {"BIN", MakeBin},
    {"ENCODE", MakeConvert<EncodeText>},
    {"DECODE", MakeConvert<DecodeText>},
    {"URL_ENCODE", OfText<UrlEncode>},
    {"URL_DECODE", OfText<UrlDecode>},
};

}  // namespace

std::span<const FunctionEntry> EncodingFunctions() { return kFunctions; }

}  // namespace castor::expr
