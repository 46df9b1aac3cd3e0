#include "cli/terminal/live_block.h"

#include <algorithm>

#include "cli/terminal/terminal.h"

namespace castor::cli {
namespace {

// To the start of the first of `lines` lines, everything from there on cleared.
std::string EraseSequence(size_t lines) {
  if (lines == 0) return "";
  return "\r\x1b[" + std::to_string(lines) + "A\x1b[J";
}

}  // namespace

void LiveBlock::Draw(const std::vector<std::string>& lines) {
  lines_ = lines;
  const int width = io::TerminalWidth(io::Stream::kError, 80);
  // One write: a block that is cleared and drawn in two would flicker.
  std::string text = EraseSequence(drawn_);
  for (const std::string& line : lines) {
    text += Fit(line, static_cast<size_t>(std::max(width - 1, 10))) + "\n";
  }
  drawn_ = lines.size();
  Print(io::Stream::kError, text);
}

void LiveBlock::Erase() {
  if (drawn_ > 0) Print(io::Stream::kError, EraseSequence(drawn_));
  drawn_ = 0;
}

void LiveBlock::PrintAbove(io::Stream stream, std::string_view text) {
  std::string& partial = partial_[stream == io::Stream::kOutput ? 0 : 1];
  const size_t end = text.rfind('\n');
  if (end == std::string_view::npos) {
    partial += text;
    return;
  }
  const size_t drawn = drawn_;
  Erase();
  if (!partial.empty()) Print(stream, partial);
  Print(stream, text.substr(0, end + 1));
  partial = text.substr(end + 1);
  if (drawn > 0) Draw(lines_);
}

void LiveBlock::Flush() {
  for (const io::Stream stream : {io::Stream::kOutput, io::Stream::kError}) {
    std::string& partial = partial_[stream == io::Stream::kOutput ? 0 : 1];
    if (partial.empty()) continue;
    const size_t drawn = drawn_;
    Erase();
    Print(stream, partial + "\n");
    partial.clear();
    if (drawn > 0) Draw(lines_);
  }
}

}  // namespace castor::cli
