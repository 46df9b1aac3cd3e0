// The job bundle: all of a job that the planner hands over (spec/job-bundle.md).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/configuration.h"
#include "base/status.h"
#include "plan/node.h"
#include "plan/table.h"

namespace castor::plan {

struct Statement {
  std::string kind;  // "CREATE_TABLE", "SET", "INSERT", "SELECT" ...
  std::string sql;
  SourcePosition position;
  int32_t sink_node = -1;  // of those that write
};

// The SELECT of a script, which is planned as an INSERT into an internal collecting sink.
struct CollectInfo {
  int32_t sink_node = -1;
  std::vector<LogicalType::Field> columns;
  std::vector<std::string> changelog_mode;  // names of row kinds that will come
  bool insert_only = false;
  std::vector<int32_t> upsert_key;  // columns by which updates replace rows; empty: none is known
};

struct Bundle {
  std::string name;
  std::string flink_version;
  Configuration configuration;
  // Keys of `configuration` that script or request set; the others are Flink's defaults.
  std::vector<std::string> user_options;
  std::map<std::string, Table>
      tables;  // by identifier, e.g. "`default_catalog`.`default_database`.`t`"
  std::vector<Statement> statements;
  std::optional<CollectInfo> collect;
  Graph graph;
};

// Reads and checks a bundle. Errors: another bundle version or Flink version (kIncompatible), a
// node, type or field the engine does not know (kUnsupported, with name and place), malformed JSON
// (kInvalidArgument).
Result<std::unique_ptr<Bundle>> ReadBundle(std::string_view json);

}  // namespace castor::plan
