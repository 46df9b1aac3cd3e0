#include "expr/settings.h"

namespace castor::expr {

Result<Settings> Settings::Read(const Configuration* configuration) {
  Settings settings;
  if (configuration == nullptr) return settings;
  settings.time_zone = configuration->GetString("table.local-time-zone", "default");
  settings.current_database = configuration->Find("__table.query-start.current-database__");
  const std::string cast = configuration->GetString("table.exec.legacy-cast-behaviour", "DISABLED");
  if (cast != "ENABLED" && cast != "DISABLED") {
    return Status::InvalidArgument("option table.exec.legacy-cast-behaviour is '" + cast +
                                   "'; it takes ENABLED or DISABLED");
  }
  settings.legacy_cast = cast == "ENABLED";
  return settings;
}

}  // namespace castor::expr
