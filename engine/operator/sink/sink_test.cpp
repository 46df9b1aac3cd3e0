#include "operator/sink/sink.h"

#include <gmock/gmock.h>

#include "operator/api/operator_test_harness.h"
#include "plan/nodes/scan.h"

namespace castor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr RowKind kI = RowKind::kInsert, kUB = RowKind::kUpdateBefore, kUA = RowKind::kUpdateAfter,
                  kD = RowKind::kDelete;

struct Change {
  RowKind kind;
  int64_t pk;
  int64_t id;
  std::string text;
};

Batch Changes(const std::vector<Change>& changes, std::vector<WatermarkMark> marks = {}) {
  std::vector<std::optional<int64_t>> pks, ids;
  std::vector<std::optional<std::string>> texts;
  std::vector<RowKind> kinds;
  for (const Change& change : changes) {
    pks.push_back(change.pk), ids.push_back(change.id), texts.push_back(change.text);
    kinds.push_back(change.kind);
  }
  return MakeBatch({MakeColumn<int64_t>(LogicalType::BigInt(), pks),
                    MakeColumn<int64_t>(LogicalType::BigInt(), ids), MakeStrings(texts)},
                   kinds, std::move(marks));
}

// Table (pk BIGINT NOT NULL, id BIGINT, text STRING) with primary key pk.
class SinkTest : public testing::Test {
 protected:
  void SetUp() override {
    node_.consumed_type = LogicalType::Row({{"pk", LogicalType::BigInt(false)},
                                            {"id", LogicalType::BigInt()},
                                            {"text", LogicalType::String()}});
    node_.require_upsert_materialize = true;
    node_.upsert_materialize_strategy = "LEGACY";
    node_.primary_key = {0};
  }
  Result<std::unique_ptr<Operator>> MakeOne() {
    return MakeSink({node_, bundle_, {node_.consumed_type}});
  }
  std::unique_ptr<OperatorTestHarness> Harness(Configuration options = {}) {
    return std::make_unique<OperatorTestHarness>([this] { return MakeOne().value(); },
                                                 std::move(options));
  }

  plan::Sink node_;
  const plan::Bundle bundle_;
};

TEST_F(SinkTest, WithoutMaterializerOnlyConstraints) {
  node_.require_upsert_materialize = false;
  Configuration options;
  options.Set("table.exec.sink.not-null-enforcer", "DROP");
  const auto harness = Harness(options);
  Batch batch = Changes({{kUB, 1, 1, "a"}, {kUA, 1, 2, "b"}}, {{1, 5}});
  EXPECT_THAT(harness->Process(0, batch), ElementsAre("-U(1,1,a)", "W(5)", "+U(1,2,b)"));
  batch.columns[0] = Column::MakeNull(LogicalType::BigInt(), 2);
  EXPECT_THAT(harness->Process(0, batch), ElementsAre("W(5)"));
}

// A key's rows are kept in order; written is the last one. Rows match as a whole here.
TEST_F(SinkTest, WritesTheLastRowOfAKey) {
  const auto harness = Harness();
  EXPECT_THAT(harness->Process(0, Changes({{kI, 1, 10, "a"}, {kI, 1, 11, "b"}, {kI, 2, 20, "z"}})),
              ElementsAre("+I(1,10,a)", "+U(1,11,b)", "+I(2,20,z)"));
  // Out of order: the removal of a row that is not the last changes nothing.
  EXPECT_THAT(harness->Process(0, Changes({{kUB, 1, 10, "a"}})), IsEmpty());
  EXPECT_THAT(harness->Process(0, Changes({{kUA, 1, 12, "c"}, {kUB, 1, 12, "c"}})),
              ElementsAre("+U(1,12,c)", "+U(1,11,b)"));
  EXPECT_THAT(harness->Process(0, Changes({{kD, 1, 11, "b"}, {kD, 2, 20, "z"}, {kD, 2, 20, "z"}})),
              ElementsAre("-D(1,11,b)", "-D(2,20,z)"));
  EXPECT_THAT(harness->Process(0, Changes({{kI, 1, 10, "a"}})), ElementsAre("+I(1,10,a)"));
}

TEST_F(SinkTest, EqualRowsAreKeptAsOftenAsTheyCame) {
  const auto harness = Harness();
  EXPECT_THAT(harness->Process(0, Changes({{kI, 1, 1, "a"}, {kI, 1, 2, "b"}, {kI, 1, 1, "a"}})),
              ElementsAre("+I(1,1,a)", "+U(1,2,b)", "+U(1,1,a)"));
  // The first of the equal ones goes.
  EXPECT_THAT(harness->Process(0, Changes({{kD, 1, 1, "a"}})), IsEmpty());
  EXPECT_THAT(harness->Process(0, Changes({{kD, 1, 1, "a"}})), ElementsAre("+U(1,2,b)"));
}

// With an upsert key (here id), a row takes the place of the one with its key, and retractions need
// match no more than the key.
TEST_F(SinkTest, RowsMatchByTheInputsUpsertKey) {
  node_.input_upsert_key = {1};
  const auto harness = Harness();
  EXPECT_THAT(harness->Process(0, Changes({{kI, 1, 1, "a"}, {kI, 1, 2, "b"}, {kUA, 1, 1, "c"}})),
              ElementsAre("+I(1,1,a)", "+U(1,2,b)", "+U(1,1,c)"));
  EXPECT_THAT(harness->Process(0, Changes({{kD, 1, 2, "?"}})), ElementsAre("+U(1,1,c)"));
  EXPECT_THAT(harness->Process(0, Changes({{kD, 1, 1, "?"}})), ElementsAre("-D(1,1,?)"));
}

TEST_F(SinkTest, MarksStayWhereTheirRowsWere) {
  const auto harness = Harness();
  harness->Process(0, Changes({{kI, 1, 1, "a"}, {kI, 1, 2, "b"}}));
  EXPECT_THAT(harness->Process(0, Changes({{kD, 1, 1, "a"}, {kD, 1, 2, "b"}, {kI, 3, 3, "c"}},
                                          {{0, 1}, {1, 2}, {2, 3}, {3, 4}})),
              ElementsAre("W(1)", "W(2)", "-D(1,2,b)", "W(3)", "+I(3,3,c)", "W(4)"));
  EXPECT_THAT(harness->Process(0, Changes({{kD, 9, 9, "x"}}, {{1, 5}})), ElementsAre("W(5)"));
}

TEST_F(SinkTest, StateSurvivesARestoreAndIsErasedWhenEmpty) {
  const auto harness = Harness();
  const std::string nothing = harness->context().SaveState();
  harness->Process(0, Changes({{kI, 1, 1, "a"}, {kI, 1, 2, "a long text, not inline"}}));
  harness->SaveAndRestore();
  EXPECT_THAT(harness->Process(0, Changes({{kI, 1, 3, "c"}, {kD, 1, 3, "c"}})),
              ElementsAre("+U(1,3,c)", "+U(1,2,a long text, not inline)"));
  harness->Process(0, Changes({{kD, 1, 1, "a"}, {kD, 1, 2, "a long text, not inline"}}));
  EXPECT_THAT(harness->Process(0, Changes({{kD, 1, 1, "a"}})), IsEmpty());
  EXPECT_EQ(harness->context().SaveState().size(), nothing.size());
}

TEST_F(SinkTest, OnlyTheLegacyStrategyForgets) {
  node_.states = {{0, 1000, "sinkMaterializeState"}};
  for (const auto& [strategy, kind] :
       {std::pair<std::string, std::string>{"LEGACY", "+I"}, {"MAP", "+U"}}) {
    node_.upsert_materialize_strategy = strategy;
    const auto harness = Harness();
    harness->context().manual_clock().Set(1);
    harness->Process(0, Changes({{kI, 1, 1, "a"}}));
    harness->context().manual_clock().Set(5000);
    EXPECT_THAT(harness->Process(0, Changes({{kI, 1, 2, "b"}})), ElementsAre(kind + "(1,2,b)"))
        << strategy;
  }
}

// Held back until a watermark says that what belongs together has come.
TEST_F(SinkTest, ConflictsAreLookedForAtWatermarks) {
  node_.conflict_strategy = "NOTHING";
  const auto harness = Harness();
  EXPECT_FALSE(harness->op().HandlesMarks());
  EXPECT_THAT(harness->Process(0, Changes({{kI, 1, 10, "a"}, {kI, 2, 20, "z"}})), IsEmpty());
  EXPECT_THAT(harness->Watermark(5), UnorderedElementsAre("+I(1,10,a)", "+I(2,20,z)", "W(5)"));
  // +U before its -U, as they may come over different ways.
  harness->Process(0, Changes({{kUA, 1, 11, "b"}, {kUB, 1, 10, "a"}}));
  EXPECT_THAT(harness->Watermark(6), ElementsAre("+U(1,11,b)", "W(6)"));
  // Changes that cancel each other write nothing.
  harness->Process(0, Changes({{kUA, 1, 12, "c"}, {kUB, 1, 12, "c"}, {kD, 2, 20, "z"}}));
  EXPECT_THAT(harness->Watermark(7), ElementsAre("-D(2,20,z)", "W(7)"));
  EXPECT_THAT(harness->Watermark(8), ElementsAre("W(8)"));
}

TEST_F(SinkTest, OnConflictDoNothingKeepsTheFirst) {
  node_.conflict_strategy = "NOTHING";
  const auto harness = Harness();
  harness->Process(0, Changes({{kI, 1, 10, "a"}, {kI, 1, 11, "b"}}));
  EXPECT_THAT(harness->Watermark(1), ElementsAre("+I(1,10,a)", "W(1)"));
  harness->Process(0, Changes({{kI, 1, 12, "c"}}));
  EXPECT_THAT(harness->Watermark(2), ElementsAre("W(2)"));
}

TEST_F(SinkTest, OnConflictDoErrorFailsWithTheKey) {
  node_.conflict_strategy = "ERROR";
  const auto harness = Harness();
  harness->Process(0, Changes({{kI, 7, 10, "a"}, {kI, 7, 11, "b"}}));
  Output out;
  const Result<Progress> result = harness->op().OnWatermark(1, out);
  EXPECT_THAT(result.status().message(), HasSubstr("Conflicting key: [pk=7]"));
}

// By an upsert key, the +U of a row replaces it even if its -U never comes.
TEST_F(SinkTest, ConflictsKnowTheInputsUpsertKey) {
  node_.conflict_strategy = "ERROR";
  node_.input_upsert_key = {1};
  const auto harness = Harness();
  harness->Process(0, Changes({{kI, 1, 10, "a"}, {kUA, 1, 10, "b"}}));
  EXPECT_THAT(harness->Watermark(1), ElementsAre("+I(1,10,b)", "W(1)"));
}

TEST_F(SinkTest, ChangesHeldBackSurviveARestore) {
  node_.conflict_strategy = "ERROR";
  const auto harness = Harness();
  harness->Process(0, Changes({{kI, 1, 10, "a text that is not inline"}}));
  harness->Watermark(5);
  harness->Process(0, Changes({{kUB, 1, 10, "a text that is not inline"}}));
  harness->SaveAndRestore();
  harness->Process(0, Changes({{kUA, 1, 10, "b"}}));
  EXPECT_THAT(harness->Watermark(1), ElementsAre("+U(1,10,b)", "W(1)"));
}

// The runtime shuffles by primary key in front of the operator, which may change a key no more
// then.
TEST_F(SinkTest, InParallelKeysMustArriveAsTheyAreWritten) {
  const auto open = [this] {
    TestOperatorContext context;
    context.set_parallelism(2);
    context.mutable_configuration().Set("table.exec.sink.type-length-enforcer", "TRIM_PAD");
    return MakeOne().value()->Open(context);
  };
  for (const char* strategy : {"DEDUPLICATE", "ERROR", "NOTHING"}) {
    SetUp();
    node_.conflict_strategy = strategy;
    EXPECT_TRUE(open().ok()) << strategy;
    node_.primary_key = {2};
    node_.consumed_type = LogicalType::Row({{"pk", LogicalType::BigInt(false)},
                                            {"id", LogicalType::BigInt()},
                                            {"text", LogicalType(TypeKind::kVarChar, true, 3)}});
    EXPECT_THAT(open().message(), HasSubstr("'text'")) << strategy;
  }
}

TEST_F(SinkTest, RefusesWhatItCannotDo) {
  node_.conflict_strategy = "PRAY";
  EXPECT_THAT(MakeOne().status().message(), HasSubstr("ON CONFLICT DO PRAY"));
  node_.conflict_strategy = "DEDUPLICATE";
  EXPECT_TRUE(MakeOne().ok());
  node_.primary_key.clear();
  EXPECT_FALSE(MakeOne().ok());
}

}  // namespace
}  // namespace castor
