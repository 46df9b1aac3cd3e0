package io.castor.planner.compile;

import static io.castor.planner.Compiling.TABLES;
import static io.castor.planner.Compiling.bundle;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.castor.planner.Compiling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {

  private static final String COUNT =
      "INSERT INTO totals SELECT customer, COUNT(*) FROM orders GROUP BY customer;";

  @Test
  void saysWhatItIs() {
    JsonNode bundle = bundle(TABLES + COUNT);
    assertEquals(1, bundle.get("castorBundle").asInt());
    assertEquals("2.3.0", bundle.get("flinkVersion").asText());
    assertEquals("test", bundle.get("name").asText());
    assertTrue(bundle.get("cacheable").asBoolean());
    assertFalse(bundle.has("collect"));
  }

  @Test
  void equalScriptsGiveEqualBundles() {
    assertEquals(bundle(TABLES + COUNT), bundle(TABLES + COUNT));
  }

  @Test
  void statementsHavePlacesAndSinks() {
    JsonNode statements = bundle(TABLES + COUNT).get("statements");
    JsonNode insert = statements.get(3);
    assertEquals("INSERT", insert.get("kind").asText());
    assertEquals(6, insert.get("line").asInt());
    int sink = insert.get("sinkNodeId").asInt();
    JsonNode node = bundle(TABLES + COUNT).at("/plan/nodes").get(sink - 1);
    assertTrue(node.get("type").asText().startsWith("stream-exec-sink"));
    assertEquals(sink, node.get("id").asInt());
  }

  @Test
  void temporaryTablesAreWhole() {
    JsonNode bundle =
        bundle(TABLES.replace("CREATE TABLE orders", "CREATE TEMPORARY TABLE orders") + COUNT);
    JsonNode permanent = bundle(TABLES + COUNT);
    assertEquals(permanent.get("plan"), bundle.get("plan"));
    String id = "`default_catalog`.`default_database`.`orders`";
    JsonNode table = bundle.get("tables").get(id);
    assertTrue(table.get("temporary").asBoolean());
    assertEquals(0, table.get("statement").asInt());
    assertEquals("/data/orders", table.at("/options/path").asText());
    assertEquals("ts", table.at("/schema/watermarkSpecs/0/rowtimeAttribute").asText());
  }

  @Test
  void hintsReachTheScanOfATemporaryTable() {
    JsonNode bundle =
        bundle(
            TABLES.replace("CREATE TABLE orders", "CREATE TEMPORARY TABLE orders")
                + "INSERT INTO big SELECT id, amount FROM orders /*+ OPTIONS('path'='/other') */;");
    JsonNode scan = bundle.at("/plan/nodes/0/scanTableSource/table/resolvedTable/options");
    assertEquals("/other", scan.get("path").asText());
  }

  @Test
  void selectIsCollected() {
    JsonNode collect =
        bundle(TABLES + "SELECT customer, COUNT(*) AS n FROM orders GROUP BY customer;")
            .get("collect");
    assertEquals("customer", collect.at("/columns/0/name").asText());
    assertEquals("BIGINT NOT NULL", collect.at("/columns/1/dataType").asText());
    assertFalse(collect.get("insertOnly").asBoolean());
    assertEquals("[0]", collect.get("upsertKey").toString());
  }

  @Test
  void collectedTimeAttributesArePlainTimestamps() {
    JsonNode collect = bundle(TABLES + "SELECT ts, PROCTIME() AS p FROM orders;").get("collect");
    assertTrue(collect.get("insertOnly").asBoolean());
    assertEquals("TIMESTAMP(3)", collect.at("/columns/0/dataType").asText());
    assertEquals(
        "TIMESTAMP(3) WITH LOCAL TIME ZONE NOT NULL", collect.at("/columns/1/dataType").asText());
  }

  @Test
  void configurationHasSetAndDefaultOptions() {
    JsonNode bundle =
        bundle("SET 'table.exec.state.ttl' = '1 h'; SET 'pipeline.name' = 'x';" + TABLES + COUNT);
    JsonNode configuration = bundle.get("configuration");
    assertEquals("x", bundle.get("name").asText());
    assertEquals("1 h", configuration.get("table.exec.state.ttl").asText());
    assertEquals("200 ms", configuration.get("pipeline.auto-watermark-interval").asText());
    assertEquals("default", configuration.get("table.local-time-zone").asText());
    assertEquals(
        "[\"pipeline.name\",\"table.exec.state.ttl\"]", bundle.get("userOptions").toString());
  }

  @Test
  void settingsOfTheRequestComeBeforeTheScript() {
    Map<String, String> settings =
        Map.of("parallelism.default", "3", "table.exec.state.ttl", "1 s");
    JsonNode bundle =
        Compiling.compile("SET 'parallelism.default' = '4';" + TABLES + COUNT, settings);
    assertEquals("4", bundle.at("/configuration/parallelism.default").asText());
    assertEquals("1 s", bundle.at("/configuration/table.exec.state.ttl").asText());
    JsonNode reset =
        Compiling.compile(
            "SET 'parallelism.default' = '4'; RESET 'parallelism.default';" + TABLES + COUNT,
            settings);
    assertEquals("3", reset.at("/configuration/parallelism.default").asText());
  }

  @Test
  void olderOptionNamesCountForTheNewOnes() {
    JsonNode configuration =
        bundle("SET 'state.backend' = 'rocksdb';" + TABLES + COUNT).get("configuration");
    assertEquals("rocksdb", configuration.get("state.backend.type").asText());
  }

  @Test
  void requestsLeakNothing() {
    bundle("SET 'table.exec.state.ttl' = '1 h';" + TABLES + COUNT);
    assertEquals("0 ms", bundle(TABLES + COUNT).at("/configuration/table.exec.state.ttl").asText());
    assertTrue(Compiling.compile(COUNT).has("error"));
  }

  @Test
  void insertsShareTheirScan() {
    JsonNode nodes =
        bundle(TABLES + COUNT + "INSERT INTO big SELECT id, amount FROM orders;").at("/plan/nodes");
    int scans = 0;
    for (JsonNode node : nodes) {
      scans += node.get("type").asText().startsWith("stream-exec-table-source-scan") ? 1 : 0;
    }
    assertEquals(1, scans);
  }

  @Test
  void createTableAsIsDefinitionAndInsert() {
    JsonNode bundle =
        bundle(TABLES + "CREATE TABLE c WITH ('connector'='print') AS SELECT id FROM orders;");
    assertEquals("CREATE_TABLE_AS", bundle.at("/statements/3/kind").asText());
    assertTrue(bundle.at("/statements/3").has("sinkNodeId"));
  }

  @Test
  void partitionsAreListedAgainstTheDirectory(@TempDir Path home) throws Exception {
    Files.createDirectories(home.resolve("p/day=1"));
    Files.createDirectories(home.resolve("p/day=2"));
    String script =
        "CREATE TABLE p (id BIGINT, `day` INT) PARTITIONED BY (`day`) WITH ('connector' ="
            + " 'filesystem', 'path' = 'p', 'format' = 'csv'); SELECT id FROM p WHERE `day` = 2;";
    JsonNode bundle = Compiling.COMPILER.compile(new Request(script, "x", Map.of(), home, false));
    assertFalse(bundle.get("cacheable").asBoolean());
    JsonNode abilities = bundle.at("/plan/nodes/0/scanTableSource/abilities");
    assertTrue(
        abilities.toString().contains("\"partitions\":[{\"day\":\"2\"}]"), abilities.toString());
  }
}
