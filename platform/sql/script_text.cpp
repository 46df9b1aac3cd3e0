#include "platform/sql/script_text.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <vector>

namespace castor::platform {
namespace {

bool IsWordPart(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || c == '_' || c == '$' || byte >= 0x80;
}

// Behind the quoted text, or comment, that begins at `at`; `at` itself if none does.
size_t SkipOpaque(std::string_view text, size_t at) {
  const auto behind = [&](std::string_view end, size_t from) {
    const size_t found = text.find(end, from);
    return found == std::string_view::npos ? text.size() : found + end.size();
  };
  if (text[at] == '\'' || text[at] == '`') return behind(text.substr(at, 1), at + 1);
  if (text.substr(at, 2) == "--") return behind("\n", at);
  if (text.substr(at, 2) == "/*") return behind("*/", at + 2);
  return at;
}

struct Token {
  size_t begin = 0;
  size_t end = 0;
  std::string word = {};  // in upper case; empty: a quoted text
};

// Without comments and spaces.
std::vector<Token> Tokenize(std::string_view text) {
  std::vector<Token> tokens;
  for (size_t at = 0; at < text.size();) {
    Token token = {.begin = at, .end = SkipOpaque(text, at)};
    const bool is_comment = text[at] == '-' || text[at] == '/';
    if (token.end == at) {
      ++token.end;
      if (IsWordPart(text[at])) {
        while (token.end < text.size() && IsWordPart(text[token.end])) ++token.end;
      }
      for (size_t i = at; i < token.end; ++i) {
        token.word += static_cast<char>(std::toupper(static_cast<unsigned char>(text[i])));
      }
    } else if (is_comment) {
      at = token.end;
      continue;
    }
    at = token.end;
    if (token.word.empty() || std::isspace(static_cast<unsigned char>(token.word[0])) == 0) {
      tokens.push_back(std::move(token));
    }
  }
  return tokens;
}

using Tokens = std::vector<Token>;

bool Is(const Tokens& tokens, size_t i, std::string_view word) {
  return i < tokens.size() && tokens[i].word == word;
}

bool BeginsQuery(const Tokens& tokens, size_t i) {
  return Is(tokens, i, "SELECT") || Is(tokens, i, "WITH") || Is(tokens, i, "VALUES");
}

// Behind the parenthesis that closes the one at `i`.
size_t SkipParentheses(const Tokens& tokens, size_t i) {
  int depth = 0;
  for (; i < tokens.size(); ++i) {
    if (tokens[i].word == "(") ++depth;
    if (tokens[i].word == ")" && --depth == 0) return i + 1;
  }
  return i;
}

// A statement that would run, or holds others together.
struct Running {
  size_t begin = 0;  // of the text
  size_t end = 0;    // before its semicolon
  std::optional<size_t> query;
};

// Where the query of the INSERT begins whose first token is `i`.
std::optional<size_t> QueryOfInsert(const Tokens& tokens, size_t i) {
  for (++i; i < tokens.size(); ++i) {
    if (BeginsQuery(tokens, i)) return tokens[i].begin;
    if (!Is(tokens, i, "(")) continue;
    size_t inner = i;
    while (Is(tokens, inner, "(")) ++inner;
    if (BeginsQuery(tokens, inner)) return tokens[i].begin;
    i = SkipParentheses(tokens, i) - 1;
  }
  return std::nullopt;
}

// What wraps statements: EXECUTE, [BEGIN] STATEMENT SET [BEGIN].
size_t SkipWrapping(const Tokens& tokens, size_t i) {
  for (const char* word : {"EXECUTE", "BEGIN", "STATEMENT", "SET", "BEGIN"}) {
    const bool is_option =
        std::string_view(word) == "SET" && !(i > 0 && Is(tokens, i - 1, "STATEMENT"));
    if (!is_option && Is(tokens, i, word)) ++i;
  }
  return i;
}

std::optional<Running> ReadStatement(const Tokens& tokens, size_t end) {
  if (tokens.empty()) return std::nullopt;
  const size_t first = SkipWrapping(tokens, 0);
  Running running = {.begin = tokens[0].begin, .end = end, .query = {}};
  if (first == tokens.size() || Is(tokens, first, "END")) return running;
  if (BeginsQuery(tokens, first) || Is(tokens, first, "(")) {
    running.query = tokens[first].begin;
  } else if (Is(tokens, first, "INSERT")) {
    running.query = QueryOfInsert(tokens, first);
  } else {
    return std::nullopt;
  }
  return running;
}

std::vector<Running> FindRunning(std::string_view script) {
  std::vector<Running> all;
  Tokens statement;
  Tokens tokens = Tokenize(script);
  tokens.push_back({.begin = script.size(), .end = script.size(), .word = ";"});
  for (Token& token : tokens) {
    if (token.word != ";") {
      statement.push_back(std::move(token));
      continue;
    }
    if (const auto running = ReadStatement(statement, token.begin)) all.push_back(*running);
    statement.clear();
  }
  return all;
}

int LineAt(std::string_view text, size_t offset) {
  return 1 + static_cast<int>(
                 std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(offset), '\n'));
}

void Blank(size_t begin, size_t end, std::string* text) {
  for (size_t i = begin; i < end; ++i) {
    if ((*text)[i] != '\n') (*text)[i] = ' ';
  }
}

// Bytes of the character that begins with `c`, and how many units of UTF-16 it has.
std::pair<size_t, int> SizeOf(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x80) return {1, 1};
  if (byte < 0xe0) return {2, 1};
  return byte < 0xf0 ? std::pair<size_t, int>{3, 1} : std::pair<size_t, int>{4, 2};
}

}  // namespace

Result<std::string> PreviewScript(std::string_view script, int line) {
  const std::vector<Running> all = FindRunning(script);
  const Running* chosen = nullptr;
  for (const Running& each : all) {
    if (!each.query) continue;
    if (chosen == nullptr || LineAt(script, each.begin) <= line) chosen = &each;
  }
  if (chosen == nullptr) {
    return Status::InvalidArgument("the script has no query: a SELECT, or an INSERT with one");
  }
  std::string text(script);
  for (const Running& each : all) {
    const size_t behind = std::min(each.end + 1, text.size());  // with its semicolon
    Blank(each.begin, &each == chosen ? *each.query : behind, &text);
  }
  return text;
}

int EndOfToken(std::string_view script, int line, int column) {
  size_t at = 0;
  for (int i = 1; i < line && at < script.size(); ++i) {
    const size_t end = script.find('\n', at);
    at = end == std::string_view::npos ? script.size() : end + 1;
  }
  int here = 1;
  while (here < column && at < script.size() && script[at] != '\n') {
    const auto [bytes, units] = SizeOf(script[at]);
    at = std::min(at + bytes, script.size());
    here += units;
  }
  if (at >= script.size()) return column + 1;
  size_t end = SkipOpaque(script, at);
  if (end == at) {
    while (end < script.size() && IsWordPart(script[end])) ++end;
  }
  for (; at < end && script[at] != '\n';) {
    const auto [bytes, units] = SizeOf(script[at]);
    at += bytes;
    here += units;
  }
  return std::max(here, column + 1);
}

}  // namespace castor::platform
