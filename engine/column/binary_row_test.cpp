#include "column/binary_row.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "column/gather.h"
#include "column/test_columns.h"

// The comparison with Flink's own bytes is in binary_row_golden_test.cpp.
namespace castor {
namespace {

constexpr int128_t kWide = (static_cast<int128_t>(1) << 100) + 7;

std::vector<const char*> Pointers(const EncodedRows& rows) {
  std::vector<const char*> pointers;
  for (int32_t i = 0; i < rows.count; ++i) pointers.push_back(rows.row(i).data());
  return pointers;
}

std::vector<LogicalType> TypesOf(const std::vector<ColumnPtr>& columns) {
  std::vector<LogicalType> types;
  for (const ColumnPtr& column : columns) types.push_back(column->type());
  return types;
}

// Encodes and decodes `columns`; the result must show the same values.
void ExpectRoundTrip(const std::vector<ColumnPtr>& columns) {
  const BinaryRowCodec codec(TypesOf(columns));
  EncodedRows rows;
  codec.Encode(columns, columns[0]->size(), &rows);
  const std::vector<ColumnPtr> decoded = codec.Decode(Pointers(rows));
  ASSERT_EQ(decoded.size(), columns.size());
  for (size_t i = 0; i < columns.size(); ++i) {
    EXPECT_EQ(Show(*decoded[i]), Show(*columns[i])) << columns[i]->type().ToString();
    EXPECT_TRUE(decoded[i]->is_flat());
    EXPECT_EQ(Show(*codec.DecodeField(Pointers(rows), static_cast<int>(i))), Show(*columns[i]));
  }
}

ColumnPtr Longs() { return MakeColumn<int64_t>(LogicalType::BigInt(), {1, std::nullopt, -3}); }
ColumnPtr Texts() {
  return MakeStrings({"short", "a text that has to go to the end", std::nullopt});
}

ColumnPtr Rows() {
  const LogicalType type = LogicalType::Row({{"a", LogicalType::BigInt()},
                                             {"b", LogicalType::String()},
                                             {"c", LogicalType::Decimal(38, 2)},
                                             {"d", LogicalType::Timestamp(9)}});
  MutableColumnPtr rows =
      Column::MakeRow(type, 3, nullptr,
                      {Longs(), Texts(),
                       MakeColumn<int128_t>(LogicalType::Decimal(38, 2), {kWide, std::nullopt, 5}),
                       MakeColumn<int64_t>(LogicalType::Timestamp(9), {std::nullopt, -1, 77})});
  rows->SetNull(1);
  return rows;
}

TEST(BinaryRow, FixedWidthLayout) {
  const BinaryRowCodec codec({LogicalType::BigInt(), LogicalType::Integer()});
  EXPECT_EQ(codec.fixed_part(), 24);
  EXPECT_TRUE(codec.fixed_width());
  EncodedRows rows;
  codec.Encode(
      std::vector<ColumnPtr>{Longs(), MakeColumn<int32_t>(LogicalType::Integer(), {-1, 2, 3})}, 3,
      &rows);
  EXPECT_EQ(rows.fixed_width, 24);
  const std::string first("\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\377\377\377\377\0\0\0\0", 24);
  const std::string second("\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0", 24);
  EXPECT_EQ(rows.row(0), first);
  EXPECT_EQ(rows.row(1), second);
}

TEST(BinaryRow, StringsOfSevenBytesStandInTheirSlot) {
  const BinaryRowCodec codec({LogicalType::String()});
  EXPECT_FALSE(codec.fixed_width());
  EncodedRows rows;
  codec.Encode(std::vector<ColumnPtr>{MakeStrings({"1234567", "12345678"})}, 2, &rows);
  EXPECT_EQ(rows.row(0), std::string("\0\0\0\0\0\0\0\0"
                                     "1234567\207",
                                     16));
  EXPECT_EQ(rows.row(1), std::string("\0\0\0\0\0\0\0\0"
                                     "\10\0\0\0\20\0\0\0"
                                     "12345678",
                                     24));
}

TEST(BinaryRow, RoundTripsFixedWidthTypes) {
  ExpectRoundTrip({
      MakeColumn<uint8_t>(LogicalType::Boolean(), {0, 1, std::nullopt}),
      MakeColumn<int8_t>(LogicalType(TypeKind::kTinyInt), {-128, std::nullopt, 127}),
      MakeColumn<int16_t>(LogicalType(TypeKind::kSmallInt), {-32768, 32767, 0}),
      MakeColumn<float>(LogicalType(TypeKind::kFloat), {-0.0f, 1.5f, std::nullopt}),
      MakeColumn<double>(LogicalType::Double(), {-0.0, 1e300, std::nullopt}),
      MakeColumn<int128_t>(LogicalType::Decimal(18, 3), {-999999999999999999, std::nullopt, 4}),
      MakeColumn<int64_t>(LogicalType::Timestamp(3), {-1, 0, INT64_MAX}),
      Longs(),
  });
}

TEST(BinaryRow, RoundTripsReservedTypes) {
  ExpectRoundTrip({
      MakeColumn<int128_t>(LogicalType::Decimal(38, 0), {kWide, std::nullopt, -kWide}),
      MakeColumn<int128_t>(LogicalType::Decimal(19, 0), {0, -1, -128}),
      MakeColumn<int64_t>(LogicalType::Timestamp(6), {-1, std::nullopt, 1'700'000'000'123'456}),
      MakeColumn<int64_t>(LogicalType::Timestamp(9), {INT64_MIN, INT64_MAX, std::nullopt}),
  });
}

TEST(BinaryRow, RoundTripsStringsAndRows) {
  ExpectRoundTrip({Texts(), Longs(), Rows()});
  ExpectRoundTrip({Rows()});
}

TEST(BinaryRow, EncodingsGiveTheSameBytes) {
  const LogicalType bigint = LogicalType::BigInt();
  MutableColumnPtr constant = Column::MakeConstant(LogicalType::Integer(), 4);
  constant->mutable_values<int32_t>()[0] = 9;
  const std::vector<ColumnPtr> columns = {
      MakeDictionary(Texts(), {1, -1, 0, 2}), MakeDictionary(Longs(), {0, 1, 2, -1}),
      MakeDictionary(Rows(), {2, 1, 0, -1}), constant, Column::MakeNull(bigint, 4)};
  std::vector<ColumnPtr> flat;
  for (const ColumnPtr& column : columns) flat.push_back(Flatten(column));
  const BinaryRowCodec codec(TypesOf(columns));
  EncodedRows rows;
  EncodedRows flat_rows;
  codec.Encode(columns, 4, &rows);
  codec.Encode(flat, 4, &flat_rows);
  EXPECT_EQ(rows.bytes, flat_rows.bytes);
  EXPECT_EQ(rows.offsets, flat_rows.offsets);
  ExpectRoundTrip(columns);
}

TEST(BinaryRow, ReusedMemoryLeavesNoTraces) {
  const BinaryRowCodec codec({LogicalType::String(), LogicalType::BigInt()});
  EncodedRows reused;
  codec.Encode(std::vector<ColumnPtr>{MakeStrings({std::string(300, 'x')}),
                                      MakeColumn<int64_t>(LogicalType::BigInt(), {-1})},
               1, &reused);
  EncodedRows fresh;
  for (EncodedRows* rows : {&reused, &fresh}) {
    codec.Encode(std::vector<ColumnPtr>{Texts(), Longs()}, 3, rows);
  }
  EXPECT_EQ(reused.bytes, fresh.bytes);
  codec.Encode(std::vector<ColumnPtr>{Texts(), Longs()}, 0, &reused);
  EXPECT_EQ(reused.count, 0);
  EXPECT_TRUE(reused.bytes.empty());
}

TEST(BinaryRow, NullPointersDecodeToNulls) {
  const std::vector<ColumnPtr> columns = {Texts(), Longs(), Rows()};
  const BinaryRowCodec codec(TypesOf(columns));
  EncodedRows rows;
  codec.Encode(columns, 3, &rows);
  const std::vector<const char*> pointers = {nullptr, rows.row(2).data()};
  const std::vector<ColumnPtr> decoded = codec.Decode(pointers);
  EXPECT_EQ(Show(*decoded[0]), "null|null");
  EXPECT_EQ(Show(*decoded[1]), "null|-3");
  EXPECT_EQ(Show(*decoded[2]), "null|(-3,null,5,77)");
}

ColumnPtr Lists(const LogicalType& element, ColumnPtr elements) {
  const LogicalType type = LogicalType::Collection(TypeKind::kArray, {element}, true);
  return MakeLists(type, {2, std::nullopt, 1}, {std::move(elements)});
}

TEST(BinaryRow, ArraysOfEveryKindOfElement) {
  const auto round_trip = [](ColumnPtr elements) {
    const ColumnPtr lists = Lists(elements->type(), elements);
    ExpectRoundTrip({lists});
    ExpectRoundTrip({Longs(), Lists(lists->type(), lists), Texts()});
  };
  round_trip(Longs());
  round_trip(Texts());
  round_trip(Rows());
  round_trip(MakeColumn<int8_t>(LogicalType(TypeKind::kTinyInt), {1, std::nullopt, -3}));
  round_trip(MakeColumn<uint8_t>(LogicalType::Boolean(), {1, std::nullopt, 0}));
  round_trip(MakeColumn<double>(LogicalType::Double(), {1.5, std::nullopt, -0.0}));
  round_trip(MakeColumn<int64_t>(LogicalType::Timestamp(6), {-1, std::nullopt, 12345}));
  round_trip(MakeColumn<int128_t>(LogicalType::Decimal(38, 2), {kWide, std::nullopt, -5}));
  round_trip(MakeColumn<int128_t>(LogicalType::Decimal(9, 2), {77, std::nullopt, -5}));
  round_trip(MakeStrings({"", std::nullopt, "raw"}, LogicalType::Raw("c", "s", true)));
}

TEST(BinaryRow, MapsAndMultisets) {
  const LogicalType map =
      LogicalType::Collection(TypeKind::kMap, {LogicalType::BigInt(), LogicalType::String()}, true);
  const LogicalType multiset =
      LogicalType::Collection(TypeKind::kMultiset, {LogicalType::String()}, true);
  const ColumnPtr counts = MakeColumn<int32_t>(LogicalType::Integer(false), {1, 2, 3});
  ExpectRoundTrip({MakeLists(map, {2, std::nullopt, 1}, {Longs(), Texts()}),
                   MakeLists(multiset, {0, 3, std::nullopt}, {Texts(), counts})});
}

TEST(BinaryRow, ListsThatShareAndTurnTheirElements) {
  const ColumnPtr lists = Lists(LogicalType::String(), Texts());
  const ColumnPtr turned = Gather(*lists, std::vector<int32_t>{2, 0, 2}.data(), 3);
  ExpectRoundTrip(
      {turned, Slice(MakeDictionary(lists, {-1, 2, 0, 1}), 1, 3),
       Gather(*Column::MakeNull(lists->type(), 1), std::vector<int32_t>{0, 0, 0}.data(), 3)});
}

TEST(BinaryRow, RawBytesNeverStandInTheirSlot) {
  const ColumnPtr raw = MakeStrings({"", "ab", std::nullopt}, LogicalType::Raw("c", "s", true));
  ExpectRoundTrip({raw, Texts()});
  EncodedRows rows;
  BinaryRowCodec({raw->type()}).Encode(std::vector<ColumnPtr>{raw}, 3, &rows);
  EXPECT_EQ(rows.row(0).size(), 16u);
  EXPECT_EQ(rows.row(1).size(), 24u);
}

TEST(BinaryRow, MoreThanFiftySixFieldsWidenTheHeader) {
  std::vector<ColumnPtr> columns;
  for (int i = 0; i < 57; ++i) columns.push_back(Longs());
  EXPECT_EQ(BinaryRowCodec(TypesOf(columns)).fixed_part(), 16 + 57 * 8);
  ExpectRoundTrip(columns);
  columns.pop_back();
  EXPECT_EQ(BinaryRowCodec(TypesOf(columns)).fixed_part(), 8 + 56 * 8);
}

// Long enough for whole ranges and lanes; NULLs in one range only.
TEST(BinaryRow, ManyRows) {
  std::vector<std::optional<int64_t>> numbers;
  std::vector<std::optional<std::string>> texts;
  for (int64_t i = 0; i < 1001; ++i) {
    const bool null = i >= 300 && i < 311;
    numbers.push_back(null ? std::nullopt : std::optional(i * i));
    texts.push_back(null ? std::nullopt : std::optional(std::string(i % 37, 'x')));
  }
  const std::vector<ColumnPtr> columns = {MakeColumn<int64_t>(LogicalType::BigInt(), numbers),
                                          MakeStrings(texts)};
  ExpectRoundTrip(columns);
  ExpectRoundTrip({columns[0]});
  EncodedRows rows;
  BinaryRowCodec(TypesOf(columns)).Encode(columns, 1001, &rows);
  std::vector<int32_t> hashes(1001);
  HashBinaryRows(rows, hashes.data());
  for (int32_t i = 0; i < 1001; ++i) EXPECT_EQ(hashes[i], HashBinaryRow(rows.row(i)));
}

TEST(KeyGroup, ManyAtOnce) {
  std::vector<int32_t> hashes = {0, 1, -1, INT32_MIN, INT32_MAX};
  for (uint32_t i = 0; i < 5000; ++i) hashes.push_back(static_cast<int32_t>(i * 858'993'459));
  const auto count = static_cast<int32_t>(hashes.size());
  std::vector<int32_t> groups(hashes.size());
  for (const int32_t max_parallelism : {1, 2, 3, 100, 128, 4095, 32768}) {
    KeyGroupsOf(hashes.data(), count, max_parallelism, groups.data());
    for (int32_t i = 0; i < count; ++i) {
      ASSERT_EQ(groups[i], KeyGroupOf(hashes[i], max_parallelism)) << hashes[i];
    }
  }
}

TEST(KeyGroup, RangesPartitionTheGroups) {
  for (const int32_t parallelism : {1, 3, 7, 128}) {
    int32_t next = 0;
    for (int32_t subtask = 0; subtask < parallelism; ++subtask) {
      const KeyGroupRange range = KeyGroupRangeOf(subtask, parallelism, 128);
      EXPECT_EQ(range.start, next);
      for (int32_t group = range.start; group <= range.end; ++group) {
        EXPECT_EQ(SubtaskOfKeyGroup(group, parallelism, 128), subtask);
      }
      next = range.end + 1;
    }
    EXPECT_EQ(next, 128);
  }
}

TEST(KeyGroup, DefaultMaxParallelism) {
  EXPECT_EQ(DefaultMaxParallelism(1), 128);
  EXPECT_EQ(DefaultMaxParallelism(85), 128);
  EXPECT_EQ(DefaultMaxParallelism(86), 256);
  EXPECT_EQ(DefaultMaxParallelism(32768), 32768);
}

}  // namespace
}  // namespace castor
