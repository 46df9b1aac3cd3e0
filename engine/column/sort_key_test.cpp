#include "column/sort_key.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "column/test_columns.h"

namespace castor {
namespace {

// The order of the keys of `column`, whose values are to be in ascending order, equal ones equal.
void ExpectOrder(const ColumnPtr& column, const std::vector<int>& ranks, bool ascending = true,
                 bool nulls_last = false) {
  const LogicalType row = LogicalType::Row({{"f", column->type()}});
  const auto encoder = SortKeyEncoder::Make(row, {{0, ascending, nulls_last}});
  ASSERT_TRUE(encoder.ok());
  EncodedRows keys;
  encoder->Encode(Batch(column->size(), {column}), &keys);
  for (int32_t a = 0; a < column->size(); ++a) {
    for (int32_t b = 0; b < column->size(); ++b) {
      const int expected = ranks[static_cast<size_t>(a)] - ranks[static_cast<size_t>(b)];
      const int found = keys.row(a).compare(keys.row(b));
      EXPECT_EQ(expected < 0, found < 0) << a << " " << b;
      EXPECT_EQ(expected == 0, found == 0) << a << " " << b;
    }
  }
}

TEST(SortKey, NumbersInBothDirections) {
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  const ColumnPtr longs =
      MakeColumn<int64_t>(LogicalType::BigInt(), {std::nullopt, kMin, -1, 0, 1, 256, INT64_MAX});
  ExpectOrder(longs, {0, 1, 2, 3, 4, 5, 6});
  ExpectOrder(longs, {9, 1, 2, 3, 4, 5, 6}, true, true);
  ExpectOrder(longs, {0, 6, 5, 4, 3, 2, 1}, false);
  ExpectOrder(longs, {9, 6, 5, 4, 3, 2, 1}, false, true);
  ExpectOrder(MakeColumn<int128_t>(LogicalType::Decimal(38, 2), {-500, -1, 0, 7, 1000000}),
              {0, 1, 2, 3, 4});
  ExpectOrder(MakeColumn<double>(LogicalType::Double(),
                                 {-INFINITY, -1.5, -0.0, 0.0, 1e-9, 3.25, INFINITY, std::nan("")}),
              {0, 1, 2, 2, 3, 4, 5, 6});
}

TEST(SortKey, TextsByTheirBytes) {
  using std::string_literals::operator""s;
  const ColumnPtr texts =
      MakeStrings({{""s}, {"\0"s}, {"\0a"s}, {"a"s}, {"a\0"s}, {"ab"s}, {"b"s}, {"\xc3\xa4"s}});
  ExpectOrder(texts, {0, 1, 2, 3, 4, 5, 6, 7});
  ExpectOrder(texts, {7, 6, 5, 4, 3, 2, 1, 0}, false);
}

TEST(SortKey, LaterFieldsDecideWhereEarlierOnesAreEqual) {
  const LogicalType row =
      LogicalType::Row({{"s", LogicalType::String()}, {"n", LogicalType::Integer()}});
  const auto encoder = SortKeyEncoder::Make(row, {{0, true, false}, {1, false, false}});
  ASSERT_TRUE(encoder.ok());
  EncodedRows keys;
  encoder->Encode(Batch(3, {MakeStrings({{"a"}, {"a"}, {"aa"}}),
                            MakeColumn<int32_t>(LogicalType::Integer(), {5, 9, 7})}),
                  &keys);
  EXPECT_GT(keys.row(0), keys.row(1));
  EXPECT_LT(keys.row(0), keys.row(2));
}

TEST(SortKey, RefusesTypesWithoutAnOrder) {
  const LogicalType row = LogicalType::Row(
      {{"m", LogicalType::Collection(TypeKind::kArray, {LogicalType::Integer()}, true)}});
  const auto encoder = SortKeyEncoder::Make(row, {{0, true, false}});
  EXPECT_EQ(encoder.status().code(), StatusCode::kUnsupported);
  EXPECT_NE(encoder.status().message().find("'m'"), std::string::npos);
}

TEST(SortKey, TypesWithoutAnOrderInFlinkAreErrorsOfTheQuery) {
  for (const TypeKind kind : {TypeKind::kBitmap, TypeKind::kVariant}) {
    const LogicalType row = LogicalType::Row({{"m", LogicalType(kind)}});
    const auto encoder = SortKeyEncoder::Make(row, {{0, true, false}});
    EXPECT_EQ(encoder.status().code(), StatusCode::kInvalidArgument);
    EXPECT_NE(encoder.status().message().find("'m'"), std::string::npos);
  }
}

}  // namespace
}  // namespace castor
