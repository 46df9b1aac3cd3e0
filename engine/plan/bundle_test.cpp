#include "plan/bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/explain.h"
#include "plan/nodes/calc.h"
#include "plan/test_bundle.h"

namespace castor::plan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const char kProjection[] = R"("projection":[{"kind":"INPUT_REF","inputIndex":0,"type":"INT"}],)";

TEST(BundleTest, ReadsEverythingAroundThePlan) {
  const auto bundle = test::ReadOverValues("stream-exec-calc_1", kProjection, "ROW<`a` INT>");
  ASSERT_TRUE(bundle.ok()) << bundle.status().ToString();
  EXPECT_EQ((*bundle)->name, "job");
  EXPECT_EQ((*bundle)->configuration.GetString("parallelism.default", ""), "2");
  EXPECT_THAT((*bundle)->user_options, ElementsAre("parallelism.default"));
  ASSERT_EQ((*bundle)->statements.size(), 1u);
  EXPECT_EQ((*bundle)->statements[0].sink_node, 2);
  EXPECT_FALSE((*bundle)->collect.has_value());

  const Graph& graph = (*bundle)->graph;
  ASSERT_EQ(graph.nodes.size(), 2u);
  const Node* calc = graph.Find(2);
  EXPECT_EQ(calc->type, "stream-exec-calc");
  EXPECT_EQ(calc->version, 1);
  EXPECT_THAT(calc->inputs, ElementsAre(1));
  EXPECT_EQ(calc->uid, "calc:t");
  EXPECT_THAT(calc->aliases, ElementsAre("calc:u"));
  EXPECT_EQ(calc->fingerprint, "f00");
  EXPECT_EQ(calc->Describe(), "Node2(...) at line 12, column 3");
  EXPECT_THAT(graph.ConsumersOf(1), ElementsAre(calc));
  EXPECT_EQ(graph.Find(1)->fingerprint, "");
  ASSERT_NE(dynamic_cast<const Calc*>(calc), nullptr);
  EXPECT_EQ(static_cast<const Calc*>(calc)->condition, nullptr);
  const auto* values = dynamic_cast<const Values*>(graph.Find(1));
  ASSERT_NE(values, nullptr);
  EXPECT_EQ(values->tuples[0][1]->literal.text, "x");
}

TEST(BundleTest, ReadsStatesDistributionsAndConfiguration) {
  const std::string node =
      R"({"id":2,"type":"stream-exec-group-aggregate_1",)"
      R"("configuration":{"table.exec.mini-batch.size":"-1"},"grouping":[1],"aggCalls":[],)"
      R"("aggCallNeedRetractions":[],"generateUpdateBefore":true,"needRetraction":false,)"
      R"("state":[{"index":0,"ttl":"2 h","name":"groupAggregateState"}],)"
      R"("inputProperties":[{"requiredDistribution":{"type":"HASH","keys":[1]},)"
      R"("damBehavior":"PIPELINED","priority":0}],"outputType":"ROW<`b` CHAR(1)>"})";
  const auto bundle =
      ReadBundle(test::BundleJson(test::ValuesJson(1) + "," + node, test::EdgeJson(1, 2)));
  ASSERT_TRUE(bundle.ok()) << bundle.status().ToString();
  const Node* aggregate = (*bundle)->graph.Find(2);
  EXPECT_EQ(aggregate->StateTtlMs(0), 7'200'000);
  EXPECT_EQ(aggregate->StateTtlMs(1), 0);
  EXPECT_EQ(aggregate->configuration.at("table.exec.mini-batch.size"), "-1");
  EXPECT_EQ(aggregate->required_distributions[0].kind, Distribution::Kind::kHash);
  EXPECT_THAT(aggregate->required_distributions[0].keys, ElementsAre(1));
}

TEST(BundleTest, ReadsTheCollectedResult) {
  const auto bundle = ReadBundle(test::BundleJson(
      test::ValuesJson(1), "",
      R"("collect":{"nodeId":3,"columns":[{"name":"n","dataType":"BIGINT NOT NULL"}],)"
      R"("changelogMode":["INSERT","UPDATE_AFTER"],"insertOnly":false,"upsertKey":[0]},)"));
  ASSERT_TRUE(bundle.ok()) << bundle.status().ToString();
  const CollectInfo& collect = *(*bundle)->collect;
  EXPECT_EQ(collect.sink_node, 3);
  EXPECT_EQ(collect.columns[0].name, "n");
  EXPECT_EQ(collect.columns[0].type, LogicalType::BigInt(false));
  EXPECT_THAT(collect.changelog_mode, ElementsAre("INSERT", "UPDATE_AFTER"));
  EXPECT_FALSE(collect.insert_only);
  EXPECT_THAT(collect.upsert_key, ElementsAre(0));
}

void ExpectRefused(const Result<std::unique_ptr<Bundle>>& bundle, StatusCode code,
                   const std::string& words) {
  ASSERT_FALSE(bundle.ok());
  EXPECT_EQ(bundle.status().code(), code);
  EXPECT_THAT(bundle.status().message(), HasSubstr(words));
}

TEST(BundleTest, RefusesUnknownNodesByNameAndPlace) {
  ExpectRefused(test::ReadOverValues("stream-exec-match_1", "", "ROW<`a` INT>"),
                StatusCode::kUnsupported,
                "Node2(...) at line 12, column 3: plan node 'stream-exec-match' version 1");
  ExpectRefused(test::ReadOverValues("stream-exec-calc_2", kProjection, "ROW<`a` INT>"),
                StatusCode::kUnsupported, "plan node 'stream-exec-calc' version 2");
}

TEST(BundleTest, RefusesFieldsItDoesNotKnow) {
  ExpectRefused(
      test::ReadOverValues("stream-exec-calc_1", std::string(kProjection) + R"("lookahead":true,)",
                           "ROW<`a` INT>"),
      StatusCode::kUnsupported, "Node2(...) at line 12, column 3: field 'lookahead' is not known");
}

TEST(BundleTest, NamesThePlaceOfWhatIsMalformed) {
  ExpectRefused(test::ReadOverValues("stream-exec-calc_1",
                                     R"("projection":[{"kind":"INPUT_REF","inputIndex":"x",)"
                                     R"("type":"INT"}],)",
                                     "ROW<`a` INT>"),
                StatusCode::kInvalidArgument, "projection[0].inputIndex: expected an integer");
  ExpectRefused(test::ReadOverValues("stream-exec-calc_1", "", "ROW<`a` INT>"),
                StatusCode::kInvalidArgument, "'projection'");
}

TEST(BundleTest, RefusesOtherDocumentsAndVersions) {
  ExpectRefused(ReadBundle("{"), StatusCode::kInvalidArgument, "not valid JSON");
  ExpectRefused(ReadBundle("[1]"), StatusCode::kInvalidArgument, "castor compile");
  ExpectRefused(ReadBundle(R"({"castorBundle":2,"flinkVersion":"2.3.0"})"),
                StatusCode::kIncompatible, "version 2");
  ExpectRefused(ReadBundle(R"({"castorBundle":1,"flinkVersion":"2.30.1"})"),
                StatusCode::kIncompatible, "Flink 2.30.1");
}

TEST(BundleTest, RefusesEdgesThatAreNotInOrder) {
  ExpectRefused(ReadBundle(test::BundleJson(test::ValuesJson(1), test::EdgeJson(1, 1))),
                StatusCode::kInvalidArgument, "plan.edges[0]");
}

TEST(BundleTest, RefusesReferencesThatLeadNowhere) {
  ExpectRefused(
      test::ReadOverValues("stream-exec-calc_1",
                           R"("projection":[{"kind":"CALL","internalName":"$-$1","operands":[)"
                           R"({"kind":"INPUT_REF","inputIndex":2,"type":"INT"}],"type":"INT"}],)",
                           "ROW<`a` INT>"),
      StatusCode::kInvalidArgument,
      "Node2(...) at line 12, column 3: an expression refers to field 2 of a row of 2");
  ExpectRefused(test::ReadOverValues("stream-exec-calc_1", kProjection, "ROW<`a` INT, `b` INT>"),
                StatusCode::kInvalidArgument, "1 projections for 2 fields");
  ExpectRefused(
      test::ReadOverValues("stream-exec-changelog-normalize_1",
                           R"("uniqueKeys":[-1],"generateUpdateBefore":true,)", "ROW<`a` INT>"),
      StatusCode::kInvalidArgument, "unique key refers to field -1");
}

TEST(ExplainTest, ShowsATreeAndSharedNodesOnce) {
  const std::string union_node =
      test::NodeJson(3, "stream-exec-union_1", "", "ROW<`a` INT NOT NULL>", 2);
  const auto bundle = ReadBundle(test::BundleJson(
      test::ValuesJson(1) + "," +
          test::NodeJson(2, "stream-exec-calc_1", kProjection, "ROW<`a` INT>") + "," + union_node,
      test::EdgeJson(1, 2) + "," + test::EdgeJson(2, 3) + "," + test::EdgeJson(2, 3)));
  ASSERT_TRUE(bundle.ok()) << bundle.status().ToString();
  EXPECT_EQ(Explain(**bundle),
            "union [3] (...)\n"
            "├─ calc [2] (...)  (line 12)\n"
            "│  └─ values [1] (...) -> [a, b]  (line 12)\n"
            "└─ calc [2] (shown above)\n");
}

}  // namespace
}  // namespace castor::plan
