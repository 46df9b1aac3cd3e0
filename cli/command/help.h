// The help texts: at most 80 columns, every command with examples.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/terminal/terminal.h"

namespace castor::cli {

// Of the command with that name ("" for the overview); empty if there is none.
std::string HelpText(std::string_view command, const Style& style);

std::vector<std::string> CommandNames();

// A script that completes castor's commands, options and jobs; empty for an unknown shell.
std::string CompletionScript(std::string_view shell);

}  // namespace castor::cli
