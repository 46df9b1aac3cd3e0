package io.castor.planner;

import io.castor.planner.compile.Request;
import io.castor.planner.compile.ScriptCompiler;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Compiles a few small scripts for their side effect: classes get loaded and Flink's static tables
 * and generated metadata handlers made, so that the first real request is fast. The same run trains
 * the class-data archive.
 */
public final class WarmUp {

  private static final String TABLES =
      """
      CREATE TABLE s (id BIGINT, name STRING, price DECIMAL(10, 2), ts TIMESTAMP(3),
        r ROW<a INT, b STRING>, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
      WITH ('connector' = 'filesystem', 'path' = '/tmp/x', 'format' = 'json');
      CREATE TABLE t (id BIGINT, n BIGINT) WITH ('connector' = 'print');
      """;

  private static final List<String> SCRIPTS =
      List.of(
          TABLES + "SELECT id, UPPER(name), s.r.b FROM s WHERE price > 1.5 AND name LIKE 'a%';",
          TABLES
              + "CREATE VIEW v AS SELECT id, price, CASE WHEN id > 1 THEN 1 ELSE 0 END AS x FROM s;"
              + "INSERT INTO t SELECT id, COUNT(DISTINCT x) FROM v GROUP BY id;",
          TABLES
              + """
              SELECT window_start, id, COUNT(*), SUM(price), MAX(name) FROM TABLE(
                TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '10' SECOND))
              GROUP BY window_start, window_end, id;
              """,
          TABLES + "SELECT a.id, b.name FROM s a JOIN s b ON a.id = b.id AND a.price > b.price;");

  private WarmUp() {}

  public static void run(ScriptCompiler compiler) {
    for (String script : SCRIPTS) {
      compiler.compile(new Request(script, "warm-up", Map.of(), Path.of("/"), true));
    }
  }
}
