#include "column/gather.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "column/test_columns.h"

namespace castor {
namespace {

const std::string kLong = "a text that does not fit into the reference";

ColumnPtr Longs() {
  return MakeColumn<int64_t>(LogicalType::BigInt(), {10, std::nullopt, 12, 13, 14});
}
ColumnPtr Texts() { return MakeStrings({"a", kLong, std::nullopt, "", "e"}); }
ColumnPtr Decimals() {
  return MakeColumn<int128_t>(LogicalType::Decimal(38, 0), {1, 2, 3, 4, std::nullopt});
}
ColumnPtr Rows() {
  const LogicalType type =
      LogicalType::Row({{"a", LogicalType::BigInt()}, {"b", LogicalType::String()}});
  MutableColumnPtr rows = Column::MakeRow(type, 5, nullptr, {Longs(), Texts()});
  rows->SetNull(3);
  return rows;
}
ColumnPtr Constant(int32_t size) {
  MutableColumnPtr constant = Column::MakeConstant(LogicalType::Integer(), size);
  constant->mutable_values<int32_t>()[0] = 7;
  return constant;
}
ColumnPtr ConstantRow(int32_t size) {
  MutableColumnPtr constant = Column::MakeConstant(
      LogicalType::Row({{"a", LogicalType::Integer()}, {"b", LogicalType::String()}}), size);
  constant->mutable_children() = {Constant(size), Column::MakeNull(LogicalType::String(), size)};
  return constant;
}
// One column of each type and encoding, all of five rows.
std::vector<ColumnPtr> Columns() {
  return {Longs(),
          Texts(),
          Decimals(),
          Rows(),
          MakeColumn<uint8_t>(LogicalType::Boolean(), {1, 0, 1, std::nullopt, 1}),
          MakeColumn<int16_t>(LogicalType(TypeKind::kSmallInt), {1, 2, 3, 4, 5}),
          Constant(5),
          ConstantRow(5),
          Column::MakeNull(LogicalType::String(), 5),
          Column::MakeNull(Rows()->type(), 5),
          MakeDictionary(Texts(), {4, -1, 1, 2, 0}),
          MakeDictionary(Rows(), {4, -1, 1, 3, 0}),
          MakeDictionary(Constant(9), {8, -1, 0, 0, 0}),
          MakeDictionary(ConstantRow(9), {8, -1, 0, 0, 0}),
          MakeDictionary(MakeDictionary(Longs(), {4, -1, 0}), {0, 1, 2, -1, 0})};
}

// What Show gives for the rows `indices` of `column`.
std::string ShowRows(const Column& column, const std::vector<int32_t>& indices) {
  std::string out;
  for (const int32_t index : indices) {
    out += "|" + (index < 0 ? "null" : ShowValue(column, index));
  }
  return out.substr(out.empty() ? 0 : 1);
}

TEST(Gather, TakesRowsOfEveryEncoding) {
  for (const ColumnPtr& column : Columns()) {
    for (const std::vector<int32_t>& indices :
         std::vector<std::vector<int32_t>>{{4, 0, 0, 3}, {-1, 2, 1}, {-1}, {0}}) {
      const ColumnPtr result =
          Gather(*column, indices.data(), static_cast<int32_t>(indices.size()));
      EXPECT_EQ(Show(*result), ShowRows(*column, indices)) << Show(*column);
      EXPECT_EQ(result->size(), static_cast<int32_t>(indices.size()));
      EXPECT_NE(result->encoding(), Encoding::kDictionary);
    }
    EXPECT_EQ(Gather(*column, nullptr, 0)->size(), 0);
  }
}

TEST(Gather, ConstantsStayConstantAndValidityIsDroppedWhenUnneeded) {
  const std::vector<int32_t> indices = {0, 2};
  EXPECT_TRUE(Gather(*Constant(5), indices.data(), 2)->is_constant());
  EXPECT_EQ(Gather(*Longs(), indices.data(), 2)->validity(), nullptr);
}

TEST(Gather, EmptyColumnGivesNulls) {
  const ColumnPtr empty = MakeColumn<int64_t>(LogicalType::BigInt(), {});
  const std::vector<int32_t> indices = {-1, -1};
  EXPECT_EQ(Show(*Gather(*empty, indices.data(), 2)), "null|null");
}

TEST(Gather, ManyRowsAcrossBitmapWords) {
  std::vector<std::optional<int32_t>> values;
  std::vector<int32_t> indices;
  for (int32_t i = 0; i < 1000; ++i) {
    values.push_back(i % 3 == 0 ? std::nullopt : std::optional<int32_t>(i));
    indices.push_back((i * 37) % 1000);
  }
  const ColumnPtr column = MakeColumn<int32_t>(LogicalType::Integer(), values);
  EXPECT_EQ(Show(*Gather(*column, indices.data(), 1000)), ShowRows(*column, indices));
}

TEST(Gather, BatchKeepsRowKinds) {
  Batch batch(2, {MakeColumn<int64_t>(LogicalType::BigInt(), {1, 2})});
  batch.row_kinds = Buffer::AllocateZeroed(2);
  batch.row_kinds->data()[1] = static_cast<uint8_t>(RowKind::kDelete);
  batch.marks = {{1, 99}};
  const std::vector<int32_t> indices = {1, 0, 1};
  const Batch result = Gather(batch, indices.data(), 3);
  EXPECT_EQ(Show(*result.columns[0]), "2|1|2");
  EXPECT_EQ(result.kind(0), RowKind::kDelete);
  EXPECT_EQ(result.kind(1), RowKind::kInsert);
  EXPECT_TRUE(result.marks.empty());
}

TEST(Slice, TakesRangesOfEveryEncoding) {
  for (const ColumnPtr& column : Columns()) {
    for (int32_t from = 0; from <= 5; ++from) {
      for (int32_t count = 0; from + count <= 5; ++count) {
        std::vector<int32_t> indices;
        for (int32_t i = 0; i < count; ++i) indices.push_back(from + i);
        const ColumnPtr slice = Slice(column, from, count);
        EXPECT_EQ(Show(*slice), ShowRows(*column, indices));
        EXPECT_EQ(slice->encoding(), column->encoding());
      }
    }
  }
}

TEST(Slice, SharesFixedWidthValues) {
  const ColumnPtr column = Longs();
  EXPECT_EQ(Slice(column, 2, 3)->values<int64_t>(), column->values<int64_t>() + 2);
}

TEST(Slice, UnalignedValidity) {
  std::vector<std::optional<int8_t>> values;
  for (int i = 0; i < 200; ++i) {
    values.push_back(i % 7 == 0 ? std::nullopt : std::optional<int8_t>(i % 100));
  }
  const ColumnPtr column = MakeColumn<int8_t>(LogicalType(TypeKind::kTinyInt), values);
  const ColumnPtr slice = Slice(column, 13, 171);
  for (int32_t i = 0; i < 171; ++i) EXPECT_EQ(ShowValue(*slice, i), ShowValue(*column, i + 13));
}

TEST(Slice, BatchKeepsRowKinds) {
  Batch batch(3, {Longs(), Constant(3)});
  batch.row_kinds = Buffer::AllocateZeroed(3);
  batch.row_kinds->data()[2] = static_cast<uint8_t>(RowKind::kUpdateAfter);
  const Batch slice = batch.Slice(1, 2);
  EXPECT_EQ(slice.num_rows, 2);
  EXPECT_EQ(Show(*slice.columns[0]), "null|12");
  EXPECT_EQ(Show(*slice.columns[1]), "7|7");
  EXPECT_EQ(slice.kind(1), RowKind::kUpdateAfter);
}

TEST(Flatten, GivesTheSameValues) {
  for (const ColumnPtr& column : Columns()) {
    const ColumnPtr flat = Flatten(column);
    EXPECT_TRUE(flat->is_flat());
    EXPECT_EQ(Show(*flat), Show(*column));
    EXPECT_EQ(flat == column, column->is_flat());
  }
}

TEST(Concat, JoinsEveryPairOfEncodings) {
  const std::vector<ColumnPtr> columns = Columns();
  for (const ColumnPtr& a : columns) {
    for (const ColumnPtr& b : columns) {
      if (!a->type().SameLayout(b->type())) continue;
      const std::vector<ColumnPtr> parts = {a, b, Slice(a, 1, 3), Slice(b, 0, 0)};
      const ColumnPtr result = Concat(parts);
      EXPECT_TRUE(result->is_flat());
      EXPECT_EQ(Show(*result), Show(*a) + "|" + Show(*b) + "|" + Show(*parts[2]));
    }
  }
}

TEST(Concat, SharedStringBuffersAreListedOnce) {
  const ColumnPtr texts = Texts();
  const std::vector<ColumnPtr> parts = {texts, Slice(texts, 0, 2), texts};
  EXPECT_EQ(Concat(parts)->string_buffers().size(), texts->string_buffers().size());
}

TEST(Concat, BatchesWithAndWithoutRowKinds) {
  Batch with(1, {MakeColumn<int64_t>(LogicalType::BigInt(), {1})});
  with.row_kinds = Buffer::AllocateZeroed(1);
  with.row_kinds->data()[0] = static_cast<uint8_t>(RowKind::kUpdateBefore);
  const Batch without(1, {MakeColumn<int64_t>(LogicalType::BigInt(), {2})});
  const std::vector<Batch> parts = {without, with};
  const Batch result = Concat(parts);
  EXPECT_EQ(Show(*result.columns[0]), "2|1");
  EXPECT_EQ(result.kind(0), RowKind::kInsert);
  EXPECT_EQ(result.kind(1), RowKind::kUpdateBefore);
  EXPECT_EQ(Concat(std::vector<Batch>{without, without}).row_kinds, nullptr);
}

TEST(CompactStrings, LetsGoOfItsSources) {
  for (const ColumnPtr& column : Columns()) {
    EXPECT_EQ(Show(*CompactStrings(column)), Show(*column));
  }
  const ColumnPtr large = MakeStrings({kLong, std::string(100'000, 'x')});
  const ColumnPtr compact = CompactStrings(Slice(large, 0, 1));
  ASSERT_EQ(compact->string_buffers().size(), 1u);
  EXPECT_EQ(compact->string_buffers()[0]->size(), kLong.size());
  EXPECT_NE(compact->string_buffers()[0], large->string_buffers()[0]);
}

TEST(Batch, ByteSizeCountsSharedBuffersOnce) {
  const ColumnPtr longs = MakeColumn<int64_t>(LogicalType::BigInt(), {1, 2, 3});
  EXPECT_EQ(Batch(3, {longs}).ByteSize(), 24);
  EXPECT_EQ(Batch(3, {longs, longs}).ByteSize(), 24);
  EXPECT_EQ(Batch(2, {MakeDictionary(longs, {0, 1}), longs}).ByteSize(), 32);
}

TEST(Column, WithTypeKeepsValues) {
  const ColumnPtr rows = Rows();
  const LogicalType renamed = LogicalType::Row(
      {{"x", LogicalType::BigInt(false)}, {"y", LogicalType(TypeKind::kChar, true, 1)}});
  const ColumnPtr column = rows->WithType(renamed);
  EXPECT_EQ(Show(*column), Show(*rows));
  EXPECT_EQ(column->children()[1]->type().kind(), TypeKind::kChar);
  EXPECT_EQ(rows->type().fields()[0].name, "a");
}

TEST(Column, MayHaveNulls) {
  EXPECT_TRUE(Longs()->MayHaveNulls());
  EXPECT_FALSE(Constant(3)->MayHaveNulls());
  const ColumnPtr full = MakeColumn<int64_t>(LogicalType::BigInt(), {1});
  EXPECT_FALSE(MakeDictionary(full, {0, 0})->MayHaveNulls());
  EXPECT_TRUE(MakeDictionary(full, {0, -1})->MayHaveNulls());
}

TEST(StringRef, HoldsTextsOfAllLengths) {
  const std::string text = "abcdefghijklmnop";
  for (uint32_t size = 0; size <= text.size(); ++size) {
    const StringRef ref(text.data(), size);
    EXPECT_EQ(ref.view(), text.substr(0, size));
    const std::string bytes(reinterpret_cast<const char*>(&ref), sizeof(ref));
    if (ref.is_inline()) {  // equal texts are equal as words
      EXPECT_EQ(bytes.substr(4), text.substr(0, size) + std::string(12 - size, 0));
    }
  }
}

TEST(StringRef, ComparesInlineAndLongText) {
  for (uint32_t size = 0; size < 20; ++size) {
    const std::string text = std::string("abcdefghijklmnopqrstuvwxyz").substr(0, size);
    const std::string copy = text;
    const StringRef a(text);
    EXPECT_EQ(a.view(), text);
    EXPECT_TRUE(a == StringRef(copy));
    EXPECT_FALSE(a == StringRef(text + "x"));
    std::string other = text;
    if (size > 0) {
      ++other.back();
      EXPECT_FALSE(a == StringRef(other));
    }
  }
}

}  // namespace
}  // namespace castor
