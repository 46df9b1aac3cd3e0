// Regular expressions with the results of java.util.regex (JDK 17) on UTF-8.
//
// A pattern is parsed as Java parses it and written anew for PCRE2, which can say all that is
// accepted here, and, where it means the same there, for RE2. PCRE2's compiled code runs first,
// which takes a third to a tenth of RE2's time on texts such as URLs, with a bound on backtracking;
// past the bound RE2 answers in linear time. A text that lacks what every match has is not tried at
// all. A pattern without RE2 form that goes on backtracking is an error of the row (Java would go
// on, or overflow its stack).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace castor::expr::regex {

enum class Extent : uint8_t {
  kPart,   // Matcher.find
  kWhole,  // Matcher.matches
};

class CharacterRun;

// Immutable, thread-safe.
class JavaRegex {
 public:
  // kInvalidArgument: Java does not take the pattern; kUnsupported: this engine does not.
  static Result<std::shared_ptr<const JavaRegex>> Compile(std::string_view pattern,
                                                          Extent extent = Extent::kPart);
  ~JavaRegex();

  int32_t group_count() const;

  // Whether a search for a first match answers kError for no text.
  bool NeverFails() const;

  // The pattern as a run of characters; nullptr if it is another one.
  const CharacterRun* run() const;

 private:
  friend class RegexMatcher;
  struct Engines;
  explicit JavaRegex(std::unique_ptr<Engines> engines);

  const std::unique_ptr<Engines> engines_;
};

struct Span {
  static constexpr size_t kNone = static_cast<size_t>(-1);
  size_t begin = kNone;
  size_t end = kNone;

  bool any() const { return begin != kNone; }
  size_t size() const { return end - begin; }
  std::string_view Of(std::string_view text) const { return text.substr(begin, end - begin); }
};

// One user's matches of a regex; not thread-safe. Texts must be well-formed UTF-8.
class RegexMatcher {
 public:
  explicit RegexMatcher(std::shared_ptr<const JavaRegex> regex);
  ~RegexMatcher();

  enum class Outcome : uint8_t { kMatch, kNone, kError };

  int32_t group_count() const { return regex_->group_count(); }
  const JavaRegex& regex() const { return *regex_; }

  // Whether there is a match at all.
  Outcome Test(std::string_view text);

  // The first match that starts at or after `from`, a boundary of characters.
  Outcome Find(std::string_view text, size_t from = 0);
  // Of the latest match found; group 0 is all of it.
  Span group(int32_t number) const;

  // The match after the latest one, as Matcher.find() goes on.
  Outcome FindNext(std::string_view text);

  // What kError is about.
  std::string error(std::string_view text) const;

 private:
  struct Scratch;

  bool SkipTo(std::string_view text, size_t* from) const;
  Outcome FindPcre2(std::string_view text, size_t from, bool ascii);
  Outcome FindRe2(std::string_view text, size_t from);
  bool Re2Holds(std::string_view text, bool ascii) const;

  const std::shared_ptr<const JavaRegex> regex_;
  const std::unique_ptr<Scratch> scratch_;
};

}  // namespace castor::expr::regex
