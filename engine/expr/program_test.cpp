#include "expr/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "expr/node.h"
#include "expr/testing.h"

namespace castor::expr {
namespace {

using testing::Call;
using ::testing::ElementsAre;
using testing::Evaluate;
using testing::Field;
using ::testing::HasSubstr;
using testing::Lit;
using testing::MakeBatch;
using testing::MakeColumn;
using testing::Ref;
using testing::ToTexts;

// Nexmark's events: a dictionary ROW column per kind, NULL where the event is of another kind.
class EventTest : public ::testing::Test {
 protected:
  EventTest() {
    const ColumnPtr auction = MakeColumn("BIGINT NOT NULL", {"123", "5", "246"});
    const ColumnPtr price = MakeColumn("BIGINT NOT NULL", {"100", "200", "1"});
    bid_type_ = testing::Type("ROW<`auction` BIGINT NOT NULL, `price` BIGINT NOT NULL>");
    const ColumnPtr bids = Column::MakeRow(bid_type_, 3, nullptr, {auction, price});
    batch_ = MakeBatch({MakeColumn("INT", {"2", "0", "2", "1", "2"}),
                        Dictionary(bids, {0, -1, 1, -1, 2}),
                        MakeColumn("VARCHAR(2147483647)", {"a", "b", "NULL", "d", "e"})});
  }

  static ColumnPtr Dictionary(const ColumnPtr& base, const std::vector<int32_t>& rows) {
    BufferPtr indices = Buffer::Allocate(rows.size() * sizeof(int32_t));
    std::copy(rows.begin(), rows.end(), indices->as<int32_t>());
    return Column::MakeDictionary(base, indices, static_cast<int32_t>(rows.size()));
  }

  plan::ExpressionPtr Kind() const { return Ref(0, "INT"); }
  plan::ExpressionPtr Bid(std::string_view field) const {
    return Field(Ref(1, bid_type_.ToString()), field, "BIGINT");
  }
  plan::ExpressionPtr KindIs(std::string_view kind) const {
    return Call("=", "BOOLEAN", {Kind(), Lit(kind, "INT NOT NULL")});
  }
  plan::ExpressionPtr EveryNth() const {
    return Call("=", "BOOLEAN",
                {Call("MOD", "INT", {Bid("auction"), Lit("123", "INT NOT NULL")}),
                 Lit("0", "INT NOT NULL")});
  }

  std::unique_ptr<Program> Compile(std::vector<plan::ExpressionPtr> expressions) const {
    std::vector<LogicalType::Field> fields;
    for (const ColumnPtr& column : batch_.columns) {
      fields.push_back({"f" + std::to_string(fields.size()), column->type()});
    }
    auto program = Program::Compile(expressions, {nullptr, LogicalType::Row(fields)});
    EXPECT_TRUE(program.ok()) << program.status().ToString();
    return std::move(program).value();
  }

  LogicalType bid_type_;
  Batch batch_;
};

TEST_F(EventTest, InputOverAllRowsIsTheColumnItself) {
  auto program = Compile({Ref(0, "INT")});
  EXPECT_EQ(*program->Evaluate(0, batch_, {nullptr, 5}, {}), batch_.columns[0]);
}

TEST_F(EventTest, FieldAccessSharesTheRowsIndices) {
  auto program = Compile({Bid("price")});
  const ColumnPtr price = *program->Evaluate(0, batch_, {nullptr, 5}, {});
  EXPECT_EQ(price->encoding(), Encoding::kDictionary);
  EXPECT_EQ(price->indices(), batch_.columns[1]->indices());
  EXPECT_THAT(ToTexts(*price), ElementsAre("100", "NULL", "200", "NULL", "1"));
}

TEST_F(EventTest, FieldOfARunOfRowsIsFlat) {
  auto program = Compile({Bid("price")});
  const std::vector<int32_t> rows{0, 2, 4};
  const ColumnPtr price = *program->Evaluate(0, batch_, {rows.data(), 3}, {});
  EXPECT_TRUE(price->is_flat());
  EXPECT_THAT(ToTexts(*price), ElementsAre("100", "200", "1"));
}

TEST_F(EventTest, ConjunctionNarrows) {
  auto program = Compile({Call("AND", "BOOLEAN", {KindIs("2"), EveryNth()})});
  std::vector<int32_t> rows{99};
  ASSERT_TRUE(program->Filter(0, batch_, {nullptr, 5}, {}, &rows).ok());
  EXPECT_THAT(rows, ElementsAre(99, 0, 4));
}

TEST_F(EventTest, FilterOfASelectionGivesBatchRows) {
  auto program = Compile({Call("AND", "BOOLEAN", {KindIs("2"), EveryNth()})});
  const std::vector<int32_t> selected{1, 2, 3, 4};
  std::vector<int32_t> rows;
  ASSERT_TRUE(program->Filter(0, batch_, {selected.data(), 4}, {}, &rows).ok());
  EXPECT_THAT(rows, ElementsAre(4));
}

TEST_F(EventTest, DisjunctionKeepsTheOrderOfRows) {
  auto program = Compile({Call("OR", "BOOLEAN", {KindIs("1"), KindIs("0"), EveryNth()})});
  std::vector<int32_t> rows;
  ASSERT_TRUE(program->Filter(0, batch_, {nullptr, 5}, {}, &rows).ok());
  EXPECT_THAT(rows, ElementsAre(0, 1, 3, 4));
}

TEST_F(EventTest, CaseTakesEachRowFromItsBranch) {
  EXPECT_THAT(Evaluate(Call("CASE", "BIGINT",
                            {KindIs("0"), Lit("-1", "BIGINT NOT NULL"), KindIs("1"),
                             Lit("NULL", "BIGINT"), Bid("price")}),
                       batch_),
              ElementsAre("100", "-1", "200", "NULL", "1"));
}

TEST_F(EventTest, EuroPrice) {
  EXPECT_THAT(
      Evaluate(Call("*", "DECIMAL(23, 3)", {Lit("0.908", "DECIMAL(3, 3) NOT NULL"), Bid("price")}),
               batch_),
      ElementsAre("90.800", "NULL", "181.600", "NULL", "0.908"));
}

TEST_F(EventTest, SharedSubexpressionIsComputedOnceAndPickedForSubsets) {
  const auto mod = Call("MOD", "INT", {Bid("auction"), Lit("123", "INT NOT NULL")});
  auto program = Compile({mod, Call("CASE", "INT", {KindIs("2"), mod, Lit("7", "INT NOT NULL")})});
  const std::vector<int> both{0, 1};
  const auto columns = *program->EvaluateAll(both, batch_, {nullptr, 5}, {});
  EXPECT_THAT(ToTexts(*columns[0]), ElementsAre("0", "NULL", "5", "NULL", "0"));
  EXPECT_THAT(ToTexts(*columns[1]), ElementsAre("0", "7", "5", "7", "0"));
}

TEST_F(EventTest, ConditionAndProjectionsAreEvaluatedTogether) {
  auto program =
      Compile({Bid("price"), EveryNth(), Call("AND", "BOOLEAN", {KindIs("2"), EveryNth()})});
  const std::vector<int> projections{0, 1};
  std::vector<int32_t> rows{99};
  const auto columns = *program->FilterAndEvaluate(2, projections, batch_, {}, &rows);
  EXPECT_THAT(rows, ElementsAre(0, 4));
  EXPECT_THAT(ToTexts(*columns[0]), ElementsAre("100", "1"));
  EXPECT_THAT(ToTexts(*columns[1]), ElementsAre("true", "true"));
}

TEST_F(EventTest, WhatTheConditionHasOnASiblingSetIsPicked) {
  // Computed where kind is not 1, wanted on the rows that pass and have another kind.
  const auto nth = Call("=", "BOOLEAN", {EveryNth(), KindIs("2")});
  auto program = Compile({Call("CASE", "BOOLEAN", {KindIs("1"), Lit("false", "BOOLEAN"), nth}),
                          Call("OR", "BOOLEAN", {KindIs("1"), nth})});
  const std::vector<int> projections{0};
  std::vector<int32_t> rows;
  EXPECT_THAT(ToTexts(*(*program->FilterAndEvaluate(1, projections, batch_, {}, &rows))[0]),
              ElementsAre("true", "false", "true"));
  EXPECT_THAT(rows, ElementsAre(0, 3, 4));
}

TEST_F(EventTest, NothingPasses) {
  auto program = Compile({Kind(), KindIs("7")});
  const std::vector<int> projections{0};
  std::vector<int32_t> rows;
  EXPECT_THAT(*program->FilterAndEvaluate(1, projections, batch_, {}, &rows), ElementsAre());
  EXPECT_THAT(rows, ElementsAre());
}

TEST(FrameTest, FindsRowsWithinSetsOfTheSameRoot) {
  Frame frame(0);
  const Batch batch(10, {});
  const Rows& root = frame.Begin(batch, {nullptr, 10}, {});
  const std::vector<int32_t> even{0, 2, 4, 6, 8}, first_and_last{0, 4}, triples{0, 3, 6, 8};
  const Rows& evens = frame.Subset(root, even);
  const Rows& ends = frame.Subset(evens, first_and_last);  // 0 and 8 of the root
  const Rows& others = frame.Subset(root, triples);
  std::vector<int32_t> positions;
  ASSERT_TRUE(Frame::FindWithin(ends, root, &positions));
  EXPECT_THAT(positions, ElementsAre(0, 8));
  ASSERT_TRUE(Frame::FindWithin(ends, evens, &positions));
  EXPECT_THAT(positions, ElementsAre(0, 4));
  ASSERT_TRUE(Frame::FindWithin(ends, others, &positions));
  EXPECT_THAT(positions, ElementsAre(0, 3));
  EXPECT_FALSE(Frame::FindWithin(others, evens, &positions));
  EXPECT_FALSE(Frame::FindWithin(evens, ends, &positions));
  frame.End();
}

TEST(RandomTest, EqualCallsAreNotShared) {
  const auto random =
      Call("+", "DOUBLE", {Call("RAND", "DOUBLE", {}), Lit("1", "DOUBLE NOT NULL")});
  const std::vector<plan::ExpressionPtr> expressions{random, random};
  auto program = Program::Compile(expressions, {nullptr, LogicalType::Row({})});
  ASSERT_TRUE(program.ok()) << program.status().ToString();
  const std::vector<int> both{0, 1};
  const auto columns = *(*program)->EvaluateAll(both, Batch(4, {}), {nullptr, 4}, {});
  EXPECT_NE(ToTexts(*columns[0]), ToTexts(*columns[1]));
}

class ErrorTest : public ::testing::Test {
 protected:
  // 10 / f0, which fails where f0 is 0.
  static plan::ExpressionPtr Quotient() {
    return Call("/", "INT", {Lit("10", "INT NOT NULL"), Ref(0, "INT")});
  }
  static plan::ExpressionPtr IsZero() {
    return Call("=", "BOOLEAN", {Ref(0, "INT"), Lit("0", "INT NOT NULL")});
  }
  const Batch batch_ = MakeBatch({MakeColumn("INT", {"5", "0", "NULL", "2"})});
};

TEST_F(ErrorTest, NamesValueAndRow) {
  EXPECT_THAT(Evaluate(Quotient(), batch_),
              ElementsAre(HasSubstr("division by zero: 10 / 0 (row 1 of the batch)")));
}

TEST_F(ErrorTest, DoesNotComeFromABranchNotTaken) {
  EXPECT_THAT(
      Evaluate(Call("CASE", "INT", {IsZero(), Lit("0", "INT NOT NULL"), Quotient()}), batch_),
      ElementsAre("2", "0", "NULL", "5"));
}

TEST_F(ErrorTest, DoesNotComeFromBehindWhatDecidesAConjunction) {
  const auto not_zero = Call("<>", "BOOLEAN", {Ref(0, "INT"), Lit("0", "INT NOT NULL")});
  const auto big = Call(">", "BOOLEAN", {Quotient(), Lit("3", "INT NOT NULL")});
  EXPECT_THAT(Evaluate(Call("AND", "BOOLEAN", {not_zero, big}), batch_),
              ElementsAre("false", "false", "NULL", "true"));
  EXPECT_THAT(Evaluate(Call("AND", "BOOLEAN", {big, not_zero}), batch_),
              ElementsAre(HasSubstr("division by zero")));
  EXPECT_THAT(Evaluate(Call("OR", "BOOLEAN", {IsZero(), big}), batch_),
              ElementsAre("false", "true", "NULL", "true"));
}

TEST_F(ErrorTest, DoesNotComeFromARowFilteredOut) {
  std::vector<plan::ExpressionPtr> expressions{Quotient()};
  const LogicalType input = LogicalType::Row({{"f0", testing::Type("INT")}});
  auto program = Program::Compile(expressions, {nullptr, input});
  ASSERT_TRUE(program.ok());
  const std::vector<int32_t> rows{0, 3};
  EXPECT_THAT(ToTexts(**(*program)->Evaluate(0, batch_, {rows.data(), 2}, {})),
              ElementsAre("2", "5"));
}

TEST(ProgramTest, RefusesTimestampsThatNanosecondsDoNotReach) {
  const Batch batch = MakeBatch({MakeColumn("VARCHAR(99)", {"1500-01-31 12:00:00"})});
  const auto text = Ref(0, "VARCHAR(99)");
  EXPECT_THAT(Evaluate(Call("TRY_CAST", "TIMESTAMP(6)", {text}), batch),
              ElementsAre("1500-01-31 12:00:00"));
  // TRY_CAST gives NULL for text that is no timestamp; this one is.
  EXPECT_THAT(Evaluate(Call("TRY_CAST", "TIMESTAMP(9)", {text}), batch),
              ElementsAre(HasSubstr("1500-01-31 12:00:00.000000000 is not supported")));
}

TEST(ProgramTest, ToDateOfTextThatDoesNotFit) {
  // What DateTimeUtils.parseDate of Flink 2.3 gives; the year that comes of it overflows an int
  // there.
  const auto garbage =
      Call("TO_DATE", "DATE",
           {Lit("garbage", "CHAR(7) NOT NULL"), Lit("yyyy-MM-dd", "CHAR(10) NOT NULL")});
  const auto column = testing::EvaluateColumn(garbage, Batch(1, {}));
  ASSERT_TRUE(column.ok()) << column.status().ToString();
  EXPECT_EQ((*column)->values<int32_t>()[0], 622191233);
}

TEST(ProgramTest, RefusesByName) {
  EXPECT_THAT(Evaluate(Call("NO_SUCH", "INT", {}), Batch(1, {})),
              ElementsAre(HasSubstr("function NO_SUCH ($NO_SUCH$1) is not supported")));
}

TEST(ProgramTest, EmptyBatch) {
  const Batch batch(0, {MakeColumn("INT", {}), MakeColumn("VARCHAR(9)", {})});
  EXPECT_THAT(Evaluate(Call("+", "INT", {Ref(0, "INT"), Lit("1", "INT NOT NULL")}), batch),
              ElementsAre());
  EXPECT_THAT(Evaluate(Call("CASE", "INT",
                            {Call("IS NULL", "BOOLEAN NOT NULL", {Ref(0, "INT")}),
                             Lit("1", "INT NOT NULL"), Ref(0, "INT")}),
                       batch),
              ElementsAre());
}

}  // namespace
}  // namespace castor::expr
