package io.castor.conformance;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.test.program.SinkTestStep;
import org.apache.flink.table.test.program.SourceTestStep;
import org.apache.flink.table.test.program.TableTestStep;

/**
 * The tables of a table test program as tables of Castor's {@code values} connector. Flink's own
 * test connector ({@code TestValuesTableFactory}) says what each option means; one without a
 * counterpart makes the test unsupported by name.
 */
final class TestTable {

  /** Options that say how Flink's test connector is made, or what Castor's does anyway. */
  private static final Set<String> WITHOUT_MEANING =
      Set.of(
          "connector",
          "runtime-source",
          "runtime-sink",
          "disable-lookup",
          "enable-watermark-push-down",
          "terminating",
          "bounded",
          "async",
          "sink-expected-messages-num");

  private final TableTestStep step;
  private final Map<String, String> given;
  private final Map<String, String> options = new LinkedHashMap<>();
  private boolean holdsAlways;

  private TestTable(TableTestStep step) {
    this.step = step;
    this.given = new TreeMap<>(step.options);
    WITHOUT_MEANING.forEach(given::remove);
    options.put("connector", "values");
  }

  /**
   * @param rows row text
   * @param bounded whether the source ends behind its last row
   */
  static Step source(SourceTestStep step, String rows, boolean bounded) {
    TestTable table = new TestTable(step);
    table.options.put("rows", rows);
    table.options.put("bounded", "" + bounded);
    table.options.put(
        "changelog-mode", table.deletesByKey("source.produces-delete-by-key", table.sourceMode()));
    table.options.put("abilities", table.abilities());
    table.takeMetadata(TableMetadata.READABLE);
    if (!TableMetadata.isReadable(step)) {
      table.options.remove(TableMetadata.READABLE.key());
    }
    table.takePartitions();
    boolean watermark = step.schemaComponents.stream().anyMatch(TestTable::isWatermark);
    if (watermark) {
      table.options.put("scan.watermark.emit.strategy", "on-event");
    }
    table.passOn("scan.watermark.");
    table.takeSinkSide();
    return table.create(step.partitionKeys);
  }

  /**
   * @param folder where the rows go
   */
  static Step sink(SinkTestStep step, Path folder) {
    TestTable table = new TestTable(step);
    table.options.put("path", folder.toString());
    table.options.put(
        "sink.changelog-mode",
        table.deletesByKey("sink.supports-delete-by-key", table.sinkMode())
            + (table.holdsAlways ? ",always" : ""));
    table.take("changelog-mode", "");
    table.take("source.produces-delete-by-key", "");
    table.takeMetadata(TableMetadata.WRITABLE);
    table.take("partition-list", "");
    return table.create(step.partitionKeys);
  }

  /** The option has the same name in both connectors. */
  private void takeMetadata(ConfigOption<Map<String, String>> option) {
    String columns = TableMetadata.columns(step, option);
    take(option.key(), "");
    if (!columns.isEmpty()) {
      options.put(option.key(), columns);
    }
  }

  /** {@code b:1;b:2} in the test; of two values of one key the last counts. */
  private void takePartitions() {
    String list = take("partition-list", "");
    if (list.isEmpty() || step.partitionKeys.isEmpty()) {
      return;
    }
    List<String> partitions = new ArrayList<>();
    for (String partition : list.split(";")) {
      Map<String, String> values = new LinkedHashMap<>();
      for (String pair : partition.split(",")) {
        values.put(pair.substring(0, pair.indexOf(':')), pair.substring(pair.indexOf(':') + 1));
      }
      partitions.add(
          values.entrySet().stream()
              .map(v -> v.getKey() + "=" + v.getValue())
              .collect(Collectors.joining(",")));
    }
    options.put("partitions", String.join(";", partitions));
  }

  private static boolean isWatermark(String component) {
    return component.startsWith("WATERMARK FOR");
  }

  private String abilities() {
    boolean projection = take("enable-projection-push-down", "true").equals("true");
    boolean filter = !take("filterable-fields", "").isEmpty();
    boolean nested = take("nested-projection-supported", "false").equals("true");
    String abilities = filter ? "limit,filter" : "limit";
    if (projection) {
      abilities += nested ? ",nested-projection" : ",projection";
    }
    boolean watermark = step.schemaComponents.stream().anyMatch(TestTable::isWatermark);
    return watermark ? abilities + ",watermark" : abilities;
  }

  /**
   * A mode of updates alone means the same to the plan as one with inserts, which all ours have.
   */
  private String sourceMode() {
    String mode = take("changelog-mode", "I");
    return mode.startsWith("I") ? mode : "I," + mode;
  }

  /** As {@code TestValuesTableSink.getChangelogMode}. */
  private String sinkMode() {
    String enforced = take("sink-changelog-mode-enforced", "");
    boolean insertOnly = take("sink-insert-only", "false").equals("true");
    if (!enforced.isEmpty()) {
      holdsAlways = true;
      return enforced;
    }
    boolean key = step.schemaComponents.stream().anyMatch(c -> c.contains("PRIMARY KEY"));
    holdsAlways = key;
    return insertOnly ? "I" : key ? "I,UA,D" : "I,UB,UA,D";
  }

  private void takeSinkSide() {
    take("sink-changelog-mode-enforced", "");
    take("sink.supports-delete-by-key", "");
    take("sink-insert-only", "");
  }

  private String deletesByKey(String option, String mode) {
    return take(option, "false").equals("true") ? mode.replaceFirst("D$", "DK") : mode;
  }

  private String take(String option, String otherwise) {
    String value = given.remove(option);
    return value == null ? otherwise : value;
  }

  private void passOn(String prefix) {
    given.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            options.put(key, value);
          }
        });
    given.keySet().removeIf(key -> key.startsWith(prefix));
  }

  private Step create(List<String> partitions) {
    if (!given.isEmpty()) {
      throw new Unsupported("values connector: option " + given.keySet().iterator().next());
    }
    if (!step.indexes.isEmpty()) {
      throw new Unsupported("values connector: indexes of a table");
    }
    return new Step.Sql(ddl(step, partitions, options));
  }

  /** The DDL that {@code TableTestStep.apply} writes. */
  private static String ddl(
      TableTestStep step, List<String> partitionKeys, Map<String, String> options) {
    String distribution = step.distribution == null ? "" : step.distribution + "\n";
    String partitions =
        partitionKeys.isEmpty()
            ? ""
            : "PARTITIONED BY (" + String.join(", ", partitionKeys) + ")\n";
    return "CREATE TABLE %s (\n%s)\n%s%sWITH (\n%s)"
        .formatted(
            step.name,
            String.join(",\n", step.schemaComponents),
            distribution,
            partitions,
            options.entrySet().stream()
                .map(o -> "'%s' = '%s'".formatted(o.getKey(), o.getValue().replace("'", "''")))
                .collect(Collectors.joining(",\n")));
  }

  /** Names of columns and so on of a table, for those who only want its schema. */
  static String bareDdl(TableTestStep step) {
    return ddl(step, List.of(), Map.of("connector", "values"));
  }

  static List<String> names(List<? extends TableTestStep> steps) {
    return steps.stream().map(s -> s.name).toList();
  }
}
