// FLOAT and DOUBLE as text and back, as java.lang.Float and Double of a JDK before 19 do it.
//
// Those JDKs' toString does not always give the shortest digits (2.0E-3 is "0.002",
// but 2.2250738585072014E-308 has neighbours with digits to spare); Flink's results hold them, so
// they are made here by the same method: digits of the exact value until what is left is below half
// a unit in the last place. Writing takes at most kMaxNumberText bytes and returns the end. Pure
// functions.
#pragma once

#include <optional>
#include <string_view>

namespace castor::expr {

inline constexpr int kMaxNumberText = 32;

char* WriteJavaDouble(double value, char* buffer);
char* WriteJavaFloat(float value, char* buffer);

// Double.parseDouble: white space around, "NaN", "Infinity", decimal and hexadecimal forms, a type
// suffix. Nothing if malformed.
std::optional<double> ParseJavaDouble(std::string_view text);
std::optional<float> ParseJavaFloat(std::string_view text);

}  // namespace castor::expr
