// The process's standard output and error, for connectors that print rows.
//
// A call writes all of its text before any other caller's: pass whole lines. Thread-safe; may block
// when the reader of a pipe is slow.
#pragma once

#include <string_view>

#include "base/status.h"

namespace castor::io {

enum class Stream : unsigned char { kOutput, kError };

Status WriteToConsole(Stream stream, std::string_view text);
bool IsTerminal(Stream stream);
// Characters per line of the terminal, or `fallback` when it is none or does not say.
int TerminalWidth(Stream stream, int fallback);

}  // namespace castor::io
