package io.castor.planner.compile;

import static io.castor.planner.Compiling.TABLES;
import static io.castor.planner.Compiling.error;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class ErrorReportTest {

  private static void assertPlace(int line, int column, JsonNode error) {
    assertEquals(
        line + ":" + column, error.path("line") + ":" + error.path("column"), error::toString);
  }

  private static void assertSays(String text, JsonNode error) {
    assertTrue(error.get("message").asText().contains(text), error::toString);
  }

  private static void assertHints(String text, JsonNode error) {
    assertTrue(error.path("hint").asText().contains(text), error::toString);
  }

  @Test
  void syntax() {
    JsonNode error = error(TABLES + "SELECT id\n  FORM orders;");
    assertPlace(7, 8, error);
    assertSays("Encountered \"orders\"", error);
    assertFalse(error.get("message").asText().contains("Was expecting"));
  }

  @Test
  void unknownColumn() {
    JsonNode error = error(TABLES + "\n  SELECT id,\n   amountt FROM orders;");
    assertPlace(8, 4, error);
    assertEquals("Column 'amountt' not found in any table", error.get("message").asText());
  }

  @Test
  void suggestsColumnsAndFunctions() {
    assertHints("'amount'", error(TABLES + "SELECT amountt FROM orders;"));
    assertHints("'count'", error(TABLES + "SELECT cuont(id) FROM orders;"));
  }

  @Test
  void tellsTheTablesThatThereAre() {
    JsonNode error =
        error(
            "CREATE TABLE a (n BIGINT, t TIMESTAMP(3), WATERMARK FOR t AS t) WITH ('connector' ="
                + " 'datagen');CREATE VIEW `b.c` AS SELECT n + 1 AS m FROM a;SELECT FROM a;");
    assertEquals(
        "[{\"name\":\"a\",\"columns\":[{\"name\":\"n\",\"type\":\"BIGINT\"},{\"name\":\"t\",\"type\":\"TIMESTAMP(3)"
            + " *ROWTIME*\"}],\"options\":{\"connector\":\"datagen\"}},"
            + "{\"name\":\"b.c\",\"columns\":[{\"name\":\"m\",\"type\":\"BIGINT\"}],\"options\":{}}]",
        error.get("tables").toString());
  }

  @Test
  void unknownTable() {
    JsonNode error = error(TABLES + "SELECT * FROM order_s;");
    assertPlace(6, 15, error);
    assertHints("Did you mean 'orders'?", error);
  }

  @Test
  void unknownConnectorIsShownInItsDdl() {
    JsonNode error =
        error(
            "CREATE TABLE k (a INT)\n"
                + " WITH ('connector' = 'filesystm', 'path' = 'x');\n"
                + "SELECT * FROM k;");
    assertPlace(2, 8, error);
    assertSays("Unknown connector 'filesystm'", error);
    assertHints("Did you mean 'filesystem'?", error);
  }

  @Test
  void unknownOptionIsShownInItsDdl() {
    JsonNode error = error(TABLES.replace("'path'", "'paht'") + "SELECT * FROM orders;");
    assertPlace(3, 35, error);
    assertSays("Unknown option 'paht'", error);
    assertHints("'path'", error);
  }

  @Test
  void missingOption() {
    JsonNode error =
        error(
            "CREATE TABLE f (a INT) WITH ('connector' = 'filesystem', 'format' = 'csv');"
                + "SELECT * FROM f;");
    assertSays("'path' is missing", error);
  }

  @Test
  void wrongOptionValue() {
    JsonNode error =
        error(
            TABLES.replace(
                    "'format' = 'json'", "'format' = 'json', 'json.ignore-parse-errors' = 'yes'")
                + "SELECT * FROM orders;");
    assertSays("'json.ignore-parse-errors' cannot be 'yes'", error);
    assertHints("true or false", error);
  }

  @Test
  void unknownFormat() {
    JsonNode error = error(TABLES.replace("'json'", "'jsn'") + "SELECT * FROM orders;");
    assertSays("Unknown format 'jsn'", error);
    assertHints("Did you mean 'json'?", error);
  }

  @Test
  void sinkThatCannotTakeUpdatesNamesTheStatement() {
    JsonNode error =
        error(
            TABLES
                + "CREATE TABLE f (c STRING, n BIGINT) WITH"
                + " ('connector'='filesystem','path'='o','format'='csv');INSERT INTO big SELECT id,"
                + " amount FROM orders;\n"
                + "INSERT INTO f SELECT customer, COUNT(*) FROM orders GROUP BY customer;");
    assertPlace(7, 1, error);
    assertSays("doesn't support consuming update changes", error);
  }

  @Test
  void schemaMismatch() {
    JsonNode error = error(TABLES + "INSERT INTO totals SELECT id FROM orders;");
    assertPlace(6, 1, error);
    assertSays("Different number of columns", error);
  }

  @Test
  void setAfterInsert() {
    JsonNode error = error(TABLES + "INSERT INTO big SELECT id, amount FROM orders;\nSET 'a'='b';");
    assertPlace(7, 1, error);
    assertHints("move it to the top", error);
  }

  @Test
  void unknownSetting() {
    JsonNode error = error("SET 'table.exec.state.tll' = '1 h';" + TABLES);
    assertHints("'table.exec.state.ttl'", error);
  }

  @Test
  void settingOfTheWrongType() {
    JsonNode error = error(TABLES + "\nSET 'table.exec.state.ttl' = 'soon';");
    assertPlace(7, 1, error);
    assertSays("cannot be 'soon'", error);
  }

  @Test
  void secondSelect() {
    assertPlace(7, 1, error(TABLES + "SELECT id FROM orders;\nSELECT id FROM orders;"));
  }

  @Test
  void refusedStatements() {
    assertHints("castor explain", error("EXPLAIN SELECT 1;"));
    assertHints("not supported yet", error("CREATE FUNCTION f AS 'x.Y';"));
    assertHints("remove it", error("SHOW TABLES;"));
    assertHints("by itself", error("SET 'execution.runtime-mode' = 'batch';"));
    assertHints("INSERT INTO", error(TABLES));
  }
}
