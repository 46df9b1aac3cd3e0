package io.castor.nexmark.source;

import io.castor.nexmark.generator.NexmarkConfig;
import java.util.List;
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

/** The deterministic Nexmark stream as a checkpointed Flink source. */
final class NexmarkSource
    implements Source<RowData, NexmarkSplit, List<NexmarkSplit>>, ResultTypeQueryable<RowData> {
  private static final long serialVersionUID = 1L;

  private final NexmarkConfig config;
  private final TypeInformation<RowData> type;

  NexmarkSource(NexmarkConfig config, TypeInformation<RowData> type) {
    this.config = config;
    this.type = type;
  }

  @Override
  public Boundedness getBoundedness() {
    return config.isBounded() ? Boundedness.BOUNDED : Boundedness.CONTINUOUS_UNBOUNDED;
  }

  @Override
  public SplitEnumerator<NexmarkSplit, List<NexmarkSplit>> createEnumerator(
      SplitEnumeratorContext<NexmarkSplit> context) {
    return new NexmarkEnumerator(
        context, NexmarkEnumerator.firstSplits(context.currentParallelism()));
  }

  @Override
  public SplitEnumerator<NexmarkSplit, List<NexmarkSplit>> restoreEnumerator(
      SplitEnumeratorContext<NexmarkSplit> context, List<NexmarkSplit> free) {
    return new NexmarkEnumerator(context, free);
  }

  @Override
  public SourceReader<RowData, NexmarkSplit> createReader(SourceReaderContext context) {
    return new NexmarkReader(context, config);
  }

  @Override
  public SimpleVersionedSerializer<NexmarkSplit> getSplitSerializer() {
    return NexmarkSplit.SERIALIZER;
  }

  @Override
  public SimpleVersionedSerializer<List<NexmarkSplit>> getEnumeratorCheckpointSerializer() {
    return NexmarkSplit.LIST_SERIALIZER;
  }

  @Override
  public TypeInformation<RowData> getProducedType() {
    return type;
  }
}
