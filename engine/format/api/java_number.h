// Numbers as text, read and printed as the Java classes do that Flink's formats call:
// Integer.parseInt, Double.parseDouble, BigDecimal and their toString. Shared by all text formats
// and by printing.
//
// Free functions without state. Readers answer false for what Java would refuse with a
// NumberFormatException; printers append to `out`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "column/logical_type.h"

namespace castor::format {

// String.trim(): drops bytes up to ' ' from both ends.
std::string_view TrimJava(std::string_view text);

// Byte/Short/Integer/Long.parse*: an optional sign and ASCII digits within [min, max].
bool ParseJavaInteger(std::string_view text, int64_t min, int64_t max, int64_t* value);

// Double.parseDouble and Float.parseFloat, each rounded once to its own type.
bool ParseJavaDouble(std::string_view text, double* value);
bool ParseJavaFloat(std::string_view text, float* value);

enum class DecimalText : uint8_t { kValue, kTooLarge, kMalformed };
// `new BigDecimal(text)` rounded HALF_UP to `scale`. kTooLarge: more than `precision` digits, for
// which Flink's DecimalData.fromBigDecimal gives NULL.
DecimalText ParseJavaDecimal(std::string_view text, int32_t precision, int32_t scale,
                             int128_t* unscaled);

// Double.toString and Float.toString with shortest digits (as JDK 19 and later print).
void AppendJavaDouble(double value, std::string* out);
void AppendJavaFloat(float value, std::string* out);
void AppendInteger(int64_t value, std::string* out);

// BigDecimal.toPlainString(): all `scale` fraction digits.
void AppendPlainDecimal(int128_t unscaled, int32_t scale, std::string* out);
// BigDecimal.toString(): an exponent where Java prints one ("0E-8"); and the same after
// stripTrailingZeros() ("1E+2").
void AppendJavaDecimal(int128_t unscaled, int32_t scale, std::string* out);
void AppendStrippedDecimal(int128_t unscaled, int32_t scale, std::string* out);
// The same of a number as JSON has it, of any size.
void AppendStrippedDecimal(std::string_view number, std::string* out);

}  // namespace castor::format
