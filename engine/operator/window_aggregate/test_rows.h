// Rows for tests of window aggregations: a key, a value and a time.
#pragma once

#include <optional>
#include <vector>

#include "operator/api/operator_test_harness.h"

namespace castor::window_aggregate {

inline const LogicalType kTime = LogicalType::Timestamp(3);
inline const LogicalType kInput =
    LogicalType::Row({{"k", LogicalType::BigInt()}, {"v", LogicalType::BigInt()}, {"t", kTime}});

struct TestRow {
  int64_t key;
  int64_t value;
  TimestampMs time;
  RowKind kind = RowKind::kInsert;
};

inline Batch MakeRows(const std::vector<TestRow>& rows) {
  std::vector<std::optional<int64_t>> keys, values, times;
  std::vector<RowKind> kinds;
  for (const TestRow& row : rows) {
    keys.push_back(row.key), values.push_back(row.value), times.push_back(row.time);
    kinds.push_back(row.kind);
  }
  return MakeBatch({MakeColumn<int64_t>(LogicalType::BigInt(), keys),
                    MakeColumn<int64_t>(LogicalType::BigInt(), values),
                    MakeColumn<int64_t>(LogicalType::BigInt(), times)->WithType(kTime)},
                   kinds);
}

}  // namespace castor::window_aggregate
