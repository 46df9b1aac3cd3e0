// Scripts as texts: their statements, and what of them is a query. Planning is the planner's; this
// only finds where things begin and end. Stateless.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/status.h"

namespace castor::platform {

// The script with one query left of all that would run: a SELECT as it is, an INSERT without what
// it would write to. The one at `line` (from 1), or before it; the first for 0. Definitions and
// settings stay; what goes becomes spaces, so that every place in the script remains where it was.
// kInvalidArgument: there is no query.
Result<std::string> PreviewScript(std::string_view script, int line);

// The column behind the word, quoted name or sign that begins at that place; both from 1, columns
// in UTF-16 units, as the planner counts. At least one more than `column`.
int EndOfToken(std::string_view script, int line, int column);

}  // namespace castor::platform
