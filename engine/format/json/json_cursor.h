// Walks the tokens of one record along its structural positions.
//
// A token is `{ } [ ] : ,`, a string or another scalar, at `text()`; Advance goes to the next one.
// Past the last token of the record `kind()` is 0 for ever. Nothing is checked but that a token is
// whole: grammar is the caller's. The header is all inline: these few instructions are the inner
// loop of reading JSON.
#pragma once

#include <cstdint>
#include <string_view>

namespace castor::format::json {

class JsonCursor {
 public:
  // `positions` (ascending, beginning with the record's first token) are offsets from `base`; the
  // record ends before `base + end`. At least one position must be >= end.
  JsonCursor(const char* base, const uint32_t* positions, size_t end)
      : base_(base), next_(positions), end_(static_cast<uint32_t>(end)) {}

  bool AtEnd() const { return *next_ >= end_; }
  // The first character of the token.
  char kind() const { return AtEnd() ? '\0' : base_[*next_]; }
  void Advance() { next_ += AtEnd() ? 0 : 1; }
  bool Take(char kind_wanted) {
    if (kind() != kind_wanted) return false;
    ++next_;
    return true;
  }

  // From the token's first character up to the next token, without white space at its end.
  std::string_view text() const {
    const char* start = base_ + *next_;
    const char* stop = base_ + (next_[1] < end_ ? next_[1] : end_);
    while (stop > start && IsSpace(stop[-1])) --stop;
    return {start, static_cast<size_t>(stop - start)};
  }
  // Between the quotes of a string token, escapes as they stand. Stage 1 has seen to it that there
  // is a closing quote before the next token.
  std::string_view string_body() const {
    const std::string_view token = text();
    return token.size() < 2 ? std::string_view() : token.substr(1, token.size() - 2);
  }

 private:
  static bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

  const char* const base_;
  const uint32_t* next_;
  const uint32_t end_;
};

}  // namespace castor::format::json
