// Joins of two inputs, left first.
#pragma once

#include <string_view>
#include <vector>

#include "plan/expression.h"
#include "plan/node.h"
#include "plan/window.h"

namespace castor::plan {

enum class JoinType : uint8_t { kInner, kLeft, kRight, kFull, kSemi, kAnti };

struct JoinSpec {
  JoinType type = JoinType::kInner;
  std::vector<int32_t> left_keys;
  std::vector<int32_t> right_keys;
  std::vector<bool> filter_nulls;  // per key: NULL equals nothing (else IS NOT DISTINCT FROM)
  ExpressionPtr condition;         // on both rows, left fields first; null: none
};

struct Join : Node {
  JoinSpec spec;
  // Unique keys of each input: fields per key.
  std::vector<std::vector<int32_t>> left_upsert_keys;
  std::vector<std::vector<int32_t>> right_upsert_keys;
  // Whether only +I arrives on an input; false where the plan does not say.
  bool left_insert_only = false;
  bool right_insert_only = false;
};

struct WindowJoin : Node {
  JoinSpec spec;
  WindowingStrategy left_windowing;
  WindowingStrategy right_windowing;
};

// Rows join when left time is in [right time + lower, right time + upper].
struct IntervalJoin : Node {
  JoinSpec spec;
  bool is_event_time = true;
  int64_t lower_bound_ms = 0;
  int64_t upper_bound_ms = 0;
  int32_t left_time_field = -1;
  int32_t right_time_field = -1;
};

// Each row with the rows that a table function makes of it: inner or left.
struct Correlate : Node {
  JoinType type = JoinType::kInner;
  ExpressionPtr call;       // the row is a correlation variable
  ExpressionPtr condition;  // on the function's rows; null: none
};

std::string_view JoinTypeName(JoinType type);

}  // namespace castor::plan
