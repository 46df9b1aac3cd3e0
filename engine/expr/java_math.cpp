#include "expr/java_math.h"

#include <quadmath.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include "expr/fdlibm.h"

namespace castor::expr {
namespace {

// A long double has 11 bits more than a double. Its own error, of a unit or so, decides how it
// rounds to a double only where those bits are almost half of a double's unit.
bool IsHardToRound(long double value) {
  uint64_t significand = 0;
  std::memcpy(&significand, &value, sizeof(significand));
  constexpr uint64_t kHalf = 1024;
  constexpr uint64_t kDoubt = 4;
  return (significand & (2 * kHalf - 1)) - (kHalf - kDoubt) <= 2 * kDoubt;
}

double Nearest(long double x) { return static_cast<double>(x); }

}  // namespace

double JavaAcos(double x) { return fdlibm_acos(x); }
double JavaAsin(double x) { return fdlibm_asin(x); }
double JavaAtan(double x) { return fdlibm_atan(x); }
double JavaAtan2(double y, double x) { return fdlibm_atan2(y, x); }
double JavaCosh(double x) { return fdlibm_cosh(x); }
double JavaSinh(double x) { return fdlibm_sinh(x); }
double JavaTanh(double x) { return fdlibm_tanh(x); }

double JavaLog(double x) {
  const long double log = std::log(static_cast<long double>(x));
  return IsHardToRound(log) ? static_cast<double>(logq(x)) : Nearest(log);
}

double JavaLog10(double x) {
  const long double log = std::log10(static_cast<long double>(x));
  return IsHardToRound(log) ? static_cast<double>(log10q(x)) : Nearest(log);
}

double JavaExp(double x) { return std::exp(x); }

double JavaPow(double base, double exponent) {
  if (exponent == 2) return base * base;
  if (exponent == 0.5 && base > 0) return std::sqrt(base);
  if (exponent == 0) return 1;
  // Where Java has NaN, C has 1.
  if (std::isnan(exponent) || (std::fabs(base) == 1 && std::isinf(exponent))) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return std::pow(base, exponent);
}

double JavaSin(double x) { return Nearest(std::sin(static_cast<long double>(x))); }
double JavaCos(double x) { return Nearest(std::cos(static_cast<long double>(x))); }
double JavaTan(double x) { return Nearest(std::tan(static_cast<long double>(x))); }

}  // namespace castor::expr
