package io.castor.nexmark.hash;

import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.RowType;

/** {@code connector = 'hash'}; {@code spec/row-hash.md}. */
public final class HashTableFactory implements DynamicTableSinkFactory {
  private static final ConfigOption<String> PATH =
      ConfigOptions.key("path").stringType().noDefaultValue();
  private static final ConfigOption<List<String>> SUM_COLUMNS =
      ConfigOptions.key("sum-columns").stringType().asList().defaultValues();

  @Override
  public DynamicTableSink createDynamicTableSink(Context context) {
    FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
    helper.validate();
    ReadableConfig options = helper.getOptions();
    RowType type = (RowType) context.getPhysicalRowDataType().getLogicalType();
    List<String> sumColumns = options.get(SUM_COLUMNS);
    for (String column : sumColumns) {
      requireInteger(type, column);
    }
    return new TableSink(new HashSink(type, options.getOptional(PATH).orElse(null), sumColumns));
  }

  private static void requireInteger(RowType type, String column) {
    int field = type.getFieldIndex(column);
    if (field < 0 || !type.getTypeAt(field).is(LogicalTypeFamily.INTEGER_NUMERIC)) {
      throw new ValidationException(
          "hash: sum-columns names " + column + ", which is not a column of integer type");
    }
  }

  @Override
  public String factoryIdentifier() {
    return "hash";
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of();
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of(PATH, SUM_COLUMNS);
  }

  /** Takes all that the query gives, so also -U: without it nothing would cancel out. */
  private record TableSink(HashSink sink) implements DynamicTableSink {
    @Override
    public ChangelogMode getChangelogMode(ChangelogMode requested) {
      return requested;
    }

    @Override
    public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
      return SinkV2Provider.of(sink);
    }

    @Override
    public DynamicTableSink copy() {
      return this;
    }

    @Override
    public String asSummaryString() {
      return "hash";
    }
  }
}
