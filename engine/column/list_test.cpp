// Columns of ARRAY, MAP and MULTISET through everything that rearranges columns.
#include <gtest/gtest.h>

#include "column/gather.h"
#include "column/test_columns.h"

namespace castor {
namespace {

using Longs = std::vector<std::optional<int64_t>>;

LogicalType ArrayOf(LogicalType element) {
  return LogicalType::Collection(TypeKind::kArray, {std::move(element)}, true);
}

// [1,null] | null | [] | [3,4,5]
ColumnPtr LongArrays() {
  return MakeLists(ArrayOf(LogicalType::BigInt()), {2, std::nullopt, 0, 3},
                   {MakeColumn<int64_t>(LogicalType::BigInt(), Longs{1, std::nullopt, 3, 4, 5})});
}

// {one:1} | {two:2,a key that is long:null}
ColumnPtr Maps() {
  const LogicalType type =
      LogicalType::Collection(TypeKind::kMap, {LogicalType::String(), LogicalType::BigInt()}, true);
  return MakeLists(type, {1, 2},
                   {MakeStrings({"one", "two", "a key that is long"}),
                    MakeColumn<int64_t>(LogicalType::BigInt(), Longs{1, 2, std::nullopt})});
}

std::string ShowGathered(const ColumnPtr& column, const std::vector<int32_t>& rows) {
  return Show(*Gather(*column, rows.data(), static_cast<int32_t>(rows.size())));
}

TEST(List, Shows) {
  EXPECT_EQ(Show(*LongArrays()), "[1,null]|null|[]|[3,4,5]");
  EXPECT_EQ(Show(*Maps()), "{one:1}|{two:2,a key that is long:null}");
  EXPECT_EQ(Show(*Column::MakeFlat(ArrayOf(LogicalType::String()), 2)), "[]|[]");
  EXPECT_EQ(Show(*Column::MakeNull(ArrayOf(LogicalType::String()), 2)), "null|null");
}

TEST(List, GatherAndSliceShareTheElements) {
  const ColumnPtr lists = LongArrays();
  EXPECT_EQ(ShowGathered(lists, {3, -1, 0, 3}), "[3,4,5]|null|[1,null]|[3,4,5]");
  const ColumnPtr slice = Slice(lists, 2, 2);
  EXPECT_EQ(Show(*slice), "[]|[3,4,5]");
  EXPECT_EQ(slice->children()[0], lists->children()[0]);
  EXPECT_EQ(ShowGathered(slice, {1, 0}), "[3,4,5]|[]");
}

TEST(List, Dictionaries) {
  const ColumnPtr dictionary = MakeDictionary(LongArrays(), {3, 1, -1, 0});
  EXPECT_EQ(Show(*dictionary), "[3,4,5]|null|null|[1,null]");
  EXPECT_EQ(Show(*Flatten(dictionary)), Show(*dictionary));
  EXPECT_EQ(Show(*Slice(dictionary, 2, 2)), "null|[1,null]");
  EXPECT_EQ(ShowGathered(dictionary, {3, 0}), "[1,null]|[3,4,5]");
}

TEST(List, Constants) {
  MutableColumnPtr constant = Column::MakeConstant(ArrayOf(LogicalType::BigInt()), 3);
  EXPECT_EQ(Show(*constant), "[]|[]|[]");
  constant->mutable_children() = LongArrays()->children();
  constant->mutable_values<ListRef>()[0] = {3, 2};
  const ColumnPtr shared = constant;
  EXPECT_EQ(Show(*Flatten(shared)), "[4,5]|[4,5]|[4,5]");
  EXPECT_EQ(Show(*Slice(shared, 0, 5)), "[4,5]|[4,5]|[4,5]|[4,5]|[4,5]");
  EXPECT_EQ(ShowGathered(shared, {0, -1}), "[4,5]|null");
  const ColumnPtr compact = CompactLists(shared);
  EXPECT_TRUE(compact->is_constant());
  EXPECT_EQ(compact->children()[0]->size(), 2);
  EXPECT_EQ(Show(*compact), "[4,5]|[4,5]|[4,5]");
}

TEST(List, ConcatKeepsEveryList) {
  const ColumnPtr lists = LongArrays();
  const std::vector<ColumnPtr> parts = {lists, Slice(lists, 3, 1),
                                        Column::MakeNull(lists->type(), 1),
                                        Gather(*lists, std::vector<int32_t>{3, 3, 0}.data(), 3)};
  EXPECT_EQ(Show(*Concat(parts)), "[1,null]|null|[]|[3,4,5]|[3,4,5]|null|[3,4,5]|[3,4,5]|[1,null]");
  EXPECT_EQ(Show(*Concat(std::vector<ColumnPtr>{Maps(), Maps()})),
            Show(*Maps()) + "|" + Show(*Maps()));
}

TEST(List, ConcatLeavesBehindWhatNobodyRefersTo) {
  Longs numbers(1000, 7);
  const ColumnPtr wide = MakeLists(ArrayOf(LogicalType::BigInt()), {998, 1, 1},
                                   {MakeColumn<int64_t>(LogicalType::BigInt(), numbers)});
  const ColumnPtr ends = Slice(wide, 1, 2);
  const ColumnPtr both = Concat(std::vector<ColumnPtr>{ends, ends});
  EXPECT_EQ(Show(*both), "[7]|[7]|[7]|[7]");
  EXPECT_EQ(both->children()[0]->size(), 4);
}

TEST(List, CompactListsAreInOrderWithoutGaps) {
  const ColumnPtr lists = LongArrays();
  EXPECT_EQ(CompactLists(lists), lists);
  const ColumnPtr turned = Gather(*lists, std::vector<int32_t>{3, 0, 1}.data(), 3);
  const ColumnPtr compact = CompactLists(turned);
  EXPECT_EQ(Show(*compact), "[3,4,5]|[1,null]|null");
  EXPECT_EQ(Show(*compact->children()[0]), "3|4|5|1|null");
}

TEST(List, CompactStringsReachesTheElements) {
  const ColumnPtr last = Slice(Maps(), 1, 1);
  const ColumnPtr compact = CompactStrings(last);
  EXPECT_EQ(Show(*compact), Show(*last));
  EXPECT_EQ(compact->children()[0]->size(), 2);
  EXPECT_NE(compact->children()[0]->string_buffers(), last->children()[0]->string_buffers());
}

TEST(List, WithinListsAndRows) {
  const ColumnPtr inner = LongArrays();
  const ColumnPtr outer = MakeLists(ArrayOf(inner->type()), {1, 3}, {inner});
  EXPECT_EQ(Show(*outer), "[[1,null]]|[null,[],[3,4,5]]");
  EXPECT_EQ(ShowGathered(outer, {1, 0}), "[null,[],[3,4,5]]|[[1,null]]");
  EXPECT_EQ(Show(*CompactLists(Slice(outer, 1, 1))), "[null,[],[3,4,5]]");
  const LogicalType row = LogicalType::Row({{"a", outer->type()}});
  const ColumnPtr rows = Column::MakeRow(row, 2, nullptr, {outer});
  EXPECT_EQ(ShowGathered(rows, {1, -1, 0}), "([null,[],[3,4,5]])|null|([[1,null]])");
}

TEST(List, MultisetsCountTheirElements) {
  const LogicalType type =
      LogicalType::Collection(TypeKind::kMultiset, {LogicalType::BigInt()}, true);
  EXPECT_EQ(type.ChildTypes()[1].ToString(), "INT NOT NULL");
  const ColumnPtr column = MakeLists(type, {2},
                                     {MakeColumn<int64_t>(LogicalType::BigInt(), Longs{8, 9}),
                                      MakeColumn<int32_t>(LogicalType::Integer(false), {1, 2})});
  EXPECT_EQ(Show(*column), "{8:1,9:2}");
}

TEST(List, BatchesCountSharedElementsOnce) {
  const ColumnPtr lists = LongArrays();
  const Batch one(4, {lists});
  const Batch two(4, {lists, Slice(lists, 0, 4)});
  EXPECT_EQ(one.ByteSize(), two.ByteSize());
  EXPECT_GT(one.ByteSize(), Batch(5, {lists->children()[0]}).ByteSize());
}

}  // namespace
}  // namespace castor
