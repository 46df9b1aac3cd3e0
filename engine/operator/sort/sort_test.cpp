#include "operator/sort/sort.h"

#include <gtest/gtest.h>

#include "base/memory.h"
#include "operator/api/operator_test_harness.h"
#include "plan/nodes/rank.h"

namespace castor {
namespace {

using Rows = std::vector<std::string>;

constexpr RowKind I = RowKind::kInsert, D = RowKind::kDelete;

LogicalType InputOf(TimeAttribute time) {
  return LogicalType::Row(
      {{"v", LogicalType::Integer()}, {"t", LogicalType::Timestamp(3).WithTimeAttribute(time)}});
}

Batch MakeRows(const std::vector<std::pair<int32_t, int64_t>>& rows,
               const std::vector<RowKind>& kinds = {}) {
  std::vector<std::optional<int32_t>> v;
  std::vector<std::optional<int64_t>> t;
  for (const auto& [value, time] : rows) v.push_back(value), t.push_back(time);
  return MakeBatch({MakeColumn<int32_t>(LogicalType::Integer(), v),
                    MakeColumn<int64_t>(LogicalType::Timestamp(3), t)},
                   kinds);
}

class SortTest : public testing::Test {
 protected:
  OperatorTestHarness::Make Bounded() {
    return [this] { return MakeSort({node_, bundle_, {InputOf(TimeAttribute::kNone)}}).value(); };
  }
  OperatorTestHarness::Make Temporal(TimeAttribute time) {
    return [this, time] { return MakeTemporalSort({node_, bundle_, {InputOf(time)}}).value(); };
  }

  plan::Sort node_;
  const plan::Bundle bundle_;
};

TEST_F(SortTest, AllRowsInOrderAtTheEnd) {
  node_.order = {{0, false, false}, {1, true, false}};
  OperatorTestHarness sort(Bounded());
  sort.context().set_batch_rows(2);
  EXPECT_EQ(sort.Process(0, MakeRows({{1, 5}, {3, 4}, {1, 5}, {3, 2}, {2, 9}})), Rows{});
  sort.SaveAndRestore();
  EXPECT_EQ(sort.Process(0, MakeRows({{2, 9}, {1, 7}}, {D, I})), Rows{});
  EXPECT_EQ(sort.Watermark(kMaxWatermark), Rows{"W(max)"});
  EXPECT_EQ(sort.EndInput(0), (Rows{"+I(3,2)", "+I(3,4)", "+I(1,5)", "+I(1,5)", "+I(1,7)"}));
}

TEST_F(SortTest, WhatIsKeptBesidesTheStateIsCharged) {
  constexpr int kRows = 5000;
  std::vector<std::pair<int32_t, int64_t>> rows;
  for (int i = 0; i < kRows; ++i) rows.emplace_back(i, i);
  const int64_t before = MemoryAccount::State().used();
  {
    node_.order = {{0, true, false}};
    OperatorTestHarness sort(Bounded());
    sort.Process(0, MakeRows(rows));
    const int64_t state = MemoryAccount::State().used();
    sort.EndInput(0);
    EXPECT_GE(MemoryAccount::State().used() - state, kRows * int64_t{sizeof(std::string_view)});
  }
  EXPECT_EQ(MemoryAccount::State().used(), before);
  node_.order = {{1, true, false}};
  OperatorTestHarness sort(Temporal(TimeAttribute::kRowtime));
  sort.Process(0, MakeRows(rows));
  const int64_t waiting = MemoryAccount::State().used();
  sort.Watermark(kMaxWatermark);
  EXPECT_LE(MemoryAccount::State().used(), waiting - kRows * int64_t{sizeof(uint64_t)});
}

TEST_F(SortTest, TakingBackWhatIsNotThereFails) {
  node_.order = {{0, true, false}};
  OperatorTestHarness sort(Bounded());
  EXPECT_NE(sort.ErrorOf(0, MakeRows({{1, 5}}, {D})), "");
}

TEST_F(SortTest, ByEventTimeAsTheWatermarkPasses) {
  node_.order = {{1, true, false}, {0, false, false}};
  OperatorTestHarness sort(Temporal(TimeAttribute::kRowtime));
  sort.context().set_batch_rows(2);
  EXPECT_EQ(sort.Process(0, MakeRows({{1, 5}, {3, 4}, {2, 5}, {9, 2}, {4, 8}})), Rows{});
  sort.SaveAndRestore();
  EXPECT_EQ(sort.Watermark(5), (Rows{"+I(9,2)", "+I(3,4)", "+I(2,5)", "+I(1,5)", "W(5)"}));
  // Late; not later than the watermark, but than all rows given out.
  sort.SaveAndRestore();
  EXPECT_EQ(sort.Process(0, MakeRows({{7, 5}, {8, 6}})), Rows{});
  EXPECT_EQ(sort.Watermark(7), (Rows{"+I(8,6)", "W(7)"}));
  EXPECT_EQ(sort.Watermark(kMaxWatermark), (Rows{"+I(4,8)", "W(max)"}));
}

TEST_F(SortTest, ByProcessingTimeThoseOfAMillisecond) {
  node_.order = {{1, true, false}, {0, true, false}};
  OperatorTestHarness sort(Temporal(TimeAttribute::kProctime));
  sort.context().manual_clock().Set(10);
  sort.Process(0, MakeRows({{3, 0}, {1, 0}}));
  sort.Process(0, MakeRows({{2, 0}}));
  sort.SaveAndRestore();
  EXPECT_EQ(sort.PassTime(11), (Rows{"+I(1,0)", "+I(2,0)", "+I(3,0)"}));
  sort.Process(0, MakeRows({{5, 0}, {4, 0}}));
  EXPECT_EQ(sort.EndInput(0), (Rows{"+I(4,0)", "+I(5,0)"}));
}

TEST_F(SortTest, ByProcessingTimeAloneRowsPass) {
  node_.order = {{1, true, false}};
  OperatorTestHarness sort(Temporal(TimeAttribute::kProctime));
  EXPECT_EQ(sort.Process(0, MakeRows({{3, 0}, {1, 0}})), (Rows{"+I(3,0)", "+I(1,0)"}));
}

TEST_F(SortTest, RefusesOrdersThatAreNotByTimeFirst) {
  node_.order = {{0, true, false}};
  EXPECT_EQ(MakeTemporalSort({node_, bundle_, {InputOf(TimeAttribute::kRowtime)}}).status().code(),
            StatusCode::kUnsupported);
}

}  // namespace
}  // namespace castor
