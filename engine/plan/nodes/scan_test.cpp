#include "plan/nodes/scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/test_bundle.h"

namespace castor::plan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Physical: id BIGINT, who ROW<name STRING, age INT>, ts DATE; metadata: file, a computed
// column between.
std::string TableJson(const std::string& more) {
  return R"("table":{"identifier":"`c`.`d`.`t`","resolvedTable":{"schema":{"columns":[)"
         R"({"name":"id","dataType":"BIGINT NOT NULL"},)"
         R"({"name":"who","dataType":"ROW<`name` VARCHAR(2147483647), `age` INT NOT NULL>"},)"
         R"({"name":"twice","kind":"COMPUTED","expression":{"rexNode":{},"serializableString":""}},)"
         R"({"name":"ts","dataType":"DATE"},)"
         R"({"name":"file","kind":"METADATA","metadataKey":"file.path","isVirtual":false,)"
         R"("dataType":"STRING"}],"watermarkSpecs":[],)"
         R"("primaryKey":{"name":"pk","type":"PRIMARY_KEY","columns":["id"]}},)"
         R"("partitionKeys":["ts"],"options":{"connector":"filesystem"}}})" +
         more;
}

Result<std::unique_ptr<Bundle>> ReadScan(const std::string& abilities) {
  return ReadBundle(test::BundleJson(
      test::NodeJson(1, "stream-exec-table-source-scan_2",
                     R"("scanTableSource":{)" + TableJson(R"(,"abilities":[)" + abilities + "]},"),
                     "ROW<`id` BIGINT>", 0),
      ""));
}

const char kProject[] = R"({"type":"ProjectPushDown","projectedFields":[[2],[1,1]],)"
                        R"("producedType":"ROW<`ts` DATE, `who_age` INT> NOT NULL"})";
const char kFilter[] =
    R"({"type":"FilterPushDown","predicates":[{"kind":"CALL","internalName":"$IS NULL$1",)"
    R"("operands":[{"kind":"INPUT_REF","inputIndex":1,"type":"INT"}],"type":"BOOLEAN NOT NULL"}]})";

TEST(ScanTest, ReadsTheTable) {
  const auto bundle = ReadScan("");
  ASSERT_TRUE(bundle.ok()) << bundle.status().ToString();
  const auto* scan = dynamic_cast<const TableSourceScan*>((*bundle)->graph.Find(1));
  ASSERT_NE(scan, nullptr);
  EXPECT_EQ(scan->table.identifier, "`c`.`d`.`t`");
  EXPECT_THAT(scan->table.primary_key, ElementsAre("id"));
  EXPECT_THAT(scan->table.partition_keys, ElementsAre("ts"));
  EXPECT_EQ(scan->table.options.at("connector"), "filesystem");
  ASSERT_EQ(scan->table.columns.size(), 5u);
  EXPECT_EQ(scan->table.columns[2].kind, TableColumn::Kind::kComputed);
  EXPECT_EQ(scan->table.columns[4].metadata_key, "file.path");
  EXPECT_EQ(scan->table.PhysicalRow().fields().size(), 3u);
  EXPECT_EQ(scan->abilities.produced_type, scan->table.PhysicalRow());
  EXPECT_FALSE(scan->abilities.projected);
}

TEST(ScanTest, ReducesAbilitiesToTheirEffect) {
  const auto bundle =
      ReadScan(std::string(kProject) +
               R"(,{"type":"ReadingMetadata","metadataKeys":["file.path"],"producedType":)"
               R"("ROW<`ts` DATE, `who_age` INT, `file` VARCHAR(2147483647)> NOT NULL"},)"
               R"({"type":"LimitPushDown","limit":7},)"
               R"({"type":"PartitionPushDown","partitions":[{"ts":"x"}]})");
  ASSERT_TRUE(bundle.ok()) << bundle.status().ToString();
  const auto& abilities = dynamic_cast<const TableSourceScan&>(*(*bundle)->graph.Find(1)).abilities;
  EXPECT_TRUE(abilities.projected);
  EXPECT_THAT(abilities.projected_fields, ElementsAre(ElementsAre(2), ElementsAre(1, 1)));
  EXPECT_THAT(abilities.metadata_keys, ElementsAre("file.path"));
  EXPECT_EQ(abilities.produced_type.fields().size(), 3u);
  EXPECT_EQ(abilities.limit, 7);
  EXPECT_TRUE(abilities.has_partitions);
  EXPECT_EQ(abilities.partitions[0].at("ts"), "x");
}

// A filter means the same whether it was pushed before or after a projection.
TEST(ScanTest, FiltersReadThePhysicalRow) {
  const auto before = ReadScan(std::string(kFilter) + "," + kProject);
  ASSERT_TRUE(before.ok()) << before.status().ToString();
  const auto& first = dynamic_cast<const TableSourceScan&>(*(*before)->graph.Find(1)).abilities;
  EXPECT_EQ(first.filters[0]->ToString(), "IS NULL($1)");

  const auto after = ReadScan(std::string(kProject) + "," + kFilter);
  ASSERT_TRUE(after.ok()) << after.status().ToString();
  const auto& second = dynamic_cast<const TableSourceScan&>(*(*after)->graph.Find(1)).abilities;
  EXPECT_EQ(second.filters[0]->ToString(), "IS NULL($1.age)");
  EXPECT_EQ(second.filters[0]->operands[0]->type, LogicalType::Integer(true));
}

TEST(ScanTest, Watermarks) {
  const auto bundle = ReadScan(
      R"({"type":"WatermarkPushDown","watermarkExpr":{"kind":"INPUT_REF","inputIndex":2,)"
      R"("type":"DATE"},"idleTimeoutMillis":1000,"producedType":"ROW<`a` INT, `b` INT, `ts` DATE>",)"
      R"("watermarkParams":{"emitStrategy":"ON_EVENT","alignGroupName":"g",)"
      R"("alignMaxDrift":"PT30S","alignUpdateInterval":"PT1S","sourceIdleTimeout":-1}})");
  ASSERT_TRUE(bundle.ok()) << bundle.status().ToString();
  const auto& abilities = dynamic_cast<const TableSourceScan&>(*(*bundle)->graph.Find(1)).abilities;
  EXPECT_EQ(abilities.watermark->ToString(), "$2");
  EXPECT_TRUE(abilities.watermark_on_event);
  EXPECT_EQ(abilities.idle_timeout_ms, 1000);
  EXPECT_EQ(abilities.alignment_group, "g");
  EXPECT_EQ(abilities.alignment_max_drift_ms, 30'000);
  EXPECT_EQ(abilities.alignment_update_interval_ms, 1000);
}

TEST(ScanTest, RefusesUnknownAbilities) {
  const auto bundle = ReadScan(R"({"type":"AggregatePushDown"})");
  ASSERT_FALSE(bundle.ok());
  EXPECT_THAT(bundle.status().message(), HasSubstr("'AggregatePushDown' is not supported"));
}

TEST(SinkTest, ReadsAbilitiesKeysAndStrategies) {
  const auto bundle = ReadBundle(test::BundleJson(
      test::ValuesJson(1) + "," +
          test::NodeJson(
              2, "stream-exec-sink_2",
              R"("dynamicTableSink":{)" +
                  TableJson(
                      R"(,"abilities":[{"type":"Overwrite","overwrite":true},{"type":"Bucketing"},)"
                      R"({"type":"Partitioning","partition":{"ts":"1"}},)"
                      R"({"type":"WritingMetadata","metadataKeys":["file.path"],)"
                      R"("consumedType":"ROW<`who` INT, `id` BIGINT NOT NULL> NOT NULL"}]},)") +
                  R"("inputChangelogMode":["INSERT","UPDATE_AFTER","~DELETE"],)"
                  R"("requireUpsertMaterialize":true,"upsertMaterializeStrategy":"MAP",)"
                  R"("inputUpsertKey":[1],"conflictStrategy":{"behavior":"DEDUPLICATE"},)",
              "ROW<`id` BIGINT>"),
      test::EdgeJson(1, 2)));
  ASSERT_TRUE(bundle.ok()) << bundle.status().ToString();
  const auto& sink = dynamic_cast<const Sink&>(*(*bundle)->graph.Find(2));
  EXPECT_TRUE(sink.overwrite);
  EXPECT_EQ(sink.static_partition.at("ts"), "1");
  EXPECT_THAT(sink.metadata_keys, ElementsAre("file.path"));
  EXPECT_THAT(sink.primary_key, ElementsAre(1));
  EXPECT_THAT(sink.input_changelog_mode, ElementsAre("INSERT", "UPDATE_AFTER", "~DELETE"));
  EXPECT_TRUE(sink.require_upsert_materialize);
  EXPECT_EQ(sink.upsert_materialize_strategy, "MAP");
  EXPECT_EQ(sink.conflict_strategy, "DEDUPLICATE");
  EXPECT_THAT(sink.input_upsert_key, ElementsAre(1));
}

}  // namespace
}  // namespace castor::plan
