// Session settings that expressions depend on, read from the job's options once per program.
#pragma once

#include <optional>
#include <string>

#include "base/configuration.h"

namespace castor::expr {

struct Settings {
  std::string time_zone = "UTC";  // table.local-time-zone, an id of the time-zone database
  // __table.query-start.current-database__; bundles of before have none.
  std::optional<std::string> current_database;
  bool legacy_cast = false;  // table.exec.legacy-cast-behaviour: a failing CAST gives NULL

  static Result<Settings> Read(const Configuration* configuration);
};

}  // namespace castor::expr
