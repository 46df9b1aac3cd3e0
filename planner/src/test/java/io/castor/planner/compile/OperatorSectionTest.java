package io.castor.planner.compile;

import static io.castor.planner.Compiling.TABLES;
import static io.castor.planner.Compiling.bundle;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class OperatorSectionTest {

  private static final String COUNT =
      "INSERT INTO totals SELECT customer, COUNT(*) FROM orders GROUP BY customer;\n";
  private static final String COPY = "INSERT INTO big SELECT id, amount FROM orders;\n";

  /** Stateful operators: uid to fingerprint. */
  private static Map<String, String> stateful(String script) {
    Map<String, String> found = new TreeMap<>();
    for (JsonNode operator : bundle(script).get("operators")) {
      if (operator.get("stateful").asBoolean()) {
        found.put(operator.get("uid").asText(), operator.get("fingerprint").asText());
      }
    }
    return found;
  }

  @Test
  void idsAreReadableAndUnique() {
    assertEquals(
        Set.of(
            "table-source-scan:orders", "group-aggregate:totals<orders[customer]", "sink:totals"),
        stateful(TABLES + COUNT).keySet());
    Set<String> ids = new HashSet<>();
    for (JsonNode operator : bundle(TABLES + COUNT + COPY).get("operators")) {
      assertTrue(ids.add(operator.get("uid").asText()));
    }
  }

  @Test
  void editsElsewhereKeepIdsAndFingerprints() {
    Map<String, String> before = stateful(TABLES + COUNT);
    Map<String, String> after =
        stateful("-- moved\n\n" + TABLES + "CREATE VIEW v AS SELECT 1;" + COUNT + COPY);
    before.forEach((uid, fingerprint) -> assertEquals(fingerprint, after.get(uid), uid));
    assertEquals(before.size() + 1, after.size());
  }

  @Test
  void filtersAndUnusedColumnsKeepTheState() {
    Map<String, String> before = stateful(TABLES + COUNT);
    assertEquals(
        before,
        stateful(
            TABLES
                + "INSERT INTO totals SELECT customer, COUNT(*) FROM orders WHERE id > 7 GROUP BY"
                + " customer;"));
    String more = TABLES.replace("(id BIGINT, customer", "(extra INT, id BIGINT, customer");
    assertEquals(before, stateful(more + COUNT));
  }

  @Test
  void otherAggregateCallsKeepTheIdAndChangeTheFingerprint() {
    Map<String, String> before = stateful(TABLES + COUNT);
    Map<String, String> after =
        stateful(
            TABLES + "INSERT INTO totals SELECT customer, SUM(id) FROM orders GROUP BY customer;");
    assertEquals(before.keySet(), after.keySet());
    String aggregate = "group-aggregate:totals<orders[customer]";
    assertNotEquals(before.get(aggregate), after.get(aggregate));
  }

  @Test
  void otherKeysChangeTheId() {
    assertNotEquals(
        stateful(TABLES + COUNT).keySet(),
        stateful(
                TABLES
                    + "INSERT INTO totals SELECT CAST(id AS STRING), COUNT(*) FROM orders GROUP BY"
                    + " id;")
            .keySet());
  }

  @Test
  void likeOperatorsAreToldApartByContent() {
    String other =
        "INSERT INTO totals SELECT customer, COUNT(*) FROM orders WHERE id > 5 GROUP BY"
            + " customer;\n";
    Map<String, String> both = stateful(TABLES + COUNT + other);
    assertEquals(both.keySet(), stateful(TABLES + other + COUNT).keySet());
    long aggregates =
        both.keySet().stream()
            .filter(u -> u.startsWith("group-aggregate:totals<orders[customer]~"))
            .count();
    assertEquals(2, aggregates, both::toString);
  }

  @Test
  void sharedOperatorsHaveAnAliasForEachTable() {
    String second =
        "CREATE TABLE totals2 (c STRING, n BIGINT) WITH ('connector' = 'print');"
            + "INSERT INTO totals2 SELECT customer, COUNT(*) FROM orders GROUP BY customer;";
    for (JsonNode operator : bundle(TABLES + COUNT + second).get("operators")) {
      if (operator.get("uid").asText().startsWith("group-aggregate")) {
        assertEquals("group-aggregate:totals<orders[customer]", operator.get("uid").asText());
        assertEquals(
            "[\"group-aggregate:totals2<orders[customer]\"]", operator.get("aliases").toString());
        assertEquals("[3,5]", operator.get("statements").toString());
      }
    }
  }

  @Test
  void windowSizeIsPartOfTheLayout() {
    String query =
        "INSERT INTO totals SELECT customer, COUNT(*) FROM TABLE(TUMBLE(TABLE orders,"
            + " DESCRIPTOR(ts), INTERVAL '%s' MINUTE)) GROUP BY window_start, window_end,"
            + " customer;";
    Map<String, String> one = stateful(TABLES + query.formatted("1"));
    Map<String, String> two = stateful(TABLES + query.formatted("2"));
    assertEquals(one.keySet(), two.keySet());
    String uid = "global-window-aggregate:totals<orders[customer]";
    assertNotEquals(one.get(uid), two.get(uid));
    assertTrue(one.containsKey(uid), one::toString);
  }

  @Test
  void incrementalAggregationsHaveFingerprints() {
    Map<String, String> found =
        stateful(
            """
            SET 'table.exec.mini-batch.enabled' = 'true';
            SET 'table.exec.mini-batch.allow-latency' = '1 s';
            SET 'table.exec.mini-batch.size' = '10';
            SET 'table.optimizer.distinct-agg.split.enabled' = 'true';
            SET 'table.optimizer.agg-phase-strategy' = 'TWO_PHASE';
            """
                + TABLES
                + """
INSERT INTO totals
SELECT customer, COUNT(DISTINCT id) + SUM(id) + MAX(id) FROM orders GROUP BY customer;
""");
    assertTrue(
        found.keySet().stream().anyMatch(uid -> uid.startsWith("incremental-group-aggregate:")),
        found.keySet().toString());
  }
}
