#include "plan/expression_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "plan/type_reader.h"

namespace castor::plan {
namespace {

using testing::HasSubstr;

// Reads `text` by `read` and expects no problem.
template <typename Read>
auto Parse(const std::string& text, Read read) {
  const nlohmann::json json = nlohmann::json::parse(text);
  JsonProblem problem;
  auto result = read(JsonValue(&json, "x", &problem));
  EXPECT_FALSE(problem.any()) << problem.status().ToString();
  return result;
}

template <typename Read>
Status Problem(const std::string& text, Read read) {
  const nlohmann::json json = nlohmann::json::parse(text);
  JsonProblem problem;
  (void)read(JsonValue(&json, "x", &problem));
  return problem.status();
}

ExpressionPtr Read(const std::string& text) { return Parse(text, ReadExpression); }

TEST(TypeReaderTest, StringsAndObjectsAtEveryPosition) {
  EXPECT_EQ(Parse(R"("BIGINT NOT NULL")", ReadType), LogicalType::BigInt(false));
  const LogicalType row =
      Parse(R"({"type":"ROW","nullable":false,"fields":[{"name":"ts","fieldType":)"
            R"({"type":"TIMESTAMP_WITHOUT_TIME_ZONE","precision":3,"kind":"ROWTIME"}},)"
            R"({"name":"n","fieldType":"INT","description":"d"}]})",
            ReadType);
  EXPECT_FALSE(row.nullable());
  EXPECT_EQ(row.fields()[0].type,
            LogicalType::Timestamp(3).WithTimeAttribute(TimeAttribute::kRowtime));
  EXPECT_EQ(row.fields()[1].type, LogicalType::Integer());
  const LogicalType proctime = Parse(
      R"({"type":"TIMESTAMP_WITH_LOCAL_TIME_ZONE","nullable":false,"precision":3,"kind":"PROCTIME"})",
      ReadType);
  EXPECT_EQ(proctime.time_attribute(), TimeAttribute::kProctime);
  EXPECT_FALSE(proctime.nullable());
}

TEST(TypeReaderTest, StructuredAndDistinctTypes) {
  const LogicalType user = Parse(
      R"({"type":"STRUCTURED_TYPE","nullable":false,"implementationClass":"org.example.User",)"
      R"("attributes":[{"name":"id","attributeType":"BIGINT NOT NULL"},)"
      R"({"name":"at","attributeType":{"type":"TIMESTAMP_WITHOUT_TIME_ZONE",)"
      R"("precision":3,"kind":"ROWTIME"}}]})",
      ReadType);
  EXPECT_EQ(user.ToString(),
            "STRUCTURED<'org.example.User', `id` BIGINT NOT NULL, `at` TIMESTAMP(3) *ROWTIME*> NOT "
            "NULL");
  EXPECT_EQ(user.physical(), PhysicalType::kRow);
  EXPECT_TRUE(user.IsStructured());
  const LogicalType money = Parse(R"({"type":"DISTINCT_TYPE","objectIdentifier":"`c`.`d`.`Money`",)"
                                  R"("sourceType":"DECIMAL(10, 2) NOT NULL"})",
                                  ReadType);
  EXPECT_EQ(money.ToString(), "DECIMAL(10, 2)");
  const Status refused =
      Problem(R"({"type":"STRUCTURED_TYPE","attributes":[],"superType":{}})", ReadType);
  EXPECT_NE(refused.ToString().find("super type"), std::string::npos) << refused.ToString();
}

TEST(TypeReaderTest, EmptyStringsDataTypesAndRaw) {
  const LogicalType empty = Parse(R"({"type":"CHAR","nullable":false,"length":0})", ReadType);
  EXPECT_EQ(empty.kind(), TypeKind::kChar);
  EXPECT_EQ(empty.length(), 0);
  EXPECT_EQ(Parse(R"({"logicalType":"INT","conversionClass":"int"})", ReadType),
            LogicalType::Integer());
  const LogicalType raw =
      Parse(R"({"type":"RAW","class":"a.b.MapView","externalDataType":{"type":"STRUCTURED_TYPE"}})",
            ReadType);
  EXPECT_EQ(raw.kind(), TypeKind::kRaw);
  const LogicalType accumulator =
      Parse(R"({"type":"STRUCTURED_TYPE","implementationClass":)"
            R"("org.apache.flink.table.runtime.functions.aggregate.MinWithRetractAggFunction$Acc",)"
            R"("attributes":[{"name":"min","attributeType":"BIGINT"}],"comparison":"EQUALS"})",
            ReadType);
  EXPECT_EQ(accumulator.kind(), TypeKind::kRaw);
  EXPECT_THAT(Problem(R"({"type":"LEGACY"})", ReadType).message(),
              HasSubstr("'LEGACY' is not supported"));
}

TEST(ExpressionReaderTest, CallsLoseTheirDecoration) {
  const ExpressionPtr cast =
      Read(R"({"kind":"CALL","syntax":"SPECIAL","internalName":"$CAST$1",)"
           R"("operands":[{"kind":"INPUT_REF","inputIndex":2,"type":"INT"}],"type":"BIGINT"})");
  EXPECT_EQ(cast->function, "CAST");
  EXPECT_EQ(cast->function_id, "$CAST$1");
  EXPECT_EQ(cast->operands[0]->index, 2);
  EXPECT_EQ(cast->ToString(), "CAST($2 AS BIGINT)");
  const auto named = [](const std::string& name) {
    return Read(R"({"kind":"CALL","internalName":")" + name + R"(","type":"BIGINT"})")->function;
  };
  EXPECT_EQ(named("$$SUM0$1"), "$SUM0");
  EXPECT_EQ(named("$$WELFORD_M2$1$1"), "WELFORD_M2");
  EXPECT_EQ(named("$-$1"), "-");
  EXPECT_EQ(named("$IS NOT NULL$1"), "IS NOT NULL");
}

TEST(ExpressionReaderTest, UserFunctionsNeverPassForBuiltInOnes) {
  const ExpressionPtr call =
      Read(R"({"kind":"CALL","systemName":"UPPER","operands":[],"type":"INT"})");
  EXPECT_EQ(call->function, "");
  EXPECT_EQ(call->function_id, "UPPER");
  EXPECT_EQ(call->ToString(), "UPPER()");
}

TEST(ExpressionReaderTest, LiteralsKeepTheirText) {
  const auto literal = [](const std::string& text) {
    return Read(R"({"kind":"LITERAL",)" + text + "}")->literal;
  };
  EXPECT_EQ(literal(R"("value":-42,"type":"BIGINT NOT NULL")").text, "-42");
  EXPECT_EQ(literal(R"("value":true,"type":"BOOLEAN NOT NULL")").text, "true");
  EXPECT_EQ(literal(R"("value":"0.908","type":"DECIMAL(3, 3) NOT NULL")").text, "0.908");
  EXPECT_TRUE(literal(R"("value":null,"type":"INT")").is_null);
  const Literal symbol =
      literal(R"("symbol":"TIME_UNIT_RANGE","value":"HOUR","type":{"type":"SYMBOL"})");
  EXPECT_EQ(symbol.symbol_class, "TIME_UNIT_RANGE");
  EXPECT_EQ(symbol.text, "HOUR");
}

TEST(ExpressionReaderTest, Sargs) {
  const ExpressionPtr sarg =
      Read(R"({"kind":"LITERAL","sarg":{"ranges":[)"
           R"({"lower":{"value":1,"boundType":"CLOSED"},"upper":{"value":1,"boundType":"CLOSED"}},)"
           R"({"lower":{"value":5,"boundType":"OPEN"}}],"nullAs":"FALSE"},"type":"INT NOT NULL"})");
  const Literal& literal = sarg->literal;
  ASSERT_TRUE(literal.is_sarg);
  EXPECT_EQ(literal.sarg_null_as, "FALSE");
  ASSERT_EQ(literal.ranges.size(), 2u);
  EXPECT_EQ(literal.ranges[0].lower, "1");
  EXPECT_TRUE(literal.ranges[0].upper_closed);
  EXPECT_FALSE(literal.ranges[1].lower_closed);
  EXPECT_FALSE(literal.ranges[1].upper.has_value());
  EXPECT_EQ(sarg->ToString(), "Sarg[1, (5..+inf)]");
}

TEST(ExpressionReaderTest, AFieldOfANullableRowIsNullable) {
  const auto access = [](const std::string& type) {
    return Read(R"({"kind":"FIELD_ACCESS","name":"b","expr":)"
                R"({"kind":"INPUT_REF","inputIndex":0,"type":")" +
                type + R"("}})");
  };
  const ExpressionPtr nullable = access("ROW<`a` INT, `b` BIGINT NOT NULL>");
  EXPECT_EQ(nullable->index, 1);
  EXPECT_EQ(nullable->type, LogicalType::BigInt(true));
  EXPECT_EQ(access("ROW<`a` INT, `b` BIGINT NOT NULL> NOT NULL")->type, LogicalType::BigInt(false));
  EXPECT_EQ(nullable->ToString(), "$0.b");
}

TEST(ExpressionReaderTest, AggregateCalls) {
  const std::vector<AggregateCall> calls = Parse(
      R"([{"name":null,"syntax":"FUNCTION_STAR","internalName":"$COUNT$1","argList":[],)"
      R"("filterArg":-1,"distinct":false,"approximate":false,"ignoreNulls":false,)"
      R"("type":"BIGINT NOT NULL"},{"name":"s","internalName":"$SUM$1","argList":[3],)"
      R"("filterArg":2,"distinct":true,"approximate":false,"ignoreNulls":false,"type":"INT"}])",
      ReadAggregateCalls);
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_EQ(calls[0].ToString(), "COUNT(*)");
  EXPECT_EQ(calls[1].ToString(), "SUM(DISTINCT $3) FILTER $2");
  EXPECT_EQ(calls[1].name, "s");
}

TEST(ExpressionReaderTest, UnknownKindsAreRefused) {
  const Status status = Problem(R"({"kind":"LAMBDA"})", ReadExpression);
  EXPECT_EQ(status.code(), StatusCode::kUnsupported);
  EXPECT_THAT(status.message(), HasSubstr("'LAMBDA'"));
}

}  // namespace
}  // namespace castor::plan
