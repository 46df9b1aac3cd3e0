// Rows for tests of joins in time: a key, a value and a time (of the row, or the end of its
// window).
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "operator/api/operator_test_harness.h"
#include "plan/expression.h"

namespace castor::joining {

inline const LogicalType kTestTime = LogicalType::Timestamp(3);

struct TestRow {
  std::optional<int64_t> key;
  int64_t value;
  TimestampMs time;
};

inline Batch MakeRows(const std::vector<TestRow>& rows) {
  std::vector<std::optional<int64_t>> columns[3];
  for (const TestRow& row : rows) {
    columns[0].push_back(row.key);
    columns[1].push_back(row.value);
    columns[2].push_back(row.time);
  }
  return MakeBatch({MakeColumn<int64_t>(LogicalType::BigInt(), columns[0]),
                    MakeColumn<int64_t>(LogicalType::BigInt(), columns[1]),
                    MakeColumn<int64_t>(kTestTime, columns[2])});
}

// left.value <> right.value
inline plan::ExpressionPtr ValuesDiffer() {
  auto call = std::make_shared<plan::Expression>();
  call->kind = plan::ExpressionKind::kCall;
  call->type = LogicalType::Boolean();
  call->function = call->function_id = "<>";
  call->operands = {plan::InputRef(1, LogicalType::BigInt()),
                    plan::InputRef(4, LogicalType::BigInt())};
  return call;
}

}  // namespace castor::joining
