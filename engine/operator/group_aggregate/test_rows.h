// For the tests of the aggregations only: input rows (k BIGINT, v BIGINT, s STRING, f BOOLEAN) and
// calls.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "column/test_columns.h"
#include "plan/expression.h"

namespace castor::group_aggregate {

inline constexpr RowKind I = RowKind::kInsert;
inline constexpr RowKind UB = RowKind::kUpdateBefore;
inline constexpr RowKind UA = RowKind::kUpdateAfter;
inline constexpr RowKind D = RowKind::kDelete;

inline LogicalType TestInput() {
  return LogicalType::Row({{"k", LogicalType::BigInt()},
                           {"v", LogicalType::BigInt()},
                           {"s", LogicalType::String()},
                           {"f", LogicalType::Boolean()}});
}

struct TestRow {
  RowKind kind;
  std::optional<int64_t> k;
  std::optional<int64_t> v;
  std::optional<std::string> s = std::nullopt;
  std::optional<uint8_t> f = std::nullopt;
};

inline Batch Rows(const std::vector<TestRow>& rows) {
  std::vector<std::optional<int64_t>> k, v;
  std::vector<std::optional<std::string>> s;
  std::vector<std::optional<uint8_t>> f;
  const auto count = static_cast<int32_t>(rows.size());
  BufferPtr kinds = Buffer::Allocate(rows.size());
  bool changes = false;
  for (size_t i = 0; i < rows.size(); ++i) {
    k.push_back(rows[i].k);
    v.push_back(rows[i].v);
    s.push_back(rows[i].s);
    f.push_back(rows[i].f);
    kinds->data()[i] = static_cast<uint8_t>(rows[i].kind);
    changes |= rows[i].kind != RowKind::kInsert;
  }
  Batch batch(count, {MakeColumn(LogicalType::BigInt(), k), MakeColumn(LogicalType::BigInt(), v),
                      MakeStrings(s), MakeColumn(LogicalType::Boolean(), f)});
  if (changes) batch.row_kinds = kinds;
  return batch;
}

inline plan::AggregateCall MakeCall(std::string function, std::vector<int32_t> args,
                                    LogicalType type) {
  plan::AggregateCall call;
  call.function = std::move(function);
  call.args = std::move(args);
  call.type = std::move(type);
  return call;
}
inline plan::AggregateCall CountStar() { return MakeCall("COUNT", {}, LogicalType::BigInt(false)); }
inline plan::AggregateCall Count(int32_t field) {
  return MakeCall("COUNT", {field}, LogicalType::BigInt(false));
}
inline plan::AggregateCall CountString(int32_t field) { return Count(field); }
inline plan::AggregateCall Distinct(plan::AggregateCall call) {
  call.distinct = true;
  return call;
}
inline plan::AggregateCall Filtered(plan::AggregateCall call, int32_t filter) {
  call.filter_arg = filter;
  return call;
}
inline plan::AggregateCall Sum(int32_t field) {
  return MakeCall("SUM", {field}, LogicalType::BigInt());
}
inline plan::AggregateCall Max(int32_t field) {
  return MakeCall("MAX", {field}, LogicalType::BigInt());
}
inline plan::AggregateCall Min(int32_t field) {
  return MakeCall("MIN", {field}, LogicalType::BigInt());
}
inline plan::AggregateCall Average(int32_t field) {
  return MakeCall("AVG", {field}, LogicalType::BigInt());
}
inline plan::AggregateCall MinString(int32_t field) {
  return MakeCall("MIN", {field}, LogicalType::String());
}
inline plan::AggregateCall MaxString(int32_t field) {
  return MakeCall("MAX", {field}, LogicalType::String());
}

}  // namespace castor::group_aggregate
