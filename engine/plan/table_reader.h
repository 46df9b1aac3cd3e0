// Tables of a bundle and what a plan says of them (ResolvedCatalogTable), source and sink
// abilities.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "plan/bundle.h"
#include "plan/json_reader.h"
#include "plan/nodes/scan.h"
#include "plan/table.h"

namespace castor::plan {

// An entry of the bundle's "tables"; `statements` tell where its DDL stands.
Table ReadBundleTable(std::string identifier, const JsonValue& value,
                      const std::vector<Statement>& statements);

// The "table" of a scan or sink in the plan, which may have options of its own (an OPTIONS hint).
// The bundle's entry of that identifier adds its position, or everything if the plan only names it.
Table ReadPlanTable(const JsonValue& value, const std::map<std::string, Table>& tables);

// A column of a schema or of the collected result.
TableColumn ReadColumn(const JsonValue& value);

ScanAbilities ReadScanAbilities(const JsonValue& value, const Table& table);

}  // namespace castor::plan
