#include "cli/terminal/sql_error.h"

#include <fmt/format.h>

#include <algorithm>

namespace castor::cli {
namespace {

std::string_view LineOf(std::string_view script, int number) {
  for (int i = 1; i < number; ++i) {
    const size_t end = script.find('\n');
    if (end == std::string_view::npos) return {};
    script.remove_prefix(end + 1);
  }
  std::string_view line = script.substr(0, script.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// Where character `number` (from 1) begins; the size of the line when it has fewer.
size_t ByteOf(std::string_view line, int number) {
  size_t byte = 0;
  for (int at = 1; byte < line.size(); ++byte) {
    if (!IsContinuation(line[byte]) && at++ == number) break;
  }
  return byte;
}

// What is shown of a line, and where in it the column is.
struct Excerpt {
  std::string text;
  int column;
};

// A script may stand in one line: of long ones only what is around the column.
Excerpt ExcerptOf(std::string_view line, int column) {
  constexpr int kWidest = 120;
  constexpr int kBefore = 80;
  const int width = static_cast<int>(DisplayWidth(line));
  if (width <= kWidest) return {std::string(line), column};
  const int first = std::clamp(column - kBefore, 1, width - kWidest + 1);
  const size_t begin = ByteOf(line, first);
  const size_t end = ByteOf(line, first + kWidest);
  Excerpt excerpt{std::string(line.substr(begin, end - begin)), column - first + 1};
  if (end < line.size()) excerpt.text += "…";
  if (first == 1) return excerpt;
  return {"…" + excerpt.text, excerpt.column + 1};
}

// Blank, with the tabs of `line`, so that what follows stands under the given column.
std::string Indent(std::string_view line, int column) {
  std::string indent;
  int at = 1;
  for (size_t i = 0; i < line.size() && at < column; ++i) {
    if (IsContinuation(line[i])) continue;
    indent += line[i] == '\t' ? '\t' : ' ';
    ++at;
  }
  return indent + std::string(static_cast<size_t>(column - at), ' ');
}

}  // namespace

std::string RenderSqlError(const SqlError& error, std::string_view file, std::string_view script,
                           const Style& style) {
  std::string place(file);
  if (error.line > 0) place += fmt::format(":{}", error.line);
  if (error.line > 0 && error.column > 0) place += fmt::format(":{}", error.column);
  std::string text =
      style.Bold(place + ": ") + style.Red("error: ") + style.Bold(error.message) + "\n";
  if (error.line > 0) {
    const Excerpt line = ExcerptOf(LineOf(script, error.line), error.column);
    text += style.Dim(fmt::format("{:>5} | ", error.line)) + line.text + "\n";
    if (error.column > 0) {
      text += style.Dim("      | ") + Indent(line.text, line.column) + style.Red("^") + "\n";
    }
  }
  if (!error.hint.empty()) text += style.Cyan("hint: ") + error.hint + "\n";
  return text;
}

}  // namespace castor::cli
