package io.castor.planner.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.planner.plan.nodes.exec.ExecNodeContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans made with connectors from option files must be those made with Flink's own connectors. */
class PlanEqualityTest {

  @TempDir Path data;

  @BeforeEach
  void makePartitions() throws IOException {
    Files.createDirectories(data.resolve("day=1/hour=a"));
    Files.createDirectories(data.resolve("day=2/hour=b"));
    Files.createDirectories(data.resolve("day=3/hour=__DEFAULT_PARTITION__"));
  }

  private String compile(boolean own, String insert) throws IOException {
    TableEnvironment environment = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
    if (own) {
      SpecRegistry registry = SpecRegistry.load(List.of());
      environment.loadModule("castor", new SpecModule(registry, data, () -> {}));
    }
    for (String ddl : tables()) {
      environment.executeSql(ddl);
    }
    ExecNodeContext.resetIdCounter();
    return environment.compilePlanSql(insert).asJsonString();
  }

  private List<String> tables() {
    String columns =
        "(id BIGINT, name STRING, price DECIMAL(10, 2), r ROW<a INT, b STRING>, ts TIMESTAMP(3),"
            + " twice AS price * 2, %s WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)";
    String files = " WITH ('connector' = 'filesystem', 'path' = '" + data + "', 'format' = 'json')";
    return List.of(
        "CREATE TABLE files " + columns.formatted("") + files,
        "CREATE TABLE plain (id BIGINT, name STRING, price DECIMAL(10, 2), r ROW<a INT, b STRING>)"
            + files,
        "CREATE TABLE meta "
            + columns.formatted(
                "f STRING METADATA FROM 'file.name' VIRTUAL, `file.size` BIGINT METADATA,")
            + files,
        "CREATE TABLE parts (id BIGINT, v STRING, `day` INT, `hour` STRING) PARTITIONED BY"
            + " (`day`, `hour`) WITH ('connector' = 'filesystem', 'format' = 'csv', 'path' = '"
            + data
            + "')",
        "CREATE TABLE gen (id BIGINT, name STRING, ts AS LOCALTIMESTAMP) WITH ('connector' ="
            + " 'datagen', 'number-of-rows' = '10', 'fields.id.kind' = 'sequence',"
            + " 'fields.id.start' = '1', 'fields.id.end' = '10', 'fields.name.length' = '3')",
        "CREATE TABLE out_print (id BIGINT, name STRING) WITH ('connector' = 'print')",
        "CREATE TABLE out_key (id BIGINT, n BIGINT, PRIMARY KEY (id) NOT ENFORCED) WITH"
            + " ('connector' = 'print', 'print-identifier' = 'x')",
        "CREATE TABLE out_hole (id BIGINT, n BIGINT, PRIMARY KEY (id) NOT ENFORCED) WITH"
            + " ('connector' = 'blackhole')",
        "CREATE TABLE out_parts (id BIGINT, v STRING, `day` INT) PARTITIONED BY (`day`) WITH"
            + " ('connector' = 'filesystem', 'format' = 'json', 'path' = '/tmp/none')");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO out_print SELECT id, name FROM files",
        "INSERT INTO out_print SELECT id, r.b FROM plain WHERE price > 3 AND r.a = 2 AND"
            + " UPPER(name) = 'X'",
        "INSERT INTO out_print SELECT id, name FROM files WHERE twice > 1 LIMIT 5",
        "INSERT INTO out_print SELECT id, name FROM plain LIMIT 3",
        "INSERT INTO out_print SELECT `file.size`, f FROM meta WHERE `file.size` > 1",
        "INSERT INTO out_print SELECT id, v FROM parts WHERE `day` = 2 AND id > 1",
        "INSERT INTO out_print SELECT id, `hour` FROM parts WHERE `day` > 1 AND `hour` IS NULL",
        "INSERT INTO out_print SELECT id, name FROM gen LIMIT 3",
        "INSERT INTO out_print SELECT id, DATE_FORMAT(ts, 'yyyy') FROM gen",
        "INSERT INTO out_key SELECT id, COUNT(*) FROM files GROUP BY id",
        "INSERT INTO out_hole SELECT id, COUNT(*) FROM files GROUP BY id",
        "INSERT INTO out_hole SELECT a.id, b.id FROM files a LEFT JOIN gen b ON a.id = b.id ON"
            + " CONFLICT DO DEDUPLICATE",
        "INSERT INTO out_parts SELECT id, v, `day` FROM parts",
        "INSERT INTO out_parts PARTITION (`day` = 3) SELECT id, v FROM parts",
        "INSERT INTO out_key SELECT id, COUNT(*) FROM TABLE(TUMBLE(TABLE files, DESCRIPTOR(ts),"
            + " INTERVAL '1' MINUTE)) GROUP BY id, window_start, window_end",
      })
  void samePlan(String insert) throws IOException {
    assertEquals(compile(false, insert), compile(true, insert));
  }

  @Test
  void pushDownsDoHappen() throws IOException {
    String plan = compile(true, "INSERT INTO out_print SELECT id, name FROM plain WHERE price > 3");
    assertTrue(plan.contains("FilterPushDown") && plan.contains("ProjectPushDown"), plan);
  }
}
