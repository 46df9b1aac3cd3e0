#include "format/json/json_encoder.h"

#include <gtest/gtest.h>

#include <limits>

#include "column/gather.h"
#include "column/test_columns.h"

namespace castor::format::json {
namespace {

std::string Encode(const LogicalType& type, ColumnPtr column, JsonOptions options = {}) {
  auto encoder = MakeJsonEncoder(LogicalType::Row({{"a", type}}), options);
  EXPECT_TRUE(encoder.ok()) << encoder.status().ToString();
  const int32_t rows = column->size();
  std::string out;
  EXPECT_TRUE((*encoder)->Encode(Batch(rows, {std::move(column)}), nullptr, rows, &out).ok());
  return out;
}

TEST(JsonEncoderTest, NumbersAsJacksonWritesThem) {
  EXPECT_EQ(Encode(LogicalType::BigInt(),
                   MakeColumn<int64_t>(LogicalType::BigInt(), {INT64_MIN, std::nullopt})),
            "{\"a\":-9223372036854775808}\n{\"a\":null}\n");
  const LogicalType real = LogicalType::Double();
  EXPECT_EQ(
      Encode(real, MakeColumn<double>(real, {1e7, 0.001, -0.0, 123456.75,
                                             std::numeric_limits<double>::infinity()})),
      "{\"a\":1.0E7}\n{\"a\":0.001}\n{\"a\":-0.0}\n{\"a\":123456.75}\n{\"a\":\"Infinity\"}\n");
}

TEST(JsonEncoderTest, Decimals) {
  const LogicalType type = LogicalType::Decimal(10, 2);
  auto column = MakeColumn<int128_t>(type, {10000, 1250, 0, -5});
  EXPECT_EQ(Encode(type, column), "{\"a\":1E+2}\n{\"a\":12.5}\n{\"a\":0}\n{\"a\":-0.05}\n");
  JsonOptions plain;
  plain.decimal_as_plain_number = true;
  EXPECT_EQ(Encode(type, column, plain),
            "{\"a\":100.00}\n{\"a\":12.50}\n{\"a\":0.00}\n{\"a\":-0.05}\n");
}

TEST(JsonEncoderTest, StringsAndBytes) {
  EXPECT_EQ(Encode(LogicalType::String(), MakeStrings({"a\"\\\n\x1f/é"})),
            "{\"a\":\"a\\\"\\\\\\n\\u001F/é\"}\n");
  const LogicalType bytes(TypeKind::kVarBinary, true, 100);
  EXPECT_EQ(Encode(bytes, MakeStrings({"\x01\x02", "abc"}, bytes)),
            "{\"a\":\"AQI=\"}\n{\"a\":\"YWJj\"}\n");
}

TEST(JsonEncoderTest, TimesInBothStyles) {
  const LogicalType type = LogicalType::Timestamp(6);
  auto column = MakeColumn<int64_t>(type, {1, 1600000000000000});
  EXPECT_EQ(Encode(type, column),
            "{\"a\":\"1970-01-01 00:00:00.000001\"}\n{\"a\":\"2020-09-13 12:26:40\"}\n");
  JsonOptions iso;
  iso.timestamp_style = TimestampStyle::kIso8601;
  const LogicalType ltz(TypeKind::kTimestampLtz, true, 3);
  EXPECT_EQ(Encode(ltz, MakeColumn<int64_t>(ltz, {-1}), iso),
            "{\"a\":\"1969-12-31T23:59:59.999Z\"}\n");
}

TEST(JsonEncoderTest, NestedRowsAndNullFields) {
  const LogicalType row =
      LogicalType::Row({{"x", LogicalType::Integer()}, {"y", LogicalType::String()}});
  MutableColumnPtr column = Column::MakeRow(
      row, 2, nullptr,
      {MakeColumn<int32_t>(LogicalType::Integer(), {1, std::nullopt}), MakeStrings({"q", "r"})});
  column->SetNull(1);
  EXPECT_EQ(Encode(row, column), "{\"a\":{\"x\":1,\"y\":\"q\"}}\n{\"a\":null}\n");
  JsonOptions ignore;
  ignore.ignore_null_fields = true;
  EXPECT_EQ(Encode(row, column, ignore), "{\"a\":{\"x\":1,\"y\":\"q\"}}\n{}\n");
}

TEST(JsonEncoderTest, Collections) {
  const LogicalType array =
      LogicalType::Collection(TypeKind::kArray, {LogicalType::Integer()}, true);
  const ColumnPtr numbers = MakeColumn<int32_t>(LogicalType::Integer(), {1, std::nullopt, 3});
  EXPECT_EQ(Encode(array, MakeLists(array, {2, 0, std::nullopt, 1}, {numbers})),
            "{\"a\":[1,null]}\n{\"a\":[]}\n{\"a\":null}\n{\"a\":[3]}\n");
  const LogicalType map = LogicalType::Collection(
      TypeKind::kMap, {LogicalType::String(), LogicalType::Integer()}, true);
  const ColumnPtr maps = MakeLists(map, {2, 1}, {MakeStrings({"k", "\"", std::nullopt}), numbers});
  JsonOptions options;
  options.null_keys = JsonOptions::NullKeys::kDrop;
  EXPECT_EQ(Encode(map, maps, options), "{\"a\":{\"k\":1,\"\\\"\":null}}\n{\"a\":{}}\n");
  options.null_keys = JsonOptions::NullKeys::kLiteral;
  options.null_key_literal = "none";
  EXPECT_EQ(Encode(map, Slice(maps, 1, 1), options), "{\"a\":{\"none\":3}}\n");
  auto failing = MakeJsonEncoder(LogicalType::Row({{"a", map}}), {});
  std::string out;
  const Status status = (*failing)->Encode(Batch(2, {maps}), nullptr, 2, &out);
  EXPECT_NE(status.message().find("json.map-null-key.mode"), std::string::npos);
}

TEST(JsonEncoderTest, ChosenRowsOfDictionaries) {
  auto encoder = MakeJsonEncoder(LogicalType::Row({{"a", LogicalType::String()}}), {});
  ASSERT_TRUE(encoder.ok());
  std::string out;
  const int32_t rows[] = {2, 0};
  const Batch batch(3, {MakeDictionary(MakeStrings({"x", "y"}), {1, -1, 0})});
  ASSERT_TRUE((*encoder)->Encode(batch, rows, 2, &out).ok());
  EXPECT_EQ(out, "{\"a\":\"x\"}\n{\"a\":\"y\"}\n");
}

}  // namespace
}  // namespace castor::format::json
