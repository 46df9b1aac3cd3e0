package io.castor.planner.connector;

import io.castor.planner.connector.ConnectorSpec.Abilities;
import io.castor.planner.connector.ConnectorSpec.SourceSpec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsFilterPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsLimitPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsPartitionPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsProjectionPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.connector.source.abilities.SupportsSourceWatermark;
import org.apache.flink.table.connector.source.abilities.SupportsWatermarkPushDown;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.types.DataType;

/**
 * A table source that exists only while planning. It declares what its option file says, accepts
 * the planner's push-downs, and forgets them: they are in the plan. Its methods are called through
 * {@link AbilityProxy}, hence public and without interfaces.
 */
public final class SpecSource {

  private final SourceSpec spec;
  private final Abilities abilities;
  private final ChangelogMode changelog;
  private final Map<String, DataType> metadata;
  private final Supplier<List<Map<String, String>>> partitions;

  private SpecSource(
      SourceSpec spec,
      Abilities abilities,
      ChangelogMode changelog,
      Map<String, DataType> metadata,
      Supplier<List<Map<String, String>>> partitions) {
    this.spec = spec;
    this.abilities = abilities;
    this.changelog = changelog;
    this.metadata = metadata;
    this.partitions = partitions;
  }

  static DynamicTableSource create(
      TableOptions options,
      Map<String, DataType> metadata,
      Supplier<List<Map<String, String>>> partitions) {
    SourceSpec spec = options.connector().source();
    Abilities abilities =
        spec.abilitiesOption() == null
            ? spec.abilities()
            : parse(options.get(spec.abilitiesOption()));
    ChangelogMode changelog = Changelogs.ofSource(spec.changelog(), options);
    return new SpecSource(spec, abilities, changelog, metadata, partitions).proxy();
  }

  private static Abilities parse(String list) {
    List<String> names = List.of(list.strip().split("\\s*,\\s*"));
    boolean nested = names.contains("nested-projection");
    return new Abilities(
        nested || names.contains("projection"),
        nested,
        names.contains("filter"),
        names.contains("limit"),
        names.contains("watermark"));
  }

  private DynamicTableSource proxy() {
    Set<Class<?>> declared = new LinkedHashSet<>();
    declared.add(ScanTableSource.class);
    addIf(declared, abilities.projection(), SupportsProjectionPushDown.class);
    addIf(declared, abilities.filter(), SupportsFilterPushDown.class);
    addIf(declared, abilities.limit(), SupportsLimitPushDown.class);
    addIf(declared, abilities.watermark(), SupportsWatermarkPushDown.class);
    addIf(declared, spec.sourceWatermark(), SupportsSourceWatermark.class);
    addIf(declared, partitions != null, SupportsPartitionPushDown.class);
    addIf(declared, !metadata.isEmpty(), SupportsReadingMetadata.class);
    return (DynamicTableSource) AbilityProxy.of(this, declared);
  }

  private static void addIf(Set<Class<?>> set, boolean condition, Class<?> ability) {
    if (condition) {
      set.add(ability);
    }
  }

  public ChangelogMode getChangelogMode() {
    return changelog;
  }

  public DynamicTableSource copy() {
    return proxy();
  }

  public String asSummaryString() {
    return spec.summary();
  }

  public boolean supportsNestedProjection() {
    return abilities.nestedProjection();
  }

  public void applyProjection(int[][] projectedFields, DataType producedDataType) {}

  /** As Flink's file system: the source sees all filters, and the plan keeps them all. */
  public SupportsFilterPushDown.Result applyFilters(List<ResolvedExpression> filters) {
    return SupportsFilterPushDown.Result.of(filters, filters);
  }

  public void applyLimit(long limit) {}

  public void applyWatermark(WatermarkStrategy<RowData> strategy) {}

  public void applySourceWatermark() {}

  public Map<String, DataType> listReadableMetadata() {
    return metadata;
  }

  public void applyReadableMetadata(List<String> keys, DataType producedDataType) {}

  public Optional<List<Map<String, String>>> listPartitions() {
    return Optional.of(partitions.get());
  }

  public void applyPartitions(List<Map<String, String>> remaining) {}
}
