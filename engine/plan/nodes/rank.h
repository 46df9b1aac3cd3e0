// Nodes that order rows or keep some per key: rank, limit, sort-limit, sort, temporal-sort,
// deduplicate, changelog-normalize.
#pragma once

#include <string>
#include <vector>

#include "plan/expression.h"
#include "plan/node.h"

namespace castor::plan {

struct SortField {
  int32_t index = -1;
  bool ascending = true;
  bool nulls_last = false;
};

// Also limit (no partition, no order) and sort-limit (no partition): Flink's StreamExecLimit and
// StreamExecSortLimit are ranks.
struct Rank : Node {
  enum class Function : uint8_t { kRowNumber, kRank, kDenseRank };
  enum class Strategy : uint8_t { kAppendFast, kUpdateFast, kRetract };
  Function function = Function::kRowNumber;
  std::vector<int32_t> partition;
  std::vector<SortField> order;
  bool variable_range = false;
  int64_t start = 1;       // 1-based, of a constant range
  int64_t end = 0;         // inclusive
  int32_t end_field = -1;  // input field that holds the end, of a variable range
  Strategy strategy = Strategy::kAppendFast;
  std::vector<int32_t> primary_keys;  // of kUpdateFast
  bool output_row_number = false;
  bool generate_update_before = false;
};

// Also temporal-sort, whose first field is a time attribute.
struct Sort : Node {
  std::vector<SortField> order;
};

struct Deduplicate : Node {
  std::vector<int32_t> unique_keys;
  bool is_rowtime = false;
  bool keep_last_row = false;
  bool generate_update_before = false;
  bool output_insert_only = false;
};

struct ChangelogNormalize : Node {
  std::vector<int32_t> unique_keys;
  bool generate_update_before = false;
  ExpressionPtr filter;  // null: none
};

}  // namespace castor::plan
