#include "operator/deduplicate/deduplicate.h"

#include <utility>

#include "operator/bundle/mini_batch.h"
#include "operator/deduplicate/first_row_by_time.h"
#include "operator/deduplicate/latest_row.h"
#include "operator/rows/first_rows.h"
#include "plan/nodes/rank.h"

namespace castor {
namespace {

using deduplicate::LatestRow;

constexpr const char* kInsertSensitive =
    "table.exec.deduplicate.insert-update-after-sensitive-enabled";
constexpr const char* kCompact = "table.exec.deduplicate.mini-batch.compact-changes-enabled";

Result<int32_t> RowtimeField(const LogicalType& input) {
  const auto& fields = input.fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].type.time_attribute() == TimeAttribute::kRowtime) return static_cast<int32_t>(i);
  }
  return Status::Internal("deduplication by event time over rows that have none");
}

Result<bool> ReadOption(const OperatorArguments& arguments, const char* key, bool fallback) {
  Configuration configuration = arguments.bundle.configuration;
  for (const auto& [name, value] : arguments.node.configuration) configuration.Set(name, value);
  return configuration.GetBool(key, fallback);
}

}  // namespace

Result<std::unique_ptr<Operator>> MakeDeduplicate(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::Deduplicate&>(arguments.node);
  const LogicalType& input = arguments.input_types[0];
  if (!node.is_rowtime && !node.keep_last_row) {
    FirstRows::Options first{"deduplicate-state", node.unique_keys};
    first.ttl_ms = node.StateTtlMs(0);
    return std::unique_ptr<Operator>(
        std::make_unique<FirstRows>(std::move(first), input, node.output_type));
  }
  LatestRow::Options options;
  options.rule = LatestRow::Rule::kLastInsert;
  if (node.is_rowtime) {
    CASTOR_ASSIGN_OR_RETURN(options.time_field, RowtimeField(input));
    options.rule = node.keep_last_row ? LatestRow::Rule::kLastTime : LatestRow::Rule::kFirstTime;
  }
  CASTOR_ASSIGN_OR_RETURN(options.bundle_rows, bundle::MiniBatchRows(node, arguments.bundle));
  if (node.is_rowtime && !node.keep_last_row && node.output_insert_only &&
      options.bundle_rows == 0) {
    return std::unique_ptr<Operator>(
        std::make_unique<deduplicate::FirstRowByTime>(node, input, options.time_field));
  }
  options.key_fields = node.unique_keys;
  options.update_before = node.generate_update_before;
  options.ttl_ms = node.StateTtlMs(0);
  CASTOR_ASSIGN_OR_RETURN(options.insert, ReadOption(arguments, kInsertSensitive, true));
  CASTOR_ASSIGN_OR_RETURN(options.compact, ReadOption(arguments, kCompact, false));
  return std::unique_ptr<Operator>(std::make_unique<LatestRow>(std::move(options), input));
}

Result<std::unique_ptr<Operator>> MakeChangelogNormalize(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::ChangelogNormalize&>(arguments.node);
  LatestRow::Options options;
  options.rule = LatestRow::Rule::kLastChange;
  options.key_fields = node.unique_keys;
  options.update_before = node.generate_update_before;
  options.filter = node.filter;
  options.ttl_ms = node.StateTtlMs(0);
  CASTOR_ASSIGN_OR_RETURN(options.bundle_rows, bundle::MiniBatchRows(node, arguments.bundle));
  return std::unique_ptr<Operator>(
      std::make_unique<LatestRow>(std::move(options), arguments.input_types[0]));
}

}  // namespace castor
