// How the rows of a SELECT become text: one implementation per form.
//
// Used by one thread. Each call appends whole lines.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "column/batch.h"
#include "format/api/format.h"

namespace castor::connector::collect {

class RowShower {
 public:
  virtual ~RowShower() = default;
  virtual void Begin(std::string* out) { (void)out; }
  virtual Status Show(const Batch& batch, std::string* out) = 0;
  virtual void End(std::string* out) { (void)out; }
};

struct ShowerOptions {
  std::vector<LogicalType::Field> columns;
  bool insert_only = true;  // no column for the row kind is needed
  int max_width = 0;        // characters of a terminal's line; 0: no limit
  std::string session_time_zone = "UTC";
};

// `form`: "changelog" (row text), "json" (an object with op and row a line), "csv" (a header line,
// then rows, with op first unless insert-only) or "table". Errors name a form or a column's type
// that is not known.
Result<std::unique_ptr<RowShower>> MakeRowShower(const std::string& form,
                                                 const ShowerOptions& options,
                                                 const format::FormatRegistry& formats);

std::unique_ptr<RowShower> MakeTableShower(const ShowerOptions& options);

}  // namespace castor::connector::collect
