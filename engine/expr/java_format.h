// Text from a format: java.util.Formatter of JDK 17 in Locale.US, for the values that SQL has. The
// conversions %a and %t are not made: the latter hangs on the time zone of Flink's machines.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace castor::expr {

struct FormatArgument {
  enum class Kind : uint8_t { kNull, kBoolean, kInteger, kFloating, kOther };
  Kind kind = Kind::kNull;
  bool boolean = false;
  int bits = 64;  // of an integer's Java type
  int64_t integer = 0;
  double floating = 0;
  int32_t hash = 0;       // what hashCode() gives
  std::string_view text;  // what toString() gives, of all but NULL
};

class JavaFormat {
 public:
  // kInvalidArgument where Java throws; kUnsupported for conversions that are not made.
  static Result<JavaFormat> Parse(std::string_view format);

  // Nothing where Java throws: an argument is missing or does not go with its conversion.
  std::optional<std::string> Apply(std::span<const FormatArgument> arguments) const;

 private:
  enum Flag : uint8_t {
    kLeft = 1,
    kAlternate = 2,
    kPlus = 4,
    kSpace = 8,
    kZero = 16,
    kGroup = 32,
    kParentheses = 64,
    kPrevious = 128,
  };
  struct Specifier {
    std::string before;  // text to be copied
    int32_t index = 0;   // from 1; 0: the next one
    uint8_t flags = 0;
    int32_t width = -1;
    int32_t precision = -1;
    char conversion = 0;  // 0: none, only text

    bool has(uint8_t any) const { return (flags & any) != 0; }
    bool upper() const { return conversion >= 'A' && conversion <= 'Z'; }
    char lower() const { return static_cast<char>(conversion | 32); }
  };
  struct Digits;

  static bool ReadSpecifier(std::string_view format, size_t* at, Specifier* specifier);
  static bool IsConsistent(const Specifier& specifier);
  static bool IsConsistentNumber(const Specifier& specifier);
  static bool Append(const Specifier& specifier, const FormatArgument& argument, std::string* out);
  static bool Integer(const Specifier& specifier, const FormatArgument& argument,
                      std::string* text);
  static void Decimal(const Specifier& specifier, const FormatArgument& argument,
                      std::string* text);
  static bool Character(const FormatArgument& argument, std::string* text);
  static void Floating(const Specifier& specifier, double value, std::string* text);
  static void Finish(const Specifier& specifier, bool negative, std::string whole,
                     const std::string& rest, std::string* text);

  std::vector<Specifier> specifiers_;
};

}  // namespace castor::expr
