package io.castor.planner.connector;

import io.castor.planner.connector.ConnectorSpec.SinkSpec;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.table.catalog.TableDistribution;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.abilities.SupportsBucketing;
import org.apache.flink.table.connector.sink.abilities.SupportsOverwrite;
import org.apache.flink.table.connector.sink.abilities.SupportsPartitioning;
import org.apache.flink.table.connector.sink.abilities.SupportsWritingMetadata;
import org.apache.flink.table.types.DataType;

/** A table sink that exists only while planning; the counterpart of {@link SpecSource}. */
public final class SpecSink {

  private final SinkSpec spec;
  private final TableOptions options;
  private final Map<String, DataType> metadata;

  private SpecSink(SinkSpec spec, TableOptions options, Map<String, DataType> metadata) {
    this.spec = spec;
    this.options = options;
    this.metadata = metadata;
  }

  static DynamicTableSink create(TableOptions options, Map<String, DataType> metadata) {
    return new SpecSink(options.connector().sink(), options, metadata).proxy();
  }

  private DynamicTableSink proxy() {
    Set<Class<?>> declared = new LinkedHashSet<>();
    declared.add(DynamicTableSink.class);
    if (spec.partitions()) {
      declared.add(SupportsPartitioning.class);
    }
    if (spec.overwrite()) {
      declared.add(SupportsOverwrite.class);
    }
    if (spec.bucketing()) {
      declared.add(SupportsBucketing.class);
    }
    if (!metadata.isEmpty()) {
      declared.add(SupportsWritingMetadata.class);
    }
    return (DynamicTableSink) AbilityProxy.of(this, declared);
  }

  public ChangelogMode getChangelogMode(ChangelogMode requested) {
    return Changelogs.ofSink(spec.changelog(), options, requested);
  }

  public DynamicTableSink copy() {
    return proxy();
  }

  public String asSummaryString() {
    return spec.summary();
  }

  public void applyStaticPartition(Map<String, String> partition) {}

  public void applyOverwrite(boolean overwrite) {}

  public Set<TableDistribution.Kind> listAlgorithms() {
    return EnumSet.allOf(TableDistribution.Kind.class);
  }

  public boolean requiresBucketCount() {
    return false;
  }

  public Map<String, DataType> listWritableMetadata() {
    return metadata;
  }

  public void applyWritableMetadata(List<String> keys, DataType consumedDataType) {}
}
