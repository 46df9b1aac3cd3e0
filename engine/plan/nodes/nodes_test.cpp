// One plan node of each family, as Flink writes it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/nodes/aggregate.h"
#include "plan/nodes/calc.h"
#include "plan/nodes/changelog.h"
#include "plan/nodes/join.h"
#include "plan/nodes/over.h"
#include "plan/nodes/rank.h"
#include "plan/nodes/time.h"
#include "plan/nodes/window_aggregate.h"
#include "plan/nodes/window_rank.h"
#include "plan/test_bundle.h"

namespace castor::plan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

template <typename T>
class Parsed {
 public:
  Parsed(const std::string& type, const std::string& own, int inputs = 1,
         const std::string& output = "ROW<`a` INT>")
      : bundle_(test::ReadOverWide(inputs, type, own, output)) {
    EXPECT_TRUE(bundle_.ok()) << bundle_.status().ToString();
  }
  const T& node() const { return dynamic_cast<const T&>(*(*bundle_)->graph.Find(2)); }

 private:
  Result<std::unique_ptr<Bundle>> bundle_;
};

const char kCount[] =
    R"({"name":"n","syntax":"FUNCTION_STAR","internalName":"$COUNT$1","argList":[],"filterArg":-1,)"
    R"("distinct":false,"approximate":false,"ignoreNulls":false,"type":"BIGINT NOT NULL"})";

std::string Windowing(const std::string& strategy, const std::string& window) {
  return R"({"strategy":)" + strategy + R"(,"window":)" + window +
         R"(,"timeAttributeType":{"type":"TIMESTAMP_WITHOUT_TIME_ZONE","precision":3,)"
         R"("kind":"ROWTIME"},"isRowtime":true})";
}
std::string OnTime(const std::string& window) {
  return Windowing(R"("TimeAttribute","timeAttributeIndex":4)", window);
}

TEST(NodesTest, WatermarkAssignerAndMiniBatch) {
  const Parsed<WatermarkAssigner> assigner(
      "stream-exec-watermark-assigner_1",
      R"("watermarkExpr":{"kind":"INPUT_REF","inputIndex":1,"type":"DATE"},)"
      R"("rowtimeFieldIndex":1,)");
  EXPECT_EQ(assigner.node().rowtime_field, 1);
  EXPECT_EQ(assigner.node().watermark->ToString(), "$1");
  const Parsed<MiniBatchAssigner> mini(
      "stream-exec-mini-batch-assigner_1",
      R"("miniBatchInterval":{"interval":2000,"mode":"RowTime"},)");
  EXPECT_EQ(mini.node().interval_ms, 2000);
  EXPECT_EQ(mini.node().mode, MiniBatchAssigner::Mode::kRowTime);
}

TEST(NodesTest, GlobalAndIncrementalAggregates) {
  const Parsed<GlobalGroupAggregate> global(
      "stream-exec-global-group-aggregate_1",
      std::string(R"("grouping":[0],"aggCalls":[)") + kCount +
          R"(],"aggCallNeedRetractions":[true],"localAggInputRowType":"ROW<`x` INT>",)"
          R"("generateUpdateBefore":true,"needRetraction":true,"indexOfCountStar":0,)");
  EXPECT_THAT(global.node().grouping, ElementsAre(0));
  EXPECT_EQ(global.node().calls[0].function, "COUNT");
  EXPECT_THAT(global.node().call_retractions, ElementsAre(true));
  EXPECT_EQ(global.node().index_of_count_star, 0);
  EXPECT_EQ(global.node().local_input_type.fields()[0].name, "x");
  const Parsed<IncrementalGroupAggregate> incremental(
      "stream-exec-incremental-group-aggregate_1",
      std::string(R"("partialAggGrouping":[0,1],"finalAggGrouping":[0],)") +
          R"("partialOriginalAggCalls":[)" + kCount +
          R"(],"partialAggCallNeedRetractions":[false],)"
          R"("partialLocalAggInputRowType":"ROW<`x` INT>","partialAggNeedRetraction":false,)");
  EXPECT_THAT(incremental.node().partial_grouping, ElementsAre(0, 1));
  EXPECT_THAT(incremental.node().final_grouping, ElementsAre(0));
}

TEST(NodesTest, OneRetractionFlagPerCall) {
  const auto bundle = test::ReadOverValues(
      "stream-exec-group-aggregate_1",
      std::string(R"("grouping":[],"aggCalls":[)") + kCount +
          R"(],"aggCallNeedRetractions":[],"generateUpdateBefore":true,"needRetraction":false,)",
      "ROW<`a` INT>");
  ASSERT_FALSE(bundle.ok());
  EXPECT_THAT(bundle.status().message(), HasSubstr("aggCallNeedRetractions"));
}

TEST(NodesTest, Windows) {
  const auto window = [](const std::string& spec) {
    return Parsed<WindowTableFunction>("stream-exec-window-table-function_1",
                                       R"("windowing":)" + OnTime(spec) + ",")
        .node()
        .windowing;
  };
  const WindowingStrategy tumble =
      window(R"({"type":"TumblingWindow","size":"PT1H30M","offset":"PT-6S"})");
  EXPECT_EQ(tumble.kind, WindowingStrategy::Kind::kTimeAttribute);
  EXPECT_EQ(tumble.time_attribute, 4);
  EXPECT_EQ(tumble.window.size_ms, 5'400'000);
  EXPECT_EQ(tumble.window.offset_ms, -6000);
  EXPECT_EQ(window(R"({"type":"HoppingWindow","size":"PT10S","slide":"PT0.005S"})").window.slide_ms,
            5);
  const WindowSpec cumulate =
      window(R"({"type":"CumulativeWindow","maxSize":"PT24H","step":"PT1M"})").window;
  EXPECT_EQ(cumulate.size_ms, 86'400'000);
  EXPECT_EQ(cumulate.slide_ms, 60'000);
  const WindowSpec session =
      window(R"({"type":"SessionWindow","gap":"PT5S","partition_key_indices":[1]})").window;
  EXPECT_EQ(session.kind, WindowSpec::Kind::kSession);
  EXPECT_EQ(session.gap_ms, 5000);
  EXPECT_THAT(session.partition_keys, ElementsAre(1));
  EXPECT_EQ(cumulate.ToString(), "CUMULATE(max size=24 h, step=1 min)");
}

TEST(NodesTest, DurationsBelowAMillisecondAreRefused) {
  const auto bundle = test::ReadOverValues(
      "stream-exec-window-table-function_1",
      R"("windowing":)" + OnTime(R"({"type":"TumblingWindow","size":"PT0.0005S"})") + ",",
      "ROW<`a` INT>");
  ASSERT_FALSE(bundle.ok());
  EXPECT_THAT(bundle.status().message(), HasSubstr("PT0.0005S"));
}

TEST(NodesTest, GlobalWindowAggregate) {
  const Parsed<GlobalWindowAggregate> global(
      "stream-exec-global-window-aggregate_1",
      std::string(R"("grouping":[0],"aggCalls":[)") + kCount + R"(],"windowing":)" +
          Windowing(R"("SliceAttached","sliceEnd":3)",
                    R"({"type":"TumblingWindow","size":"PT10S"})") +
          R"(,"namedWindowProperties":[{"name":"ws","property":{"kind":"WindowStart",)"
          R"("reference":{"name":"w$","type":"DATE"}}},{"name":"we","property":)"
          R"({"kind":"WindowEnd","reference":{}}}],"localAggInputRowType":"ROW<`x` INT>",)");
  EXPECT_EQ(global.node().windowing.slice_end, 3);
  EXPECT_EQ(global.node().windowing.ToString(), "TUMBLE(size=10 s) of slices ending at $3");
  ASSERT_EQ(global.node().properties.size(), 2u);
  EXPECT_EQ(global.node().properties[1].name, "we");
  EXPECT_EQ(global.node().properties[1].kind, WindowProperty::Kind::kEnd);
}

const char kJoinSpec[] =
    R"({"joinType":"LEFT","leftKeys":[0],"rightKeys":[1],"filterNulls":[true],)"
    R"("nonEquiCondition":null})";

TEST(NodesTest, Joins) {
  const Parsed<Join> join(
      "stream-exec-join_1",
      std::string(R"("joinSpec":)") + kJoinSpec + R"(,"rightUpsertKeys":[[0],[1,2]],)", 2);
  EXPECT_EQ(join.node().spec.type, JoinType::kLeft);
  EXPECT_TRUE(join.node().left_insert_only);  // as the bundle says of its input
  EXPECT_FALSE(join.node().right_insert_only);
  EXPECT_THAT(join.node().spec.left_keys, ElementsAre(0));
  EXPECT_EQ(join.node().spec.condition, nullptr);
  EXPECT_THAT(join.node().right_upsert_keys, ElementsAre(ElementsAre(0), ElementsAre(1, 2)));
  EXPECT_TRUE(join.node().left_upsert_keys.empty());
  const Parsed<IntervalJoin> interval(
      "stream-exec-interval-join_1",
      std::string(R"("intervalJoinSpec":{"joinSpec":)") + kJoinSpec +
          R"(,"windowBounds":{"isEventTime":false,"leftLowerBound":-5000,"leftUpperBound":1,)"
          R"("leftTimeIndex":2,"rightTimeIndex":3}},)",
      2);
  EXPECT_EQ(interval.node().lower_bound_ms, -5000);
  EXPECT_EQ(interval.node().right_time_field, 3);
  EXPECT_FALSE(interval.node().is_event_time);
}

TEST(NodesTest, RankAndLimit) {
  const Parsed<Rank> rank(
      "stream-exec-rank_1",
      R"("rankType":"ROW_NUMBER","partition":{"fields":[1]},"orderBy":{"fields":[)"
      R"({"index":2,"isAscending":false,"nullIsLast":true}]},)"
      R"("rankRange":{"type":"Constant","start":2,"end":4},)"
      R"("rankStrategy":{"type":"UpdateFast","primaryKeys":[0]},)"
      R"("outputRowNumber":true,"generateUpdateBefore":true,)");
  EXPECT_THAT(rank.node().partition, ElementsAre(1));
  EXPECT_FALSE(rank.node().order[0].ascending);
  EXPECT_EQ(rank.node().start, 2);
  EXPECT_EQ(rank.node().strategy, Rank::Strategy::kUpdateFast);
  EXPECT_THAT(rank.node().primary_keys, ElementsAre(0));
  const Parsed<Rank> limit(
      "stream-exec-limit_1",
      R"("rankType":"ROW_NUMBER","partition":{"fields":[]},"orderBy":{"fields":[]},)"
      R"("rankRange":{"type":"Variable","endIndex":3},"rankStrategy":{"type":"AppendFast"},)"
      R"("outputRowNumber":false,"generateUpdateBefore":false,)");
  EXPECT_TRUE(limit.node().variable_range);
  EXPECT_EQ(limit.node().end_field, 3);
}

TEST(NodesTest, DeduplicateAndChangelogNormalize) {
  const Parsed<Deduplicate> deduplicate(
      "stream-exec-deduplicate_1",
      R"("uniqueKeys":[1],"isRowtime":true,"keepLastRow":false,"generateUpdateBefore":false,)"
      R"("outputInsertOnly":true,)");
  EXPECT_TRUE(deduplicate.node().is_rowtime);
  EXPECT_TRUE(deduplicate.node().output_insert_only);
  const Parsed<ChangelogNormalize> normalize("stream-exec-changelog-normalize_1",
                                             R"("uniqueKeys":[0],"generateUpdateBefore":true,)");
  EXPECT_EQ(normalize.node().filter, nullptr);
}

TEST(NodesTest, CorrelateRefersToTheInputByAVariable) {
  const std::string own =
      R"("joinType":"LEFT","functionCall":{"kind":"CALL","internalName":"$REPLICATE_ROWS$1",)"
      R"("operands":[{"kind":"FIELD_ACCESS","name":"b","expr":{"kind":"CORREL_VARIABLE",)"
      R"("correl":"$cor0","type":"ROW<`a` INT, `b` BIGINT>"}}],"type":"ROW<`x` INT>"},)"
      R"("condition":null,)";
  const Parsed<Correlate> correlate(
      "stream-exec-correlate_1", own, 1,
      "ROW<`a` INT, `b` INT, `c` INT, `d` INT, `e` INT, `f` INT, `x` INT>");
  EXPECT_EQ(correlate.node().type, JoinType::kLeft);
  EXPECT_EQ(correlate.node().call->function, "REPLICATE_ROWS");
  EXPECT_EQ(correlate.node().call->operands[0]->index, 1);
  EXPECT_EQ(correlate.node().condition, nullptr);
}

std::string ChangelogCall(const std::string& function, const std::string& mapping) {
  return R"("uid":null,"functionCall":{"kind":"CALL","internalName":"$)" + function +
         R"($1","operands":[{"kind":"TABLE_ARG_CALL","inputIndex":0,"partitionKeys":[],)"
         R"("orderKeys":[],"orderDirections":[],"type":"ROW<`a` INT, `b` BIGINT>"},)"
         R"({"kind":"CALL","internalName":"$DESCRIPTOR$1","operands":[{"kind":"LITERAL",)"
         R"("value":"b","type":"CHAR(1) NOT NULL"}],"type":"DESCRIPTOR NOT NULL"},)" +
         mapping +
         R"(,{"kind":"CALL","internalName":"$DEFAULT$1","type":"DESCRIPTOR"},)"
         R"({"kind":"CALL","internalName":"$DEFAULT$1","type":"STRING"}],)"
         R"("type":"ROW<`a` INT>"},"inputChangelogModes":[],"outputChangelogMode":[],)";
}
std::string CodeMap(const std::string& key, const std::string& value) {
  const auto literal = [](const std::string& text) {
    return R"({"kind":"LITERAL","type":"VARCHAR(20) NOT NULL","value":")" + text + R"("})";
  };
  return R"({"kind":"CALL","internalName":"$MAP$1","operands":[)" + literal(key) + "," +
         literal(value) + R"(],"type":"MAP<VARCHAR(20), VARCHAR(20)>"})";
}

TEST(NodesTest, ToChangelogHasCodesByKind) {
  const char* type = "stream-exec-process-table-function_1";
  const std::string output =
      "ROW<`op` VARCHAR(9), `a` INT, `b` INT, `c` INT, `d` INT, `e` INT, `f` INT>";
  const Parsed<ToChangelog> mapped(
      type, ChangelogCall("TO_CHANGELOG", CodeMap("INSERT, UPDATE_AFTER", "U")), 1, output);
  EXPECT_EQ(mapped.node().codes[0], "U");
  EXPECT_EQ(mapped.node().codes[1], std::nullopt);
  EXPECT_EQ(mapped.node().codes[2], "U");
  const Parsed<ToChangelog> plain(
      type, ChangelogCall("TO_CHANGELOG", R"({"kind":"CALL","internalName":"$DEFAULT$1"})"), 1,
      output);
  EXPECT_EQ(plain.node().codes[1], "UPDATE_BEFORE");
}

TEST(NodesTest, FromChangelogHasKindsByCode) {
  const Parsed<FromChangelog> node("stream-exec-process-table-function_1",
                                   ChangelogCall("FROM_CHANGELOG", CodeMap("c, r", "INSERT")), 1,
                                   "ROW<`a` INT, `c` INT, `d` INT, `e` INT, `f` INT>");
  EXPECT_EQ(node.node().code_field, 1);
  EXPECT_EQ(node.node().kinds.size(), 2U);
  EXPECT_EQ(node.node().kinds.at("r"), RowKind::kInsert);
}

TEST(NodesTest, WindowRankAndDeduplicate) {
  const std::string windowing = R"("windowing":)" +
                                Windowing(R"("WindowAttached","windowStart":1,"windowEnd":2)",
                                          R"({"type":"TumblingWindow","size":"PT10S"})") +
                                ",";
  const Parsed<WindowRank> rank(
      "stream-exec-window-rank_1",
      R"("rankType":"ROW_NUMBER","partitionSpec":{"fields":[0]},"sortSpec":{"fields":[)"
      R"({"index":3,"isAscending":false,"nullIsLast":true}]},)"
      R"("rankRange":{"type":"Constant","start":2,"end":4},"outputRowNumber":true,)" +
          windowing);
  EXPECT_EQ(rank.node().start, 2);
  EXPECT_EQ(rank.node().end, 4);
  EXPECT_FALSE(rank.node().order[0].ascending);
  EXPECT_EQ(rank.node().windowing.window_end, 2);
  const Parsed<WindowRank> last(
      "stream-exec-window-deduplicate_1",
      R"("partitionKeys":[0],"orderKey":4,"keepLastRow":true,)" + windowing);
  EXPECT_TRUE(last.node().latest_first);
  EXPECT_EQ(last.node().end, 1);
  EXPECT_FALSE(last.node().order[0].ascending);
}

TEST(NodesTest, Sort) {
  const Parsed<Sort> sort("stream-exec-temporal-sort_1",
                          R"("orderBy":{"fields":[{"index":4,"isAscending":true,)"
                          R"("nullIsLast":false},{"index":0,"isAscending":false,)"
                          R"("nullIsLast":true}]},)");
  EXPECT_EQ(sort.node().order[0].index, 4);
  EXPECT_TRUE(sort.node().order[1].nulls_last);
}

std::string Over(const std::string& lower) {
  return R"("overSpec":{"partition":{"fields":[0]},"groups":[{"orderBy":{"fields":[{"index":2,)"
         R"("isAscending":true,"nullIsLast":false}]},"isRows":true,"lowerBound":)" +
         lower + R"(,"upperBound":{"kind":"CURRENT_ROW"},"aggCalls":[]}],)" +
         R"("constants":[{"kind":"LITERAL","value":7,"type":"INT NOT NULL"}],)" +
         R"("originalInputFields":1},"unboundedOverVersion":2,)";
}

TEST(NodesTest, OverAggregate) {
  const std::string output =
      "ROW<`a` INT, `b` INT, `c` INT, `d` INT, `e` INT, `f` INT>";  // the input's
  const Parsed<OverAggregate> bounded(
      "stream-exec-over-aggregate_1",
      Over(R"({"kind":"BOUNDED_WINDOW","isPreceding":true,"offset":{"kind":"INPUT_REF",)"
           R"("inputIndex":1,"type":"INT NOT NULL"}})"),
      1, output);
  EXPECT_FALSE(bounded.node().unbounded);
  EXPECT_TRUE(bounded.node().is_rows);
  EXPECT_EQ(bounded.node().preceding, 7);
  EXPECT_EQ(bounded.node().constants.size(), 1u);
  const Parsed<OverAggregate> unbounded("stream-exec-over-aggregate_1",
                                        Over(R"({"kind":"UNBOUNDED_PRECEDING"})"), 1, output);
  EXPECT_TRUE(unbounded.node().unbounded);
  EXPECT_THAT(unbounded.node().partition, ElementsAre(0));
}

TEST(NodesTest, GroupWindows) {
  const auto window = [](const std::string& own) {
    return R"("grouping":[0],"aggCalls":[],"window":{"alias":{"name":"w"},"timeField":{)"
           R"("fieldName":"t","fieldIndex":4,"inputIndex":0,"fieldType":{"type":)"
           R"("TIMESTAMP_WITHOUT_TIME_ZONE","precision":3,"kind":"ROWTIME"}},)" +
           own + R"(},"namedWindowProperties":[],"needRetraction":false,)";
  };
  const std::string type = "stream-exec-group-window-aggregate_1";
  const Parsed<WindowAggregate> hop(
      type, window(R"("kind":"SLIDING","isTimeWindow":true,"size":"PT10S","slide":"PT5S")"));
  EXPECT_EQ(hop.node().windowing.window.kind, WindowSpec::Kind::kHopping);
  EXPECT_EQ(hop.node().windowing.window.slide_ms, 5000);
  EXPECT_EQ(hop.node().windowing.time_attribute, 4);
  EXPECT_TRUE(hop.node().windowing.is_rowtime);
  const Parsed<WindowAggregate> session(type, window(R"("kind":"SESSION","gap":"PT3S")"));
  EXPECT_EQ(session.node().windowing.window.gap_ms, 3000);
  const auto rows = test::ReadOverWide(
      1, type, window(R"("kind":"TUMBLING","isTimeWindow":false,"size":3)"), "ROW<`a` INT>");
  EXPECT_EQ(rows.status().code(), StatusCode::kUnsupported);
}

TEST(NodesTest, ExpandKeepsItsProjects) {
  const Parsed<Expand> expand("stream-exec-expand_1",
                              R"("projects":[[{"kind":"INPUT_REF","inputIndex":0,"type":"INT"}],)"
                              R"([{"kind":"LITERAL","value":null,"type":"INT"}]],)");
  ASSERT_EQ(expand.node().projects.size(), 2u);
  EXPECT_TRUE(expand.node().projects[1][0]->literal.is_null);
}

}  // namespace
}  // namespace castor::plan
