// A table as sources, sinks and lookups see it: identity, options, schema.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "column/logical_type.h"
#include "plan/expression.h"
#include "plan/source_position.h"

namespace castor::plan {

struct TableColumn {
  enum class Kind : uint8_t { kPhysical, kComputed, kMetadata };
  std::string name;
  LogicalType type;
  Kind kind = Kind::kPhysical;
  std::string metadata_key;  // of kMetadata; the column's name if the DDL names none
  bool is_virtual = false;   // a metadata column that sinks do not write
};

struct Table {
  std::string identifier;
  std::vector<TableColumn> columns;
  std::vector<std::string> primary_key;  // column names
  std::vector<std::string> partition_keys;
  std::map<std::string, std::string> options;
  SourcePosition position;  // of its DDL

  // ROW of the physical columns: what formats read and write.
  LogicalType PhysicalRow() const;
};

// What the planner pushed into a scan, in the order of application, reduced to its effect.
struct ScanAbilities {
  // The row the source produces: physical columns first, then metadata. Always set, and the type of
  // the row that `watermark` reads.
  LogicalType produced_type;
  // Paths into the physical row, one per produced physical field; empty optional = all of them.
  bool projected = false;
  std::vector<std::vector<int32_t>> projected_fields;
  std::vector<std::string> metadata_keys;
  // Predicates the source accepted. They read the table's physical row followed by `metadata_keys`,
  // whatever was projected before or after.
  std::vector<ExpressionPtr> filters;
  int64_t limit = -1;
  bool has_partitions = false;
  std::vector<std::map<std::string, std::string>> partitions;  // remaining after pruning

  // WatermarkPushDown. `watermark` is null when none was pushed; it reads the produced row.
  ExpressionPtr watermark;
  bool watermark_on_event = false;  // else periodic
  int64_t idle_timeout_ms = -1;     // -1: never idle
  std::string alignment_group;
  int64_t alignment_max_drift_ms = 0;
  int64_t alignment_update_interval_ms = 0;
  bool source_watermark = false;
};

}  // namespace castor::plan
