// Names and numbers in the formats of dates: for the sources of java_time_format.h only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace castor::expr {

// English, in full or of three letters; months from 1, days from Monday = 1.
std::string_view MonthName(int32_t month, bool full);
std::string_view DayName(int32_t iso_day, bool full);

// With zeros up to `width` digits, the sign in front.
void AppendPadded(int64_t value, int width, std::string* out);

}  // namespace castor::expr
