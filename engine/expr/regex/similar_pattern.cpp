#include "expr/regex/similar_pattern.h"

#include "expr/utf16.h"

namespace castor::expr::regex {
namespace {

constexpr std::u16string_view kJavaSpecials = u"[]()|^-+*?{}$\\.";
constexpr std::u16string_view kSimilarSpecials = u"[]()|^-+*_%?{}";

struct NamedClass {
  std::u16string_view lower;
  std::u16string_view upper;
  std::u16string_view java;
};
constexpr NamedClass kNamedClasses[] = {
    {u"[:alpha:]", u"[:ALPHA:]", u"\\p{Alpha}"}, {u"[:upper:]", u"[:UPPER:]", u"\\p{Upper}"},
    {u"[:lower:]", u"[:LOWER:]", u"\\p{Lower}"}, {u"[:digit:]", u"[:DIGIT:]", u"\\d"},
    {u"[:space:]", u"[:SPACE:]", u" "},          {u"[:whitespace:]", u"[:WHITESPACE:]", u"\\s"},
    {u"[:alnum:]", u"[:ALNUM:]", u"\\p{Alnum}"},
};

bool IsIn(std::u16string_view set, char16_t c) { return set.find(c) != std::u16string_view::npos; }

class Translation {
 public:
  Translation(std::u16string_view pattern, char16_t escape) : pattern_(pattern), escape_(escape) {}

  Result<std::string> Run() {
    CASTOR_RETURN_NOT_OK(CheckEscapes());
    for (size_t i = 0; i < pattern_.size(); ++i) {
      const char16_t c = pattern_[i];
      if (c == escape_) {
        CASTOR_RETURN_NOT_OK(Escaped(++i));
      } else if (c == '[') {
        out_ += u'[';
        open_ = true;
        CASTOR_RETURN_NOT_OK(Enumeration(&i));
      } else if (c == ']') {
        if (!open_) return Invalid();
        open_ = false;
        out_ += c;
      } else {
        Plain(c);
      }
    }
    if (open_) return Invalid();
    return FromUtf16(out_);
  }

 private:
  Status Invalid() const {
    return Status::InvalidArgument("SIMILAR TO: invalid pattern '" + FromUtf16(pattern_) + "'");
  }

  // An escape that means something in patterns itself must stand before such a character.
  Status CheckEscapes() const {
    if (escape_ == 0) return Status::OK();
    if (IsIn(kSimilarSpecials, escape_)) {
      for (size_t i = 0; i < pattern_.size(); ++i) {
        if (pattern_[i] != escape_) continue;
        if (i + 1 == pattern_.size()) return Invalid();
        if (!IsIn(kSimilarSpecials, pattern_[i + 1]) && pattern_[i + 1] != escape_) {
          return Invalid();
        }
      }
    }
    if (escape_ != ':') return Status::OK();
    const bool found = pattern_.find(u"[:") != std::u16string_view::npos &&
                       pattern_.find(u":]") != std::u16string_view::npos;
    return found ? Status::OK() : Invalid();
  }

  Status Escaped(size_t at) {
    if (at >= pattern_.size()) return Invalid();
    const char16_t c = pattern_[at];
    if (IsIn(kSimilarSpecials, c)) {
      if (IsIn(kJavaSpecials, c)) out_ += u'\\';
    } else if (c != escape_) {
      return Invalid();
    }
    out_ += c;
    return Status::OK();
  }

  void Plain(char16_t c) {
    if (c == '_') {
      out_ += u'.';
    } else if (c == '%') {
      out_ += u"(?s:.*)";
    } else {
      if (c == '\\' || c == '$') out_ += u'\\';
      out_ += c;
    }
  }

  // Up to the closing bracket, which is left to be read.
  Status Enumeration(size_t* at) {
    size_t& i = *at;
    for (++i; i < pattern_.size(); ++i) {
      const char16_t c = pattern_[i];
      if (c == ']') break;
      if (c == escape_) {
        CASTOR_RETURN_NOT_OK(Escaped(++i));
      } else if (c == '-' || c == '^') {
        out_ += c;
      } else if (pattern_.substr(i).starts_with(u"[:")) {
        CASTOR_RETURN_NOT_OK(Named(&i));
      } else if (IsIn(kSimilarSpecials, c)) {
        return Invalid();
      } else {
        out_ += c;
      }
    }
    --i;
    return Status::OK();
  }

  Status Named(size_t* at) {
    const std::u16string_view rest = pattern_.substr(*at);
    for (const NamedClass& each : kNamedClasses) {
      if (!rest.starts_with(each.lower) && !rest.starts_with(each.upper)) continue;
      out_ += each.java;
      *at += each.lower.size() - 1;
      return Status::OK();
    }
    return Invalid();
  }

  const std::u16string_view pattern_;
  const char16_t escape_;
  std::u16string out_;
  bool open_ = false;
};

}  // namespace

Result<std::string> SimilarToJava(std::string_view pattern,
                                  std::optional<std::string_view> escape) {
  char16_t escape_character = 0;
  if (escape) {
    const std::u16string units = ToUtf16(*escape);
    if (units.size() != 1) {
      return Status::InvalidArgument("SIMILAR TO: invalid escape character '" +
                                     std::string(*escape) + "', it must be one character");
    }
    escape_character = units[0];
  }
  const std::u16string units = ToUtf16(pattern);
  // Without an escape, a zero character takes its place in Flink: the pattern's own is then one.
  return Translation(units, escape_character).Run();
}

}  // namespace castor::expr::regex
