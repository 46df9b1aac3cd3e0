package io.castor.planner.connector;

import java.util.List;

/**
 * A connector as the planner sees it: its options and the abilities its two sides declare.
 *
 * @param formats formats it can be combined with; empty if it has none of its own
 * @param source null if it cannot be read
 * @param sink null if it cannot be written
 */
record ConnectorSpec(
    String name,
    boolean internal,
    List<OptionSpec> options,
    List<String> formats,
    SourceSpec source,
    SinkSpec sink) {

  /**
   * Where a side's changelog mode comes from: fixed kinds, the format, the query (sinks), or the
   * value of an option.
   */
  record Changelog(Kind kind, String value) {
    enum Kind {
      FIXED,
      FORMAT,
      REQUESTED,
      REQUESTED_WITHOUT_UPDATE_BEFORE,
      OPTION
    }
  }

  record MetadataColumn(String key, String type) {}

  /** Metadata columns: fixed ones, and those that an option of the table names. */
  record Metadata(List<MetadataColumn> columns, String option) {}

  /**
   * Options from which partitions are listed while planning: folders below a path, or a list.
   *
   * @param listOption null: folders
   */
  record Partitions(String pathOption, String defaultNameOption, String listOption) {}

  record SourceSpec(
      String summary,
      Changelog changelog,
      Abilities abilities,
      String abilitiesOption,
      Partitions partitions,
      Metadata metadata,
      boolean sourceWatermark) {}

  /**
   * Push-downs. A filter is accepted as Flink's file system accepts it: handed to the source, and
   * kept in the plan.
   */
  record Abilities(
      boolean projection,
      boolean nestedProjection,
      boolean filter,
      boolean limit,
      boolean watermark) {}

  record SinkSpec(
      String summary,
      Changelog changelog,
      boolean partitions,
      boolean overwrite,
      boolean bucketing,
      Metadata metadata) {}
}
