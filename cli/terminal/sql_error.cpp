#include "cli/terminal/sql_error.h"

#include <fmt/format.h>

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

// Blank, with the tabs of `line`, so that what follows stands under the given column.
std::string Indent(std::string_view line, int column) {
  std::string indent;
  int at = 1;
  for (size_t i = 0; i < line.size() && at < column; ++i) {
    if ((static_cast<unsigned char>(line[i]) & 0xC0) == 0x80) continue;
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
    const std::string_view line = LineOf(script, error.line);
    text += style.Dim(fmt::format("{:>5} | ", error.line)) + std::string(line) + "\n";
    if (error.column > 0) {
      text += style.Dim("      | ") + Indent(line, error.column) + style.Red("^") + "\n";
    }
  }
  if (!error.hint.empty()) text += style.Cyan("hint: ") + error.hint + "\n";
  return text;
}

}  // namespace castor::cli
