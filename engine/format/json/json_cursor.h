// Stands in a record and goes through it token by token: `{ } [ ] : ,`, strings, other scalars.
//
// White space is passed at once, so that a cursor is always at the first character of a token, or
// at the line end that ends the record. Nothing is checked: grammar is the caller's. The text is as
// json_scan.h wants it. All inline: these few instructions are the inner loop of reading JSON.
#pragma once

#include "format/json/json_name.h"

namespace castor::format::json {

class JsonCursor {
 public:
  explicit JsonCursor(const char* text) { MoveTo(text); }

  const char* at() const { return at_; }
  // The first character of the token.
  char kind() const { return *at_; }
  bool AtEnd() const { return kind() == '\n'; }

  // To the first token from `text` on.
  void MoveTo(const char* text) {
    while (*text == ' ' || *text == '\t' || *text == '\r') ++text;
    at_ = text;
  }
  // Past a token of one character.
  void Advance() { MoveTo(at_ + 1); }
  bool Take(char kind_wanted) {
    if (kind() != kind_wanted) return false;
    Advance();
    return true;
  }
  // Past the name of a member and the colon behind it.
  bool Take(const JsonName& name) {
    if (!name.StandsAt(at_)) return false;
    MoveTo(at_ + name.size());
    return true;
  }

 private:
  const char* at_;
};

}  // namespace castor::format::json
