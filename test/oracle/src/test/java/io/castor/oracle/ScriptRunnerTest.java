package io.castor.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.flink.table.api.ValidationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ScriptRunnerTest {

  private static Cluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = Cluster.start();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static Map<String, List<String>> run(String script, String... options) throws Exception {
    return run(script, 60, options);
  }

  private static Map<String, List<String>> run(String script, long timeout, String... options)
      throws Exception {
    Map<String, String> all = new HashMap<>(cluster.options());
    all.put("parallelism.default", "1");
    for (String option : options) {
      all.put(option.split("=")[0], option.split("=")[1]);
    }
    Map<String, List<String>> rows = new HashMap<>();
    new ScriptRunner(all, timeout).run(script).forEach((t, r) -> rows.put(t.name(), r));
    return rows;
  }

  private static String events(String options) {
    return "CREATE TABLE e (id INT, ts TIMESTAMP(3), r ROW<a INT, b STRING>,"
        + " WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH ('connector' = 'values', "
        + options
        + "'rows' = '[1, 2024-01-01 00:00:01, (7, \"x\")] [2, 2024-01-01 00:00:12, NULL]"
        + " [3, 2024-01-01 00:00:02, (8, \"y\")]');";
  }

  private static final String WINDOWS =
      "SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '10'"
          + " SECOND)) GROUP BY window_start, window_end;";

  private static final List<String> WITHOUT_LATE_ROW =
      List.of("+I[2024-01-01 00:00:00.000, 1]", "+I[2024-01-01 00:00:10.000, 1]");

  @Test
  void assignerWithIntervalZeroDropsLateRows() throws Exception {
    String script = "SET 'pipeline.auto-watermark-interval' = '0';" + events("") + WINDOWS;
    assertEquals(WITHOUT_LATE_ROW, run(script).get("SELECT"));
  }

  @Test
  void pushedDownOnEventWatermarksDropLateRows() throws Exception {
    String options = "'abilities' = 'watermark', 'scan.watermark.emit.strategy' = 'on-event', ";
    assertEquals(WITHOUT_LATE_ROW, run(events(options) + WINDOWS).get("SELECT"));
  }

  @Test
  void writtenWatermarksDropLateRows() throws Exception {
    String script =
        "CREATE TABLE e (id INT, ts TIMESTAMP(3), WATERMARK FOR ts AS SOURCE_WATERMARK()) WITH"
            + " ('connector' = 'values', 'rows' = '[1, 2024-01-01 00:00:01]\n"
            + "@watermark 2024-01-01 00:00:10\n@pause 10\n[2, 2024-01-01 00:00:02]"
            + " [3, 2024-01-01 00:00:12]');";
    assertEquals(WITHOUT_LATE_ROW, run(script + WINDOWS).get("SELECT"));
  }

  @Test
  void pushDownsChangeNoResult() throws Exception {
    String query = "SELECT r.b, id FROM e WHERE id <> 2 LIMIT 2;";
    List<String> plain = run(events("") + query).get("SELECT");
    assertEquals(List.of("+I[\"x\", 1]", "+I[\"y\", 3]"), plain);
    String options = "'abilities' = 'nested-projection, limit', ";
    assertEquals(plain, run(events(options) + query).get("SELECT"));
    assertEquals(
        List.of("+I[\"x\"]", "+I[NULL]"),
        run(events(options) + "SELECT r.b FROM e LIMIT 2;").get("SELECT").stream()
            .sorted()
            .toList());
  }

  @Test
  void upsertSourceAndSink() throws Exception {
    String script =
        "CREATE TABLE u (k INT, v INT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'values',"
            + " 'changelog-mode' = 'I,UA,D', 'rows' = '[1, 1] [2, 2] +U[1, 3] -D[2, 2]');"
            + "CREATE TABLE s (v INT, n BIGINT, PRIMARY KEY (v) NOT ENFORCED) WITH ('connector' ="
            + " 'values', 'sink.changelog-mode' = 'I,UA,D');"
            + "INSERT INTO s SELECT v, COUNT(*) FROM u GROUP BY v; SELECT * FROM u;";
    Map<String, List<String>> rows = run(script);
    assertEquals(
        List.of("+I[1, 1]", "+I[2, 2]", "-U[1, 1]", "+U[1, 3]", "-D[2, 2]"), rows.get("SELECT"));
    assertEquals(
        List.of("+I[1, 1]", "+I[2, 1]", "-D[1, 1]", "+I[3, 1]", "-D[2, 1]"), rows.get("s"));
  }

  @Test
  void anyParallelismGivesTheSameRows() throws Exception {
    String script = events("") + "SELECT id, COUNT(*) FROM e GROUP BY id;";
    List<String> four = run(script, "parallelism.default=4").get("SELECT");
    assertEquals(List.of("+I[1, 1]", "+I[2, 1]", "+I[3, 1]"), four.stream().sorted().toList());
  }

  @Test
  void survivesCheckpoints() throws Exception {
    String script = events("") + "SELECT id FROM e;";
    assertEquals(
        List.of("+I[1]", "+I[2]", "+I[3]"),
        run(script, "execution.checkpointing.interval=10 ms").get("SELECT"));
  }

  @Test
  void rowsAreCheckedBeforeTheJobStarts() {
    String script =
        "CREATE TABLE t (a INT) WITH ('connector' = 'values', 'rows' = '-D[1]'); SELECT a FROM t;";
    Exception error = assertThrows(ValidationException.class, () -> run(script));
    assertTrue(error.getCause().getMessage().contains("'changelog-mode'"), error::toString);
  }

  @Test
  void unboundedSourcesStayOpen() {
    String script = events("'bounded' = 'false', ") + "SELECT id FROM e;";
    assertThrows(TimeoutException.class, () -> run(script, 1));
  }
}
