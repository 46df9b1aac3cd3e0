// table-source-scan and sink: the two ends of a plan.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "plan/node.h"
#include "plan/table.h"

namespace castor::plan {

struct TableSourceScan : Node {
  Table table;
  ScanAbilities abilities;
};

struct Sink : Node {
  Table table;
  std::vector<std::string> metadata_keys;               // WritingMetadata
  std::map<std::string, std::string> static_partition;  // Partitioning
  bool overwrite = false;
  std::vector<std::string> input_changelog_mode;  // names of row kinds that arrive
  bool require_upsert_materialize = false;
  std::string upsert_materialize_strategy;  // "LEGACY" when absent
  std::string conflict_strategy;            // ON CONFLICT behaviour, or empty
  std::vector<int32_t> input_upsert_key;    // fields of `consumed_type`; empty: none
  // The row that arrives: the table's physical columns, then its persisted metadata columns, with
  // the table's constraints (nullability, lengths) rather than the query's.
  LogicalType consumed_type;
  std::vector<int32_t> primary_key;  // fields of `consumed_type`; empty: none
};

}  // namespace castor::plan
