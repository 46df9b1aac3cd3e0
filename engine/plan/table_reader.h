// Tables of a bundle and what a plan says of them (ResolvedCatalogTable), source and sink
// abilities.
#pragma once

#include <map>
#include <string>

#include "plan/json_reader.h"
#include "plan/nodes/scan.h"
#include "plan/table.h"

namespace castor::plan {

// An entry of the bundle's "tables".
Table ReadBundleTable(std::string identifier, const JsonValue& value);

// The "table" of a scan or sink in the plan: the bundle's entry of that identifier, or else what
// the plan itself says (a plan made elsewhere).
Table ReadPlanTable(const JsonValue& value, const std::map<std::string, Table>& tables);

ScanAbilities ReadScanAbilities(const JsonValue& value, const Table& table);

}  // namespace castor::plan
