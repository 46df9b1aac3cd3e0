// Order of java.math.BigDecimal, of numbers as text and of any length. Pure functions.
#pragma once

#include <string_view>

namespace castor::expr::json {

// Whether `new BigDecimal(text)` takes the text (digits of ASCII only).
bool IsBigDecimal(std::string_view text);

// The sign of a - b; both are BigDecimals.
int CompareBigDecimals(std::string_view a, std::string_view b);

}  // namespace castor::expr::json
