#include "aggregate/aggregator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <set>

#include "column/test_columns.h"
#include "roaring/bitmap.h"
#include "state/record_io.h"

namespace castor::aggregate {
namespace {

plan::AggregateCall Call(std::string function, std::vector<int32_t> args, LogicalType type) {
  plan::AggregateCall call;
  call.function = std::move(function);
  call.args = std::move(args);
  call.type = std::move(type);
  return call;
}

Status SetBlob(void*, state::Blob* blob, std::string_view bytes) {
  return state::RecordIo::SetBlob(blob, bytes);
}

// Records in memory, all for calls over one or two columns.
class Records {
 public:
  Records(std::vector<plan::AggregateCall> calls, std::vector<LogicalType> types, bool retracts,
          int32_t reserved = 0) {
    AggregateSpec spec;
    spec.call_retractions.assign(calls.size(), retracts);
    spec.calls = std::move(calls);
    std::vector<LogicalType::Field> fields;
    for (const LogicalType& type : types) {
      fields.push_back({"f" + std::to_string(fields.size()), type});
    }
    spec.input_row = LogicalType::Row(std::move(fields), false);
    spec.needs_retraction = retracts;
    spec.maps_in_memory = true;
    spec.reserved_bytes = reserved;
    auto compiled = AggregateSet::Compile(spec);
    EXPECT_TRUE(compiled.ok()) << compiled.status().ToString();
    set_ = std::move(*compiled);
    set_->BindBlobs({nullptr, SetBlob});
  }
  ~Records() {
    const state::RecordIo io(set_->layout());
    for (auto& [name, memory] : memory_) io.Reset(At(name));
  }

  std::byte* At(int name) {
    auto& memory = memory_[name];
    if (memory.empty()) memory.resize(static_cast<size_t>(set_->layout().fixed_size) / 16);
    return reinterpret_cast<std::byte*>(memory.data());
  }

  // Row i of the columns goes to the record of that name.
  Status Add(const std::vector<int>& names, std::vector<ColumnPtr> columns,
             RowOp op = RowOp::kAdd) {
    std::vector<std::byte*> records;
    for (const int name : names) records.push_back(At(name));
    const std::vector<RowOp> ops(names.size(), op);
    RowUpdates updates;
    updates.records = records.data();
    updates.ops = ops.data();
    const Batch batch(static_cast<int32_t>(names.size()), std::move(columns));
    return set_->Accumulate(batch, updates).status();
  }

  // The results of a record, e.g. "3,null".
  std::string Values(int name) {
    const std::byte* record = At(name);
    std::string text;
    for (const ColumnPtr& column : set_->Values(&record, 1)) {
      text += (text.empty() ? "" : ",") + Show(*column);
    }
    return text;
  }

  AggregateSet& set() { return *set_; }

 private:
  struct alignas(16) Chunk {
    std::byte bytes[16];
  };
  std::unique_ptr<AggregateSet> set_;
  std::map<int, std::vector<Chunk>> memory_;
};

ColumnPtr BigInts(const std::vector<std::optional<int64_t>>& values) {
  return MakeColumn<int64_t>(LogicalType::BigInt(), values);
}
ColumnPtr Doubles(const std::vector<std::optional<double>>& values) {
  return MakeColumn<double>(LogicalType::Double(), values);
}

TEST(AggregatorTest, IntegersWrapAround) {
  const LogicalType tiny(TypeKind::kTinyInt);
  Records records({Call("SUM", {0}, tiny), Call("$SUM0", {0}, tiny), Call("AVG", {0}, tiny)},
                  {tiny}, false);
  ASSERT_TRUE(records.Add({1, 1}, {MakeColumn<int8_t>(tiny, {127, 2})}).ok());
  EXPECT_EQ(records.Values(1), "-127,-127,64");
  EXPECT_EQ(records.Values(2), "null,0,null");
}

TEST(AggregatorTest, AveragesOfIntegersAreCutOff) {
  Records records({Call("AVG", {0}, LogicalType::BigInt())}, {LogicalType::BigInt()}, true);
  ASSERT_TRUE(records.Add({1, 1, 2}, {BigInts({-7, 0, std::nullopt})}).ok());
  EXPECT_EQ(records.Values(1), "-3");
  EXPECT_EQ(records.Values(2), "null");
  ASSERT_TRUE(records.Add({1, 1, 1}, {BigInts({-7, 0, 9})}, RowOp::kRetract).ok());
  EXPECT_EQ(records.Values(1), "9");  // -9 / -1
}

// The sum that Java gives, which rounds after each operation; a fused multiply-add gives another
// one.
TEST(AggregatorTest, MomentsHaveJavasBits) {
  Records records({Call("WELFORD_M2", {0}, LogicalType::Double())}, {LogicalType::Double()}, false);
  const std::vector<int> names(8, 1);
  ASSERT_TRUE(records.Add(names, {Doubles({0.1, 0.7, 1.3, 2.9, -4.4, 8.8, 0.3, 17.1})}).ok());
  const std::byte* record = records.At(1);
  EXPECT_EQ(records.set().Values(&record, 1)[0]->values<double>()[0], 310.12);
}

TEST(AggregatorTest, ListsTakeBackTheFirstEqualValue) {
  const LogicalType text = LogicalType::String();
  Records records({Call("LISTAGG", {0}, text), Call("LISTAGG", {0, 1}, text),
                   Call("FIRST_VALUE", {0}, text), Call("LAST_VALUE", {0}, text)},
                  {text, text}, true);
  const auto add = [&](const std::vector<std::optional<std::string>>& texts, RowOp op) {
    const std::vector<int> names(texts.size(), 1);
    const std::vector<std::optional<std::string>> delimiters(texts.size(), "; ");
    return records.Add(names, {MakeStrings(texts), MakeStrings(delimiters)}, op);
  };
  ASSERT_TRUE(add({"a", std::nullopt, "b", "a", ""}, RowOp::kAdd).ok());
  EXPECT_EQ(records.Values(1), "a,b,a,,a; b; a; ,a,");
  ASSERT_TRUE(add({"a", std::nullopt, ""}, RowOp::kRetract).ok());
  EXPECT_EQ(records.Values(1), "b,a,b; a,b,a");
  ASSERT_TRUE(add({"b", "a"}, RowOp::kRetract).ok());
  EXPECT_EQ(records.Values(1), "null,null,null,null");
}

TEST(AggregatorTest, ListsThatOweAValuePayWhenTheyAreMerged) {
  const LogicalType text = LogicalType::String();
  Records records({Call("LISTAGG", {0}, text)}, {text}, true);
  ASSERT_TRUE(records.Add({1, 1}, {MakeStrings({{"a"}, {"b"}})}).ok());
  ASSERT_TRUE(records.Add({2}, {MakeStrings({{"a"}})}, RowOp::kRetract).ok());
  ASSERT_TRUE(records.Add({2}, {MakeStrings({{"c"}})}).ok());
  const std::byte* second = records.At(2);
  const std::vector<ColumnPtr> columns = records.set().Accumulators(&second, 1);
  std::byte* first = records.At(1);
  RowUpdates updates;
  updates.records = &first;
  ASSERT_TRUE(records.set().Merge(columns, 0, 1, updates).ok());
  EXPECT_EQ(records.Values(1), "b,c");
}

TEST(AggregatorTest, JsonOfValuesAndPairs) {
  const LogicalType text = LogicalType::String();
  Records records({Call("JSON_ARRAYAGG_NULL_ON_NULL", {1}, text),
                   Call("JSON_ARRAYAGG_ABSENT_ON_NULL", {1}, text),
                   Call("JSON_OBJECTAGG_NULL_ON_NULL", {0, 1}, text),
                   Call("JSON_OBJECTAGG_ABSENT_ON_NULL", {0, 1}, text)},
                  {text, text}, true);
  EXPECT_EQ(records.Values(1), "[],[],{},{}");
  ASSERT_TRUE(records
                  .Add({1, 1, 1}, {MakeStrings({{"z"}, {"a\"\n"}, {"\xf0\x9f\x98\x80"}}),
                                   MakeStrings({{"1"}, std::nullopt, {"\"x\""}})})
                  .ok());
  EXPECT_EQ(records.Values(1),
            "[1,null,\"x\"],[1,\"x\"],"
            "{\"a\\\"\\n\":null,\"z\":1,\"\xf0\x9f\x98\x80\":\"x\"},"
            "{\"z\":1,\"\xf0\x9f\x98\x80\":\"x\"}");
  ASSERT_TRUE(records.Add({1}, {MakeStrings({{"z"}}), MakeStrings({{"1"}})}, RowOp::kRetract).ok());
  EXPECT_EQ(records.Values(1).substr(0, 20), "[null,\"x\"],[\"x\"],{\"a");
  const Status twice =
      records.Add({1}, {MakeStrings({{"\xf0\x9f\x98\x80"}}), MakeStrings({{"1"}})});
  EXPECT_NE(twice.message().find("already present"), std::string::npos);
}

TEST(AggregatorTest, PercentilesAreInterpolated) {
  const LogicalType number = LogicalType::Double();
  Records records({Call("PERCENTILE", {0, 1}, number), Call("PERCENTILE", {0, 1, 2}, number)},
                  {LogicalType::BigInt(), number, LogicalType::BigInt()}, true);
  const auto rows = [](const std::vector<std::optional<int64_t>>& values) {
    const std::vector<std::optional<double>> percentage(values.size(), 0.5);
    const std::vector<std::optional<int64_t>> twice(values.size(), 2);
    return std::vector<ColumnPtr>{BigInts(values), Doubles(percentage), BigInts(twice)};
  };
  EXPECT_EQ(records.Values(1), "null,null");
  ASSERT_TRUE(records.Add({1, 1, 1, 1, 1}, rows({4, 1, std::nullopt, 2, 10})).ok());
  EXPECT_EQ(records.Values(1), "3.000000,3.000000");
  ASSERT_TRUE(records.Add({1, 1}, rows({1, 10}), RowOp::kRetract).ok());
  ASSERT_TRUE(records.Add({1}, rows({7})).ok());
  EXPECT_EQ(records.Values(1), "4.000000,4.000000");
}

TEST(AggregatorTest, DecimalSumsThatOverflowAreNull) {
  const LogicalType type = LogicalType::Decimal(38, 0);
  int128_t most = 1;
  for (int i = 0; i < 38; ++i) most *= i == 37 ? 1 : 10;
  most = most * 9;  // 9 * 10^37
  Records records({Call("SUM", {0}, type), Call("$SUM0", {0}, type)}, {type}, false);
  ASSERT_TRUE(records.Add({1, 1}, {MakeColumn<int128_t>(type, {most, most})}).ok());
  EXPECT_EQ(records.Values(1), "null,null");
  // SUM starts over, $SUM0 is lost: as in Flink.
  ASSERT_TRUE(records.Add({1}, {MakeColumn<int128_t>(type, {5})}).ok());
  EXPECT_EQ(records.Values(1), "5,null");
}

TEST(AggregatorTest, DecimalAveragesHaveAtLeastSixDigitsBehindThePoint) {
  const LogicalType type = LogicalType::Decimal(10, 2);
  Records records({Call("AVG", {0}, LogicalType::Decimal(38, 6))}, {type}, false);
  ASSERT_TRUE(records.Add({1, 1, 1}, {MakeColumn<int128_t>(type, {100, 100, 0})}).ok());
  EXPECT_EQ(records.Values(1), "666667");  // 0.666667
}

TEST(AggregatorTest, FloatingPointSumsKeepTheSignOfZero) {
  Records records({Call("SUM", {0}, LogicalType::Double())}, {LogicalType::Double()}, false);
  ASSERT_TRUE(records.Add({1}, {Doubles({-0.0})}).ok());
  EXPECT_EQ(records.Values(1), "-0.000000");
}

TEST(AggregatorTest, ANanThatCameFirstStaysTheExtremeOfInserts) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const LogicalType type = LogicalType::Double();
  Records inserts({Call("MIN", {0}, type), Call("MAX", {0}, type)}, {type}, false);
  ASSERT_TRUE(inserts.Add({1, 1, 2, 2}, {Doubles({nan, 1.0, 1.0, nan})}).ok());
  EXPECT_EQ(inserts.Values(1), "nan,nan");
  EXPECT_EQ(inserts.Values(2), "1.000000,1.000000");
  // With retraction it is the greatest value, and -0.0 is less than 0.0.
  Records changes({Call("MIN", {0}, type), Call("MAX", {0}, type)}, {type}, true);
  ASSERT_TRUE(changes.Add({1, 1, 2, 2}, {Doubles({nan, 1.0, 0.0, -0.0})}).ok());
  EXPECT_EQ(changes.Values(1), "1.000000,nan");
  EXPECT_EQ(changes.Values(2), "-0.000000,0.000000");
}

TEST(AggregatorTest, FirstAndLastValuesSkipNulls) {
  const LogicalType type = LogicalType::String();
  Records records({Call("FIRST_VALUE", {0}, type), Call("LAST_VALUE", {0}, type)}, {type}, false);
  ASSERT_TRUE(records
                  .Add({1, 1, 1, 1},
                       {MakeStrings({std::nullopt, "first of several", "last", std::nullopt})})
                  .ok());
  EXPECT_EQ(records.Values(1), "first of several,last");
}

TEST(AggregatorTest, ListsAreJoinedByTheirDelimiters) {
  const LogicalType type = LogicalType::String();
  Records records({Call("LISTAGG", {0}, type), Call("LISTAGG", {0, 1}, type)}, {type, type}, false);
  ASSERT_TRUE(
      records.Add({1, 1, 2}, {MakeStrings({"a", "b", std::nullopt}), MakeStrings({"-", "-", "-"})})
          .ok());
  ASSERT_TRUE(records.Add({3}, {MakeStrings({"c"}), MakeStrings({"-"})}).ok());
  EXPECT_EQ(records.Values(1), "a,b,a-b");
  EXPECT_EQ(records.Values(2), "null,null");
  std::byte* into[] = {records.At(1), records.At(2)};
  const std::byte* from[] = {records.At(3), records.At(1)};
  ASSERT_TRUE(records.set().MergeRecords(into, from, 2).ok());
  EXPECT_EQ(records.Values(2), "a,b,c,a-b-c");
}

TEST(AggregatorTest, ASingleValueIsOne) {
  const LogicalType type = LogicalType::BigInt();
  Records records({Call("SINGLE_VALUE", {0}, type)}, {type}, true);
  ASSERT_TRUE(records.Add({1}, {BigInts({4})}).ok());
  EXPECT_EQ(records.Values(1), "4");
  ASSERT_TRUE(records.Add({1}, {BigInts({4})}, RowOp::kRetract).ok());
  EXPECT_EQ(records.Values(1), "null");
  ASSERT_TRUE(records.Add({1}, {BigInts({std::nullopt})}).ok());
  EXPECT_EQ(records.Add({1}, {BigInts({5})}).code(), StatusCode::kDataError);
}

TEST(AggregatorTest, SquaredDeviations) {
  Records records({Call("WELFORD_M2", {0}, LogicalType::Double())}, {LogicalType::BigInt()}, true);
  ASSERT_TRUE(records.Add({1, 1, 1, 1}, {BigInts({2, 4, 6, 100})}).ok());
  ASSERT_TRUE(records.Add({1}, {BigInts({100})}, RowOp::kRetract).ok());
  EXPECT_EQ(records.Values(1), "8.000000");
  EXPECT_EQ(records.Values(2), "null");
}

std::string SetOf(std::vector<uint32_t> values) {
  roaring::Bitmap set;
  set.AddAll(values);
  std::string bytes;
  set.Write(&bytes);
  return bytes;
}

ColumnPtr Sets(const std::vector<std::optional<std::string>>& sets) {
  return MakeStrings(sets, LogicalType(TypeKind::kBitmap));
}

TEST(AggregatorTest, SetsOfNumbersLeaveWhenTheLastOfThemDoes) {
  const LogicalType bitmap(TypeKind::kBitmap);
  Records records({Call("BITMAP_BUILD_AGG", {0}, bitmap),
                   Call("BITMAP_BUILD_CARDINALITY_AGG", {0}, LogicalType::BigInt())},
                  {LogicalType::Integer()}, true);
  const auto ints = [](std::vector<std::optional<int32_t>> values) {
    return MakeColumn<int32_t>(LogicalType::Integer(), values);
  };
  EXPECT_EQ(records.Values(1), "null,null");
  ASSERT_TRUE(records.Add({1, 2, 1, 1}, {ints({3, 5, std::nullopt, 3})}).ok());
  EXPECT_EQ(records.Values(1), SetOf({3}) + ",1");
  ASSERT_TRUE(records.Add({1, 2}, {ints({3, 5})}, RowOp::kRetract).ok());
  EXPECT_EQ(records.Values(1), SetOf({3}) + ",1");
  EXPECT_EQ(records.Values(2), "null,null");
}

TEST(AggregatorTest, SetsOfSetsAndTheirAccumulators) {
  const LogicalType count = LogicalType::BigInt();
  for (const bool retracts : {false, true}) {
    const std::vector<plan::AggregateCall> calls = {Call("BITMAP_AND_CARDINALITY_AGG", {0}, count),
                                                    Call("BITMAP_OR_CARDINALITY_AGG", {0}, count),
                                                    Call("BITMAP_XOR_CARDINALITY_AGG", {0}, count)};
    const std::vector<LogicalType> types = {LogicalType(TypeKind::kBitmap)};
    Records records(calls, types, retracts), others(calls, types, retracts);
    ASSERT_TRUE(records.Add({1, 1}, {Sets({SetOf({1, 2, 3}), std::nullopt})}).ok());
    ASSERT_TRUE(others.Add({1, 1}, {Sets({SetOf({2, 3, 4}), SetOf({2})})}).ok());
    EXPECT_EQ(records.Values(1), "3,3,3");
    std::byte* into = records.At(1);
    const std::byte* from = others.At(1);
    ASSERT_TRUE(records.set().MergeRecords(&into, &from, 1).ok());
    EXPECT_EQ(records.Values(1), "1,4,3");
    if (!retracts) continue;
    ASSERT_TRUE(records.Add({1}, {Sets({SetOf({2})})}, RowOp::kRetract).ok());
    EXPECT_EQ(records.Values(1), "2,4,2");
  }
}

TEST(AggregatorTest, ResetLeavesReservedBytesAlone) {
  Records records(
      {Call("SUM", {0}, LogicalType::BigInt()), Call("COUNT", {0}, LogicalType::BigInt())},
      {LogicalType::BigInt()}, false, 8);
  *reinterpret_cast<int64_t*>(records.At(1)) = 77;
  ASSERT_TRUE(records.Add({1}, {BigInts({4})}).ok());
  std::byte* record = records.At(1);
  ASSERT_TRUE(records.set().Reset(&record, 1).ok());
  EXPECT_EQ(records.Values(1), "null,0");
  EXPECT_EQ(*reinterpret_cast<int64_t*>(record), 77);
}

TEST(AggregatorTest, AHiddenCountOfRowsGivesNoResult) {
  Records records({Call("SUM", {0}, LogicalType::BigInt())}, {LogicalType::BigInt()}, true);
  EXPECT_GE(records.set().record_count_offset(), 0);
  EXPECT_EQ(records.set().value_types().size(), 1u);
  EXPECT_EQ(records.set().accumulator_types().size(), 3u);  // sum, count of values, count of rows
}

// Against a multiset, over random changes that only take back what is there.
TEST(AggregatorTest, RetractableExtremesAreThoseOfTheValuesThatAreThere) {
  const LogicalType type = LogicalType::BigInt();
  Records records({Call("MIN", {0}, type), Call("MAX", {0}, type)}, {type}, true);
  std::mt19937 random(7);
  std::map<int, std::multiset<int64_t>> model;
  for (int step = 0; step < 4000; ++step) {
    const int name = static_cast<int>(random() % 3);
    std::multiset<int64_t>& values = model[name];
    if (values.size() > 20 || (!values.empty() && random() % 3 == 0)) {
      auto gone = random() % 2 == 0 ? values.begin() : std::prev(values.end());
      ASSERT_TRUE(records.Add({name}, {BigInts({*gone})}, RowOp::kRetract).ok());
      values.erase(gone);
    } else {
      const auto value = static_cast<int64_t>(random() % 30);
      ASSERT_TRUE(records.Add({name}, {BigInts({value})}).ok());
      values.insert(value);
    }
    const std::string expected =
        values.empty() ? "null,null"
                       : std::to_string(*values.begin()) + "," + std::to_string(*values.rbegin());
    ASSERT_EQ(records.Values(name), expected) << "step " << step;
  }
}

TEST(AggregatorTest, UnsupportedCallsAreNamed) {
  AggregateSpec spec;
  spec.calls = {Call("SUM", {0}, LogicalType::String())};
  spec.input_row = LogicalType::Row({{"f", LogicalType::String()}});
  const auto compiled = AggregateSet::Compile(spec);
  EXPECT_EQ(compiled.status().code(), StatusCode::kUnsupported);
  EXPECT_THAT(compiled.status().message(), ::testing::HasSubstr("SUM"));
}

}  // namespace
}  // namespace castor::aggregate
