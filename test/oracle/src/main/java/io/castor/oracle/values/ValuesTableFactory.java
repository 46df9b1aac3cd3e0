package io.castor.oracle.values;

import io.castor.oracle.rowtext.Item;
import io.castor.oracle.rowtext.RowTextException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/** Factory of the {@code values} connector on real Flink. */
public final class ValuesTableFactory
    implements DynamicTableSourceFactory, DynamicTableSinkFactory {

  /** Set for each run, to keep the rows of runs apart. */
  public static final ConfigOption<String> RUN =
      ConfigOptions.key("castor.oracle.run").stringType().defaultValue("");

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    ReadableConfig options = validated(context);
    String text = ValuesOptions.text(options);
    ChangelogMode changelog = ValuesOptions.changelog(options.get(ValuesOptions.CHANGELOG_MODE));
    DataType physical = context.getPhysicalRowDataType();
    List<DataTypes.Field> metadata =
        ValuesOptions.fields(options.get(ValuesOptions.READABLE_METADATA));
    RowType written = written(physical, metadata);
    checkRows(context.getObjectIdentifier().getObjectName(), text, written, changelog);
    Set<String> abilities = Set.of(options.get(ValuesOptions.ABILITIES).strip().split("\\s*,\\s*"));
    return ValuesTableSource.create(
        text,
        written,
        physical,
        metadata,
        changelog,
        options.get(ValuesOptions.BOUNDED),
        abilities);
  }

  @Override
  public DynamicTableSink createDynamicTableSink(Context context) {
    ReadableConfig options = validated(context);
    String kinds = options.get(ValuesOptions.SINK_CHANGELOG_MODE);
    boolean always = kinds.endsWith(ValuesOptions.ALWAYS);
    return new ValuesTableSink(
        context.getConfiguration().get(RUN),
        context.getObjectIdentifier().getObjectName(),
        (RowType) context.getPhysicalRowDataType().getLogicalType(),
        ValuesOptions.fields(options.get(ValuesOptions.WRITABLE_METADATA)),
        ValuesOptions.changelog(kinds.replace(ValuesOptions.ALWAYS, "")),
        always);
  }

  private ReadableConfig validated(Context context) {
    FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
    helper.validate();
    return helper.getOptions();
  }

  /** The physical columns, and the metadata columns behind them. */
  private static RowType written(DataType physical, List<DataTypes.Field> metadata) {
    List<RowType.RowField> fields =
        new ArrayList<>(((RowType) physical.getLogicalType()).getFields());
    metadata.forEach(
        f -> fields.add(new RowType.RowField(f.getName(), f.getDataType().getLogicalType())));
    return new RowType(false, fields);
  }

  private static void checkRows(String table, String text, RowType type, ChangelogMode changelog) {
    try {
      for (Item item : Item.read(text, type)) {
        if (item.row() != null && !changelog.contains(item.row().getRowKind())) {
          throw new RowTextException(
              "row kind " + item.row().getRowKind().shortString() + " is not in 'changelog-mode'");
        }
      }
    } catch (RowTextException e) {
      throw new ValidationException("Table " + table + ", rows: " + e.getMessage(), e);
    }
  }

  @Override
  public String factoryIdentifier() {
    return "values";
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of();
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return ValuesOptions.ALL;
  }
}
