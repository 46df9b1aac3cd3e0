package io.castor.oracle.values;

import io.castor.oracle.rowtext.RowTextWriter;
import java.io.Serializable;
import java.util.EnumSet;
import java.util.Set;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.table.catalog.TableDistribution;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.connector.sink.abilities.SupportsBucketing;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.RowKind;

/** Table sink of the {@code values} connector: hands each row as text to {@link Collected}. */
record ValuesTableSink(
    String run, String table, RowType type, ChangelogMode accepted, boolean always)
    implements DynamicTableSink, SupportsBucketing {

  @Override
  public ChangelogMode getChangelogMode(ChangelogMode requested) {
    return requested.containsOnly(RowKind.INSERT) && !always ? requested : accepted;
  }

  @Override
  public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
    return SinkV2Provider.of(new CollectingSink(run, table, new RowTextWriter(type)));
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
  public DynamicTableSink copy() {
    return this;
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
