// Nodes that turn the kinds of rows into a column, and such a column into kinds: calls of
// TO_CHANGELOG and FROM_CHANGELOG, the process table functions that are Flink's own.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "column/batch.h"
#include "plan/node.h"

namespace castor::plan {

// The output is the code of a row's kind and then the row.
struct ToChangelog : Node {
  // By RowKind; rows of a kind without a code are dropped.
  std::array<std::optional<std::string>, 4> codes;
};

// The output is the row without its code.
struct FromChangelog : Node {
  int32_t code_field = -1;
  std::map<std::string, RowKind> kinds;  // by code
};

}  // namespace castor::plan
