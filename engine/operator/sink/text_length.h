// Lengths of CHAR, VARCHAR (in code points) and BINARY, VARBINARY (in bytes), as sinks enforce
// them.
#pragma once

#include <cstdint>

#include "column/column.h"

namespace castor {

struct LengthRule {
  int32_t length = 0;
  bool fixed = false;  // CHAR, BINARY: shorter values are padded, by spaces or zero bytes
  bool bytes = false;  // BINARY, VARBINARY

  static LengthRule Of(const LogicalType& type);
};

// The length of the first value that breaks the rule, or -1. Thread-safe.
int64_t FindWrongLength(const Column& column, const LengthRule& rule);

// The column with values cut or filled up as the rule says; `column` itself if all obey.
ColumnPtr TrimOrPad(const ColumnPtr& column, const LengthRule& rule);

}  // namespace castor
