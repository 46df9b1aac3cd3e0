// An error in a script, shown as compilers do:
//
//   job.sql:12:7: error: Column 'pricee' not found in any table
//      12 | SELECT pricee FROM bid
//         |        ^
//   hint: Did you mean 'price'?
//
// Of a long line only what is around the place.
#pragma once

#include <string>
#include <string_view>

#include "cli/terminal/terminal.h"

namespace castor::cli {

struct SqlError {
  std::string message;
  int line = 0;    // from 1; 0: the error has no place
  int column = 0;  // from 1, in characters; 0: none
  std::string hint;
  std::string tables = {};  // that the script had defined, as JSON (spec/job-bundle.md); or empty
};

std::string RenderSqlError(const SqlError& error, std::string_view file, std::string_view script,
                           const Style& style);

}  // namespace castor::cli
