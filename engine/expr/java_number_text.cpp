#include "expr/java_number_text.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <type_traits>

namespace castor::expr {
namespace {

// Natural numbers of up to 2240 bits: the largest that a DOUBLE's digits take is 2^1127 or so.
class BigNatural {
 public:
  explicit BigNatural(uint64_t value) {
    limbs_[0] = static_cast<uint32_t>(value);
    limbs_[1] = static_cast<uint32_t>(value >> 32);
    size_ = limbs_[1] != 0 ? 2 : (limbs_[0] != 0 ? 1 : 0);
  }

  void Multiply(uint32_t factor) {
    uint64_t carry = 0;
    for (int i = 0; i < size_; ++i) {
      carry += static_cast<uint64_t>(limbs_[i]) * factor;
      limbs_[i] = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) limbs_[size_++] = static_cast<uint32_t>(carry);
  }
  void MultiplyByPowerOfFive(int exponent) {
    for (; exponent >= 13; exponent -= 13) Multiply(1'220'703'125);
    for (; exponent > 0; --exponent) Multiply(5);
  }
  void ShiftLeft(int bits) {
    if (size_ == 0) return;
    const int words = bits / 32;
    if (words > 0) {
      std::memmove(limbs_ + words, limbs_, static_cast<size_t>(size_) * 4);
      std::memset(limbs_, 0, static_cast<size_t>(words) * 4);
      size_ += words;
    }
    if (bits % 32 != 0) Multiply(1u << (bits % 32));
  }

  int Compare(const BigNatural& other) const {
    if (size_ != other.size_) return size_ < other.size_ ? -1 : 1;
    for (int i = size_; i-- > 0;) {
      if (limbs_[i] != other.limbs_[i]) return limbs_[i] < other.limbs_[i] ? -1 : 1;
    }
    return 0;
  }
  void Add(const BigNatural& other) {
    uint64_t carry = 0;
    const int limbs = std::max(size_, other.size_);
    for (int i = 0; i < limbs; ++i) {
      carry += static_cast<uint64_t>(Limb(i)) + other.Limb(i);
      limbs_[i] = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
    size_ = limbs;
    if (carry != 0) limbs_[size_++] = static_cast<uint32_t>(carry);
  }
  // `other` is not larger.
  void Subtract(const BigNatural& other) {
    int64_t borrow = 0;
    for (int i = 0; i < size_; ++i) {
      borrow += static_cast<int64_t>(limbs_[i]) - other.Limb(i);
      limbs_[i] = static_cast<uint32_t>(borrow);
      borrow >>= 32;
    }
    while (size_ > 0 && limbs_[size_ - 1] == 0) --size_;
  }
  // Divides by `divisor`, of which this is less than ten times, and keeps the remainder.
  int TakeDigit(const BigNatural& divisor) {
    int digit = 0;
    while (Compare(divisor) >= 0) {
      Subtract(divisor);
      ++digit;
    }
    return digit;
  }
  bool IsZero() const { return size_ == 0; }

 private:
  uint32_t Limb(int i) const { return i < size_ ? limbs_[i] : 0; }

  int size_ = 0;
  uint32_t limbs_[70];
};

struct Digits {
  char text[20];
  int count = 0;
  int exponent = 0;  // the value is 0.<digits> * 10^exponent

  void Append(int digit) { text[count++] = static_cast<char>('0' + digit); }
  void RoundUp() {
    int i = count - 1;
    while (i > 0 && text[i] == '9') text[i--] = '0';
    if (text[i] == '9') {
      text[0] = '1';
      ++exponent;
      return;
    }
    ++text[i];
  }
};

// A finite, positive number: significand * 2^(exponent - 52), with the top bit of 53 set.
struct Binary {
  uint64_t significand;
  int exponent;
  int significant_bits;
};

// Whole numbers: exact digits; those beyond the precision (of numbers above 2^53) are rounded away.
Digits WholeDigits(uint64_t value, int insignificant) {
  Digits digits;
  int dropped = 0;
  if (insignificant > 0) {
    uint64_t power = 1;
    for (int i = 0; i < insignificant; ++i) power *= 10;
    const uint64_t residue = value % power;
    value /= power;
    dropped = insignificant;
    if (residue >= power / 2) ++value;
  }
  char reversed[20];
  int count = 0;
  for (; value != 0; value /= 10) reversed[count++] = static_cast<char>('0' + value % 10);
  digits.exponent = count + dropped;
  int first = 0;
  while (first < count - 1 && reversed[first] == '0') ++first;
  for (int i = count; i-- > first;) digits.text[digits.count++] = reversed[i];
  return digits;
}

// The decimal exponent, by a line through log10 at the middle of the binade; may be one too high.
int EstimateExponent(uint64_t significand, int exponent) {
  const double mantissa = std::ldexp(static_cast<double>(significand), -52);
  return static_cast<int>(
      std::floor((mantissa - 1.5) * 0.289529654 + 0.176091259 + exponent * 0.301029995663981));
}

// The digit loop works on value = numerator / denominator and half a unit in the last place =
// margin / denominator, each a product of powers of five and two, scaled so that the first digit is
// the quotient.
struct Scaling {
  uint64_t significand;  // without trailing zeros
  int fraction_bits;     // of the significand
  int numerator_fives;   // also the margin's
  int numerator_twos;
  int denominator_fives;
  int denominator_twos;
  int margin_twos;
};

Scaling MakeScaling(const Binary& number, int decimal_exponent) {
  const int trailing = std::countr_zero(number.significand);
  const int fraction_bits = 53 - trailing;
  const int below_point = std::max(0, fraction_bits - number.exponent - 1);
  Scaling scaling{};
  scaling.significand = number.significand >> trailing;
  scaling.fraction_bits = fraction_bits;
  scaling.numerator_fives = std::max(0, -decimal_exponent);
  scaling.denominator_fives = std::max(0, decimal_exponent);
  scaling.numerator_twos = scaling.numerator_fives + below_point + number.exponent;
  scaling.denominator_twos = scaling.denominator_fives + below_point;
  scaling.margin_twos = scaling.numerator_twos - number.significant_bits;
  scaling.numerator_twos -= fraction_bits - 1;
  const int common = std::min(scaling.numerator_twos, scaling.denominator_twos);
  scaling.numerator_twos -= common;
  scaling.denominator_twos -= common;
  scaling.margin_twos -= common;
  // The unit below a power of two is half of the one above it.
  if (fraction_bits == 1) --scaling.margin_twos;
  if (scaling.margin_twos < 0) {
    scaling.numerator_twos -= scaling.margin_twos;
    scaling.denominator_twos -= scaling.margin_twos;
    scaling.margin_twos = 0;
  }
  return scaling;
}

// The loop's state in machine integers. The JDK lets the margin and the sum overflow, which decides
// some digits, so this has to wrap around as well.
template <typename Int>
class MachineFraction {
 public:
  using Unsigned = std::make_unsigned_t<Int>;

  explicit MachineFraction(const Scaling& s)
      : numerator_(Shifted(s.significand * PowerOfFive(s.numerator_fives), s.numerator_twos)),
        denominator_(Shifted(PowerOfFive(s.denominator_fives), s.denominator_twos)),
        margin_(Shifted(PowerOfFive(s.numerator_fives), s.margin_twos)),
        tens_(Times(denominator_, 10)) {}

  int Step(bool first, bool* low, bool* high) {
    const auto digit = static_cast<int>(numerator_ / denominator_);
    numerator_ = Times(numerator_ % denominator_, 10);
    margin_ = Times(margin_, 10);
    *low = *high = true;
    if (first || margin_ > 0) {
      *low = numerator_ < margin_;
      *high = static_cast<Int>(static_cast<Unsigned>(numerator_) + static_cast<Unsigned>(margin_)) >
              tens_;
    }
    return digit;
  }
  // Sign of what is left against half of the last digit.
  int CompareWithHalf() const {
    const auto difference = static_cast<Int>(static_cast<Unsigned>(Times(numerator_, 2)) -
                                             static_cast<Unsigned>(tens_));
    return difference < 0 ? -1 : static_cast<int>(difference > 0);
  }

 private:
  static uint64_t PowerOfFive(int exponent) {
    uint64_t power = 1;
    for (; exponent > 0; --exponent) power *= 5;
    return power;
  }
  static Int Shifted(uint64_t value, int bits) { return static_cast<Int>(value << bits); }
  static Int Times(Int value, Unsigned factor) {
    return static_cast<Int>(static_cast<Unsigned>(value) * factor);
  }

  Int numerator_;
  const Int denominator_;
  Int margin_;
  const Int tens_;
};

class BigFraction {
 public:
  explicit BigFraction(const Scaling& s)
      : numerator_(s.significand), denominator_(1), margin_(1), tens_(0) {
    numerator_.MultiplyByPowerOfFive(s.numerator_fives);
    numerator_.ShiftLeft(s.numerator_twos);
    denominator_.MultiplyByPowerOfFive(s.denominator_fives);
    denominator_.ShiftLeft(s.denominator_twos);
    margin_.MultiplyByPowerOfFive(s.numerator_fives);
    margin_.ShiftLeft(s.margin_twos);
    tens_ = denominator_;
    tens_.Multiply(10);
  }

  int Step(bool, bool* low, bool* high) {
    const int digit = numerator_.TakeDigit(denominator_);
    numerator_.Multiply(10);
    margin_.Multiply(10);
    *low = numerator_.Compare(margin_) < 0;
    BigNatural sum = numerator_;
    sum.Add(margin_);
    *high = sum.Compare(tens_) >= 0;
    return digit;
  }
  int CompareWithHalf() const {
    BigNatural twice = numerator_;
    twice.Multiply(2);
    return twice.Compare(tens_);
  }

 private:
  BigNatural numerator_;
  BigNatural denominator_;
  BigNatural margin_;
  BigNatural tens_;
};

template <typename Fraction>
Digits FractionDigits(Fraction fraction, int decimal_exponent) {
  Digits digits;
  bool low = false, high = false;
  const int first = fraction.Step(true, &low, &high);
  if (first == 0 && !high) {
    --decimal_exponent;
  } else {
    digits.Append(first);
  }
  // Numbers written with an exponent have at least one digit behind the point.
  if (decimal_exponent < -3 || decimal_exponent >= 8) low = high = false;
  while (!low && !high) digits.Append(fraction.Step(false, &low, &high));
  digits.exponent = decimal_exponent + 1;
  if (high) {
    const int half = fraction.CompareWithHalf();
    const bool odd = (digits.text[digits.count - 1] & 1) != 0;
    if (!low || half > 0 || (half == 0 && odd)) digits.RoundUp();
  }
  return digits;
}

int BitsOfPowerOfFive(int exponent) {
  if (exponent == 0) return 0;
  return exponent < 27 ? static_cast<int>(exponent * 2.321928094887362) + 1 : exponent * 3;
}

Digits FractionDigits(const Binary& number) {
  const int exponent = EstimateExponent(number.significand, number.exponent);
  const Scaling s = MakeScaling(number, exponent);
  const int numerator_bits =
      s.fraction_bits + s.numerator_twos + BitsOfPowerOfFive(s.numerator_fives);
  const int tens_bits = s.denominator_twos + 1 + BitsOfPowerOfFive(s.denominator_fives + 1);
  if (numerator_bits < 32 && tens_bits < 32) {
    return FractionDigits(MachineFraction<int32_t>(s), exponent);
  }
  if (numerator_bits < 64 && tens_bits < 64) {
    return FractionDigits(MachineFraction<int64_t>(s), exponent);
  }
  return FractionDigits(BigFraction(s), exponent);
}

Digits MakeDigits(const Binary& number) {
  const int fraction_bits = 53 - std::countr_zero(number.significand);
  const int below_point = std::max(0, fraction_bits - number.exponent - 1);
  if (below_point == 0 && number.exponent <= 62) {
    int insignificant = 0;
    if (number.exponent > number.significant_bits) {
      const int power = number.exponent - number.significant_bits - 1;
      // Digits of 2^power that say nothing.
      insignificant = power > 1 ? static_cast<int>(power * 0.30102999566398120) : 0;
    }
    const int shift = number.exponent - 52;
    const uint64_t whole = shift >= 0 ? number.significand << shift : number.significand >> -shift;
    return WholeDigits(whole, insignificant);
  }
  return FractionDigits(number);
}

char* Write(bool negative, const Digits& digits, char* out) {
  if (negative) *out++ = '-';
  const char* text = digits.text;
  const int count = digits.count;
  const auto copy = [&out](const char* from, int size) {
    std::memcpy(out, from, static_cast<size_t>(size));
    out += size;
  };
  if (digits.exponent > 0 && digits.exponent < 8) {
    const int whole = std::min(count, digits.exponent);
    copy(text, whole);
    for (int i = whole; i < digits.exponent; ++i) *out++ = '0';
    *out++ = '.';
    if (whole < count) {
      copy(text + whole, count - whole);
    } else {
      *out++ = '0';
    }
    return out;
  }
  if (digits.exponent <= 0 && digits.exponent > -3) {
    copy("0.", 2);
    for (int i = digits.exponent; i < 0; ++i) *out++ = '0';
    copy(text, count);
    return out;
  }
  *out++ = text[0];
  *out++ = '.';
  if (count > 1) {
    copy(text + 1, count - 1);
  } else {
    *out++ = '0';
  }
  *out++ = 'E';
  const std::string exponent = std::to_string(digits.exponent - 1);
  copy(exponent.data(), static_cast<int>(exponent.size()));
  return out;
}

char* WriteWord(std::string_view word, char* out) {
  std::memcpy(out, word.data(), word.size());
  return out + word.size();
}

// `bits` has the number's fraction, `width` bits of it, below its exponent field.
template <typename Float, typename Bits, int kWidth, int kBias>
char* WriteNumber(Float value, char* out) {
  if (std::isnan(value)) return WriteWord("NaN", out);
  const bool negative = std::signbit(value);
  if (std::isinf(value)) return WriteWord(negative ? "-Infinity" : "Infinity", out);
  if (value == 0) return WriteWord(negative ? "-0.0" : "0.0", out);
  const auto bits = std::bit_cast<Bits>(value);
  constexpr Bits kFractionMask = (Bits{1} << kWidth) - 1;
  constexpr int kExponentBits = static_cast<int>(sizeof(Bits)) * 8 - 1 - kWidth;
  uint64_t fraction = bits & kFractionMask;
  int exponent = static_cast<int>(bits >> kWidth & ((Bits{1} << kExponentBits) - 1));
  int significant_bits = kWidth + 1;
  if (exponent == 0) {
    const int used = 64 - std::countl_zero(fraction);
    fraction <<= kWidth + 1 - used;
    exponent = 1 - (kWidth + 1 - used);
    significant_bits = used;
  } else {
    fraction |= uint64_t{1} << kWidth;
  }
  const Binary number{fraction << (52 - kWidth), exponent - kBias, significant_bits};
  return Write(negative, MakeDigits(number), out);
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// The digits of `text` from `i` on that satisfy `test`, with one point among them; how many digits.
template <typename Test>
size_t SkipDigits(std::string_view text, size_t* i, Test&& test) {
  size_t digits = 0;
  bool point = false;
  for (; *i < text.size(); ++*i) {
    if (test(text[*i])) {
      ++digits;
    } else if (text[*i] == '.' && !point) {
      point = true;
    } else {
      break;
    }
  }
  return digits;
}

bool SkipExponent(std::string_view text, size_t* i) {
  ++*i;
  if (*i < text.size() && (text[*i] == '+' || text[*i] == '-')) ++*i;
  const size_t start = *i;
  while (*i < text.size() && IsDigit(text[*i])) ++*i;
  return *i > start;
}

// Whether `text`, without sign, is a Java floating-point literal; `*end` is where its suffix
// starts.
bool IsNumber(std::string_view text, size_t* end) {
  size_t i = 0;
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    i = 2;
    if (SkipDigits(text, &i, IsHexDigit) == 0) return false;
    if (i >= text.size() || (text[i] != 'p' && text[i] != 'P')) return false;
    if (!SkipExponent(text, &i)) return false;
  } else {
    if (SkipDigits(text, &i, IsDigit) == 0) return false;
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E') && !SkipExponent(text, &i)) {
      return false;
    }
  }
  *end = i;
  if (i < text.size() && std::strchr("fFdD", text[i]) != nullptr) ++i;
  return i == text.size();
}

template <typename Float>
std::optional<Float> ParseNumber(std::string_view text, Float (*parse)(const char*, char**)) {
  text = Trimmed(text);
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  Float value;
  size_t end = 0;
  if (text == "NaN") {
    return std::numeric_limits<Float>::quiet_NaN();
  } else if (text == "Infinity") {
    value = std::numeric_limits<Float>::infinity();
  } else if (IsNumber(text, &end)) {
    // What is beyond the range, or hexadecimal, is left to `parse`.
    const auto [stop, error] = std::from_chars(text.data(), text.data() + end, value);
    if (error != std::errc() || stop != text.data() + end) {
      value = parse(std::string(text.substr(0, end)).c_str(), nullptr);
    }
  } else {
    return std::nullopt;
  }
  return negative ? -value : value;
}

}  // namespace

char* WriteJavaDouble(double value, char* buffer) {
  return WriteNumber<double, uint64_t, 52, 1023>(value, buffer);
}
char* WriteJavaFloat(float value, char* buffer) {
  return WriteNumber<float, uint32_t, 23, 127>(value, buffer);
}

std::optional<double> ParseJavaDouble(std::string_view text) {
  return ParseNumber<double>(text, std::strtod);
}
std::optional<float> ParseJavaFloat(std::string_view text) {
  return ParseNumber<float>(text, std::strtof);
}

}  // namespace castor::expr
