#include "operator/rows/row_list.h"

#include <gtest/gtest.h>

#include "column/test_columns.h"
#include "operator/rows/row_output.h"

namespace castor {
namespace {

// Rows stand for BinaryRowData: any bytes of a multiple of 8 will do.
const std::string kA = "row a...", kB = "row b...row b...", kKey1 = "key 1...", kKey2 = "key 2...";

TEST(RowListTest, FindsByMatchKeyOrAsAWhole) {
  std::string bytes;
  RowList::Append(RowKind::kInsert, kA, kKey1, &bytes);
  RowList::Append(RowKind::kDelete, kB, kKey2, &bytes);
  const RowList list(bytes);
  RowList::Entry found, before;
  ASSERT_TRUE(list.Find(kA, kKey2, &found, &before));
  EXPECT_EQ(found.row, kB);
  EXPECT_EQ(found.kind, RowKind::kDelete);
  EXPECT_EQ(found.end(), list.size());
  EXPECT_EQ(before.row, kA);
  EXPECT_FALSE(list.Find(kA, "key 3...", &found, &before));

  std::string whole;
  RowList::Append(RowKind::kInsert, kA, {}, &whole);
  RowList::Append(RowKind::kUpdateAfter, kB, {}, &whole);
  ASSERT_TRUE(RowList(whole).Find(kB, {}, &found, &before));
  EXPECT_EQ(found.kind, RowKind::kUpdateAfter);
  EXPECT_FALSE(RowList(whole).Find(kKey1, {}, &found, &before));
}

TEST(RowListTest, WithoutAnEntryTheOthersKeepTheirOrder) {
  std::string bytes, rest;
  for (const std::string& row : {kA, kB, kA}) RowList::Append(RowKind::kInsert, row, {}, &bytes);
  RowList::Entry found, before;
  ASSERT_TRUE(RowList(bytes).Find(kA, {}, &found, &before));
  RowList(bytes).Without(found, &rest);
  const RowList list(rest);
  EXPECT_EQ(list.At(0).row, kB);
  EXPECT_EQ(list.At(list.At(0).end()).row, kA);
}

TEST(RowOutputTest, GivesBackWhatWasEncoded) {
  const LogicalType row =
      LogicalType::Row({{"n", LogicalType::Integer()}, {"s", LogicalType::String()}});
  RowEncoder encoder(row, {0});
  encoder.Encode(Batch(2, {MakeColumn<int32_t>(LogicalType::Integer(), {1, std::nullopt}),
                           MakeStrings({{"a text that is not inline"}, {"b"}})}));
  EXPECT_NE(encoder.match_key(0), encoder.match_key(1));
  RowOutput output;
  output.Emit(RowKind::kUpdateAfter, encoder.row(1), 0);
  output.Emit(RowKind::kDelete, encoder.row(0), 3);
  const Batch batch = output.Take(encoder, {{2, 7}});
  EXPECT_EQ(Show(*batch.columns[0]), "null|1");
  EXPECT_EQ(Show(*batch.columns[1]), "b|a text that is not inline");
  EXPECT_EQ(batch.kind(1), RowKind::kDelete);
  ASSERT_EQ(batch.marks.size(), 1u);
  EXPECT_EQ(batch.marks[0].row, 1);
  EXPECT_TRUE(output.empty());
}

}  // namespace
}  // namespace castor
