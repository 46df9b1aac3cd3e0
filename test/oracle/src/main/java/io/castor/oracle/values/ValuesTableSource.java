package io.castor.oracle.values;

import io.castor.planner.connector.AbilityProxy;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.ScanTableSource.ScanContext;
import org.apache.flink.table.connector.source.ScanTableSource.ScanRuntimeProvider;
import org.apache.flink.table.connector.source.abilities.SupportsFilterPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsLimitPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsProjectionPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.connector.source.abilities.SupportsSourceWatermark;
import org.apache.flink.table.connector.source.abilities.SupportsWatermarkPushDown;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/**
 * Table source of the {@code values} connector. Declares the abilities its table asks for, by
 * {@link AbilityProxy}, hence the public methods without interfaces.
 */
public final class ValuesTableSource {

  private final String text;
  private final RowType type;
  private final DataType physical;
  private final List<DataTypes.Field> metadata;
  private final ChangelogMode changelog;
  private final boolean bounded;
  private final Set<String> abilities;

  private int[][] physicalPaths;
  private int[][] metadataPaths = {};
  private DataType produced;
  private long limit = Long.MAX_VALUE;
  private WatermarkStrategy<RowData> watermarks = WatermarkStrategy.noWatermarks();

  private ValuesTableSource(
      String text,
      RowType type,
      DataType physical,
      List<DataTypes.Field> metadata,
      ChangelogMode changelog,
      boolean bounded,
      Set<String> abilities) {
    this.text = text;
    this.type = type;
    this.physical = physical;
    this.metadata = metadata;
    this.produced = physical;
    this.physicalPaths =
        IntStream.range(0, arity(physical)).mapToObj(i -> new int[] {i}).toArray(int[][]::new);
    this.changelog = changelog;
    this.bounded = bounded;
    this.abilities = abilities;
  }

  /**
   * @param type of the rows in the text: the physical columns, then the metadata
   */
  static DynamicTableSource create(
      String text,
      RowType type,
      DataType physical,
      List<DataTypes.Field> metadata,
      ChangelogMode changelog,
      boolean bounded,
      Set<String> abilities) {
    return new ValuesTableSource(text, type, physical, metadata, changelog, bounded, abilities)
        .proxy();
  }

  private static int arity(DataType row) {
    return DataType.getFieldCount(row);
  }

  private DynamicTableSource proxy() {
    Set<Class<?>> declared = new LinkedHashSet<>();
    declared.add(ScanTableSource.class);
    declared.add(SupportsSourceWatermark.class);
    if (abilities.contains("projection") || abilities.contains("nested-projection")) {
      declared.add(SupportsProjectionPushDown.class);
    }
    if (abilities.contains("filter")) {
      declared.add(SupportsFilterPushDown.class);
    }
    if (abilities.contains("limit")) {
      declared.add(SupportsLimitPushDown.class);
    }
    if (abilities.contains("watermark")) {
      declared.add(SupportsWatermarkPushDown.class);
    }
    if (!metadata.isEmpty()) {
      declared.add(SupportsReadingMetadata.class);
    }
    return (DynamicTableSource) AbilityProxy.of(this, declared);
  }

  public ChangelogMode getChangelogMode() {
    return changelog;
  }

  public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
    ValuesSource source =
        new ValuesSource(
            text, type, paths(), limit, bounded, context.createTypeInformation(produced));
    WatermarkStrategy<RowData> strategy = watermarks;
    return new DataStreamScanProvider() {
      @Override
      public DataStream<RowData> produceDataStream(
          ProviderContext provider, StreamExecutionEnvironment environment) {
        return environment.fromSource(source, strategy, "values");
      }

      @Override
      public boolean isBounded() {
        return source.bounded();
      }
    };
  }

  public DynamicTableSource copy() {
    ValuesTableSource copy =
        new ValuesTableSource(text, type, physical, metadata, changelog, bounded, abilities);
    copy.physicalPaths = physicalPaths;
    copy.metadataPaths = metadataPaths;
    copy.produced = produced;
    copy.limit = limit;
    copy.watermarks = watermarks;
    return copy.proxy();
  }

  public String asSummaryString() {
    return "Values";
  }

  public boolean supportsNestedProjection() {
    return abilities.contains("nested-projection");
  }

  public void applyProjection(int[][] projectedFields, DataType producedDataType) {
    physicalPaths = projectedFields;
    produced = producedDataType;
  }

  public Map<String, DataType> listReadableMetadata() {
    Map<String, DataType> types = new LinkedHashMap<>();
    metadata.forEach(f -> types.put(f.getName(), f.getDataType()));
    return types;
  }

  public void applyReadableMetadata(List<String> keys, DataType producedDataType) {
    List<String> names = metadata.stream().map(DataTypes.Field::getName).toList();
    metadataPaths =
        keys.stream()
            .map(key -> new int[] {arity(physical) + names.indexOf(key)})
            .toArray(int[][]::new);
    produced = producedDataType;
  }

  /** The physical columns as projected, then metadata. */
  private int[][] paths() {
    return Stream.of(physicalPaths, metadataPaths).flatMap(Stream::of).toArray(int[][]::new);
  }

  public SupportsFilterPushDown.Result applyFilters(List<ResolvedExpression> filters) {
    return SupportsFilterPushDown.Result.of(filters, filters);
  }

  public void applyLimit(long rows) {
    limit = rows;
  }

  public void applyWatermark(WatermarkStrategy<RowData> strategy) {
    watermarks = strategy;
  }

  public void applySourceWatermark() {}
}
