package io.castor.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.test.program.SinkTestStep;
import org.apache.flink.table.test.program.SourceTestStep;
import org.apache.flink.table.test.program.TableTestStep;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.utils.LogicalTypeParser;
import org.apache.flink.table.types.utils.TypeConversions;

/** Metadata columns of the tables of a program, and what their rows look like with them. */
final class TableMetadata {

  static final ConfigOption<Map<String, String>> READABLE =
      ConfigOptions.key("readable-metadata").mapType().defaultValue(Map.of());

  static final ConfigOption<Map<String, String>> WRITABLE =
      ConfigOptions.key("writable-metadata").mapType().defaultValue(Map.of());

  private TableMetadata() {}

  /** Type of the rows that a source gives: what is physical, then all metadata it has. */
  static DataType rowsOf(SourceTestStep step, ResolvedSchema schema) {
    List<DataTypes.Field> fields =
        new ArrayList<>(DataType.getFields(schema.toPhysicalRowDataType()));
    if (isReadable(step)) {
      metadata(step, READABLE)
          .forEach((name, type) -> fields.add(DataTypes.FIELD(name, parse(type))));
    }
    return DataTypes.ROW(fields.toArray(DataTypes.Field[]::new)).notNull();
  }

  /** Type of the rows that a sink takes: what is physical, then the metadata that is written. */
  static DataType rowsOf(SinkTestStep step, ResolvedSchema schema) {
    List<DataTypes.Field> fields =
        new ArrayList<>(DataType.getFields(schema.toPhysicalRowDataType()));
    for (String key : metadata(step, WRITABLE).keySet()) {
      for (Column column : schema.getColumns()) {
        if (column instanceof Column.MetadataColumn written
            && written.isPersisted()
            && written.getMetadataKey().orElse(written.getName()).equals(key)) {
          fields.add(DataTypes.FIELD(written.getName(), written.getDataType()));
        }
      }
    }
    return DataTypes.ROW(fields.toArray(DataTypes.Field[]::new)).notNull();
  }

  /** Some tests name metadata that no column of the table reads: their rows have none. */
  static boolean isReadable(SourceTestStep step) {
    return step.schemaComponents.stream().anyMatch(c -> c.contains(" METADATA"));
  }

  private static DataType parse(String type) {
    ClassLoader loader = TableMetadata.class.getClassLoader();
    return TypeConversions.fromLogicalToDataType(LogicalTypeParser.parse(type, loader));
  }

  private static Map<String, String> metadata(
      TableTestStep step, ConfigOption<Map<String, String>> option) {
    return Configuration.fromMap(step.options).get(option);
  }

  /** As Castor's connector names them: like the fields of a ROW type. */
  static String columns(TableTestStep step, ConfigOption<Map<String, String>> option) {
    return metadata(step, option).entrySet().stream()
        .map(c -> "`" + c.getKey() + "` " + parse(c.getValue()).getLogicalType())
        .collect(Collectors.joining(", "));
  }
}
