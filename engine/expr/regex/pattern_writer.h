// Parsed Java patterns in the languages of PCRE2 and RE2. What is written uses no feature whose
// meaning hangs on an option: sets are spelled out, '.', '^' and '$' do not appear.
#pragma once

#include <optional>
#include <string>

#include "expr/regex/java_pattern.h"

namespace castor::expr::regex {

// `unicode_words`: word boundaries as the JDK sees them in text beyond ASCII (letters and digits of
// all scripts, with their marks); otherwise for ASCII text only.
std::string WriteForPcre2(const JavaPattern& pattern, bool unicode_words);

struct Re2Pattern {
  std::string text;
  bool ascii_only = false;               // holds for ASCII texts only
  bool needs_unterminated_text = false;  // holds for texts that end in no line terminator
};

// Nothing where RE2 cannot say the pattern, or might capture something else.
std::optional<Re2Pattern> WriteForRe2(const JavaPattern& pattern);

bool HasWordBoundary(const PatternNode& node);

}  // namespace castor::expr::regex
