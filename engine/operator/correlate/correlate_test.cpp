#include "operator/correlate/correlate.h"

#include <gtest/gtest.h>

#include "operator/api/operator_test_harness.h"
#include "plan/nodes/join.h"

namespace castor {
namespace {

using Rows = std::vector<std::string>;

const LogicalType kInput =
    LogicalType::Row({{"n", LogicalType::BigInt()}, {"v", LogicalType::Integer()}});

// SELECT * FROM input, REPLICATE_ROWS(n, v) AS f(w).
class CorrelateTest : public testing::Test {
 protected:
  CorrelateTest() {
    auto call = std::make_shared<plan::Expression>();
    call->kind = plan::ExpressionKind::kCall;
    call->function = "REPLICATE_ROWS";
    call->function_id = "$REPLICATE_ROWS$1";
    call->type = LogicalType::Row({{"w", LogicalType::Integer()}});
    auto variable = std::make_shared<plan::Expression>();
    variable->kind = plan::ExpressionKind::kCorrelVariable;
    auto field = std::make_shared<plan::Expression>();
    field->kind = plan::ExpressionKind::kFieldAccess;
    field->index = 0;
    field->type = LogicalType::BigInt();
    field->operands = {variable};
    call->operands = {field, plan::InputRef(1, LogicalType::Integer())};
    node_.call = call;
    std::vector<LogicalType::Field> fields = kInput.fields();
    fields.push_back({"w", LogicalType::Integer()});
    node_.output_type = LogicalType::Row(fields);
  }
  std::unique_ptr<OperatorTestHarness> Harness() {
    auto harness = std::make_unique<OperatorTestHarness>(
        [this] { return MakeCorrelate({node_, bundle_, {kInput}}).value(); });
    harness->context().set_batch_rows(2);
    return harness;
  }
  static Batch MakeRows() {
    return MakeBatch({MakeColumn<int64_t>(LogicalType::BigInt(), {1, 0, 3, -2, 1}),
                      MakeColumn<int32_t>(LogicalType::Integer(), {10, 20, 30, 40, std::nullopt})},
                     {RowKind::kInsert, RowKind::kInsert, RowKind::kDelete, RowKind::kInsert,
                      RowKind::kUpdateAfter});
  }

  plan::Correlate node_;
  const plan::Bundle bundle_;
};

TEST_F(CorrelateTest, InnerGivesTheRowsOfTheFunction) {
  EXPECT_EQ(Harness()->Process(0, MakeRows()),
            (Rows{"+I(1,10,10)", "-D(3,30,30)", "-D(3,30,30)", "-D(3,30,30)", "+U(1,null,null)"}));
}

TEST_F(CorrelateTest, LeftPadsRowsWithoutResults) {
  node_.type = plan::JoinType::kLeft;
  EXPECT_EQ(Harness()->Process(0, MakeRows()),
            (Rows{"+I(1,10,10)", "+I(0,20,null)", "-D(3,30,30)", "-D(3,30,30)", "-D(3,30,30)",
                  "+I(-2,40,null)", "+U(1,null,null)"}));
}

TEST_F(CorrelateTest, TheConditionSpeaksOfTheFunctionsRows) {
  plan::Expression twenty;
  twenty.type = LogicalType::Integer(false);
  twenty.literal.text = "20";
  plan::Expression greater;
  greater.kind = plan::ExpressionKind::kCall;
  greater.function = greater.function_id = ">";
  greater.type = LogicalType::Boolean();
  greater.operands = {plan::InputRef(0, LogicalType::Integer()),
                      std::make_shared<plan::Expression>(twenty)};
  node_.condition = std::make_shared<plan::Expression>(greater);
  EXPECT_EQ(Harness()->Process(0, MakeRows()), (Rows{"-D(3,30,30)", "-D(3,30,30)", "-D(3,30,30)"}));
}

// SELECT id, element, ordinal FROM input, UNNEST(list) WITH ORDINALITY AS t (element, ordinal).
plan::Correlate UnnestOf(const LogicalType& input, std::vector<LogicalType::Field> elements) {
  elements.push_back({"ordinal", LogicalType::Integer(false)});
  auto variable = std::make_shared<plan::Expression>();
  variable->kind = plan::ExpressionKind::kCorrelVariable;
  auto field = std::make_shared<plan::Expression>();
  field->kind = plan::ExpressionKind::kFieldAccess;
  field->index = 1;
  field->type = input.fields()[1].type;
  field->operands = {variable};
  auto call = std::make_shared<plan::Expression>();
  call->kind = plan::ExpressionKind::kCall;
  call->function = "UNNEST_ROWS_WITH_ORDINALITY";
  call->type = LogicalType::Row(elements);
  call->operands = {field};
  plan::Correlate node;
  node.call = call;
  std::vector<LogicalType::Field> fields = input.fields();
  fields.insert(fields.end(), elements.begin(), elements.end());
  node.output_type = LogicalType::Row(fields);
  return node;
}

Rows RunUnnest(const plan::Correlate& node, const LogicalType& input, Batch batch) {
  const plan::Bundle bundle;
  OperatorTestHarness harness([&] { return MakeCorrelate({node, bundle, {input}}).value(); });
  harness.context().set_batch_rows(2);  // lists are cut in their midst
  return harness.Process(0, std::move(batch));
}

TEST(Unnest, GivesTheElementsOfArraysByTheirPlaces) {
  const LogicalType list =
      LogicalType::Collection(TypeKind::kArray, {LogicalType::Integer()}, true);
  const LogicalType input = LogicalType::Row({{"id", LogicalType::BigInt()}, {"list", list}});
  plan::Correlate node = UnnestOf(input, {{"element", LogicalType::Integer()}});
  const Batch batch =
      MakeBatch({MakeColumn<int64_t>(LogicalType::BigInt(), {1, 2, 3, 4}),
                 MakeLists(list, {3, std::nullopt, 0, 1},
                           {MakeColumn<int32_t>(LogicalType::Integer(), {7, std::nullopt, 9, 5})})},
                {RowKind::kInsert, RowKind::kInsert, RowKind::kDelete, RowKind::kDelete});
  EXPECT_EQ(RunUnnest(node, input, batch), (Rows{"+I(1,[7,null,9],7,1)", "+I(1,[7,null,9],null,2)",
                                                 "+I(1,[7,null,9],9,3)", "-D(4,[5],5,1)"}));
  node.type = plan::JoinType::kLeft;
  EXPECT_EQ(RunUnnest(node, input, batch),
            (Rows{"+I(1,[7,null,9],7,1)", "+I(1,[7,null,9],null,2)", "+I(1,[7,null,9],9,3)",
                  "+I(2,null,null,null)", "-D(3,[],null,null)", "-D(4,[5],5,1)"}));
}

TEST(Unnest, SpreadsRowsAndRepeatsTheElementsOfMultisets) {
  const LogicalType row =
      LogicalType::Row({{"x", LogicalType::Integer()}, {"y", LogicalType::Integer()}});
  const LogicalType list = LogicalType::Collection(TypeKind::kMultiset, {row}, true);
  const LogicalType input = LogicalType::Row({{"id", LogicalType::BigInt()}, {"list", list}});
  const plan::Correlate node = UnnestOf(input, row.fields());
  MutableColumnPtr rows =
      Column::MakeRow(row, 3, nullptr,
                      {MakeColumn<int32_t>(LogicalType::Integer(), {1, 2, 3}),
                       MakeColumn<int32_t>(LogicalType::Integer(), {4, 5, std::nullopt})});
  rows->SetNull(1);
  const Batch batch = MakeBatch(
      {MakeColumn<int64_t>(LogicalType::BigInt(), {1}),
       MakeLists(list, {3}, {rows, MakeColumn<int32_t>(LogicalType::Integer(false), {2, 1, 2})})});
  Rows seen;
  for (const std::string& text : RunUnnest(node, input, batch)) {
    seen.push_back(text.substr(text.find("},") + 2));
  }
  EXPECT_EQ(seen, (Rows{"1,4,1)", "1,4,2)", "null,null,3)", "3,null,4)", "3,null,5)"}));
}

TEST_F(CorrelateTest, RefusesOtherFunctionsByName) {
  plan::Expression call = *node_.call;
  call.function = "";
  call.function_id = "my_function";
  node_.call = std::make_shared<plan::Expression>(call);
  const auto made = MakeCorrelate({node_, bundle_, {kInput}});
  EXPECT_EQ(made.status().code(), StatusCode::kUnsupported);
  EXPECT_NE(made.status().message().find("my_function"), std::string::npos);
}

}  // namespace
}  // namespace castor
