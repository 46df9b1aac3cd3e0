package io.castor.oracle.values;

import io.castor.oracle.rowtext.RowTextWriter;
import java.io.Serializable;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.TableDistribution;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.connector.sink.abilities.SupportsBucketing;
import org.apache.flink.table.connector.sink.abilities.SupportsOverwrite;
import org.apache.flink.table.connector.sink.abilities.SupportsPartitioning;
import org.apache.flink.table.connector.sink.abilities.SupportsWritingMetadata;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.RowKind;

/** Table sink of the {@code values} connector: hands each row as text to {@link Collected}. */
final class ValuesTableSink
    implements DynamicTableSink,
        SupportsBucketing,
        SupportsPartitioning,
        SupportsOverwrite,
        SupportsWritingMetadata {

  private final String run;
  private final String table;
  private final List<DataTypes.Field> metadata;
  private final ChangelogMode accepted;
  private final boolean always;

  private RowType consumed;

  /**
   * @param always the accepted kinds hold for an insert-only query too
   */
  ValuesTableSink(
      String run,
      String table,
      RowType consumed,
      List<DataTypes.Field> metadata,
      ChangelogMode accepted,
      boolean always) {
    this.run = run;
    this.table = table;
    this.consumed = consumed;
    this.metadata = metadata;
    this.accepted = accepted;
    this.always = always;
  }

  @Override
  public ChangelogMode getChangelogMode(ChangelogMode requested) {
    return requested.containsOnly(RowKind.INSERT) && !always ? requested : accepted;
  }

  @Override
  public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
    return SinkV2Provider.of(new CollectingSink(run, table, new RowTextWriter(consumed)));
  }

  @Override
  public Set<TableDistribution.Kind> listAlgorithms() {
    return EnumSet.allOf(TableDistribution.Kind.class);
  }

  @Override
  public boolean requiresBucketCount() {
    return false;
  }

  @Override
  public void applyStaticPartition(Map<String, String> partition) {}

  @Override
  public void applyOverwrite(boolean overwrite) {}

  @Override
  public Map<String, DataType> listWritableMetadata() {
    Map<String, DataType> types = new LinkedHashMap<>();
    metadata.forEach(f -> types.put(f.getName(), f.getDataType()));
    return types;
  }

  @Override
  public void applyWritableMetadata(List<String> keys, DataType consumedDataType) {
    consumed = (RowType) consumedDataType.getLogicalType();
  }

  @Override
  public DynamicTableSink copy() {
    return new ValuesTableSink(run, table, consumed, metadata, accepted, always);
  }

  @Override
  public String asSummaryString() {
    return "Values";
  }

  private record CollectingSink(String run, String table, RowTextWriter text)
      implements Sink<RowData>, Serializable {
    @Override
    public SinkWriter<RowData> createWriter(WriterInitContext context) {
      return new CollectingWriter(run, table, text);
    }
  }

  private record CollectingWriter(String run, String table, RowTextWriter text)
      implements SinkWriter<RowData> {
    @Override
    public void write(RowData row, Context context) {
      Collected.add(run, table, text.print(row));
    }

    @Override
    public void flush(boolean endOfInput) {}

    @Override
    public void close() {}
  }
}
