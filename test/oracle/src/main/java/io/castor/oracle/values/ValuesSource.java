package io.castor.oracle.values;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;

/**
 * Flink source of the {@code values} connector; what it does is specified in {@code
 * spec/values-connector.md}.
 *
 * @param text rows and marks
 * @param type of the rows in the text
 * @param paths of the fields to emit, each a way through nested rows
 * @param limit most rows to emit
 */
record ValuesSource(
    String text,
    RowType type,
    int[][] paths,
    long limit,
    boolean bounded,
    TypeInformation<RowData> produced)
    implements Source<RowData, ValuesSplit, Boolean>, ResultTypeQueryable<RowData> {

  @Override
  public Boundedness getBoundedness() {
    return bounded ? Boundedness.BOUNDED : Boundedness.CONTINUOUS_UNBOUNDED;
  }

  @Override
  public SourceReader<RowData, ValuesSplit> createReader(SourceReaderContext context) {
    return new ValuesReader(this);
  }

  @Override
  public SplitEnumerator<ValuesSplit, Boolean> createEnumerator(
      SplitEnumeratorContext<ValuesSplit> context) {
    return new ValuesEnumerator(context, false);
  }

  @Override
  public SplitEnumerator<ValuesSplit, Boolean> restoreEnumerator(
      SplitEnumeratorContext<ValuesSplit> context, Boolean assigned) {
    return new ValuesEnumerator(context, assigned);
  }

  @Override
  public SimpleVersionedSerializer<ValuesSplit> getSplitSerializer() {
    return new ValuesSplit.Serializer();
  }

  @Override
  public SimpleVersionedSerializer<Boolean> getEnumeratorCheckpointSerializer() {
    return new ValuesEnumerator.StateSerializer();
  }

  @Override
  public TypeInformation<RowData> getProducedType() {
    return produced;
  }
}
