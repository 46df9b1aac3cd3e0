// Text in the units of java.lang.String, for functions that count or cut in them. Characters beyond
// U+FFFF are two units; half of one becomes '?' on the way back, as in Java.
#pragma once

#include <string>
#include <string_view>

namespace castor::expr {

std::u16string ToUtf16(std::string_view utf8);
std::string FromUtf16(std::u16string_view utf16);

}  // namespace castor::expr
