package io.castor.oracle.values;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.utils.LogicalTypeParser;
import org.apache.flink.table.types.utils.TypeConversions;
import org.apache.flink.types.RowKind;

/** The options of {@code spec/options/values.json} as Flink wants them. */
final class ValuesOptions {

  static final ConfigOption<String> ROWS = ConfigOptions.key("rows").stringType().noDefaultValue();
  static final ConfigOption<String> ROWS_PATH =
      ConfigOptions.key("rows.path").stringType().noDefaultValue();
  static final ConfigOption<String> CHANGELOG_MODE =
      ConfigOptions.key("changelog-mode").stringType().defaultValue("I");
  static final ConfigOption<Boolean> BOUNDED =
      ConfigOptions.key("bounded").booleanType().defaultValue(true);
  static final ConfigOption<String> ABILITIES =
      ConfigOptions.key("abilities").stringType().defaultValue("");
  static final ConfigOption<String> READABLE_METADATA =
      ConfigOptions.key("readable-metadata").stringType().defaultValue("");
  static final ConfigOption<String> PARTITIONS =
      ConfigOptions.key("partitions").stringType().noDefaultValue();
  static final ConfigOption<String> WRITABLE_METADATA =
      ConfigOptions.key("writable-metadata").stringType().defaultValue("");
  static final ConfigOption<String> SINK_CHANGELOG_MODE =
      ConfigOptions.key("sink.changelog-mode").stringType().defaultValue("I,UB,UA,D");
  static final ConfigOption<String> PATH = ConfigOptions.key("path").stringType().noDefaultValue();

  static final Set<ConfigOption<?>> ALL =
      Set.of(
          ROWS,
          ROWS_PATH,
          CHANGELOG_MODE,
          BOUNDED,
          ABILITIES,
          READABLE_METADATA,
          PARTITIONS,
          WRITABLE_METADATA,
          SINK_CHANGELOG_MODE,
          PATH);

  /** Behind the kinds of a sink: they hold for an insert-only query too. */
  static final String ALWAYS = ",always";

  private ValuesOptions() {}

  /** The rows, wherever they stand. */
  static String text(ReadableConfig options) {
    if (options.getOptional(ROWS).isPresent() && options.getOptional(ROWS_PATH).isPresent()) {
      throw new ValidationException("Give 'rows' or 'rows.path', not both.");
    }
    try {
      return options.getOptional(ROWS_PATH).isPresent()
          ? Files.readString(Path.of(options.get(ROWS_PATH)))
          : options.getOptional(ROWS).orElse("");
    } catch (IOException e) {
      throw new ValidationException("'rows.path' cannot be read: " + e.getMessage(), e);
    }
  }

  /** Columns written like the fields of a ROW type. */
  static List<DataTypes.Field> fields(String text) {
    if (text.isBlank()) {
      return List.of();
    }
    ClassLoader loader = ValuesOptions.class.getClassLoader();
    LogicalType row = LogicalTypeParser.parse("ROW<" + text + ">", loader);
    return DataType.getFields(TypeConversions.fromLogicalToDataType(row));
  }

  static ChangelogMode changelog(String kinds) {
    ChangelogMode.Builder builder = ChangelogMode.newBuilder();
    for (String kind : kinds.split(",")) {
      if (kind.strip().equals("DK")) {
        builder.keyOnlyDeletes(true);
      }
      builder.addContainedKind(
          switch (kind.strip()) {
            case "I" -> RowKind.INSERT;
            case "UB" -> RowKind.UPDATE_BEFORE;
            case "UA" -> RowKind.UPDATE_AFTER;
            case "D", "DK" -> RowKind.DELETE;
            default -> throw new ValidationException("Unknown row kind '" + kind + "'.");
          });
    }
    return builder.build();
  }
}
