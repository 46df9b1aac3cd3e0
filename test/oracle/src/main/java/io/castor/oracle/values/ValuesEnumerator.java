package io.castor.oracle.values;

import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Gives the one split to subtask 0, and tells every reader that there are no more. */
final class ValuesEnumerator implements SplitEnumerator<ValuesSplit, Boolean> {

  private final SplitEnumeratorContext<ValuesSplit> context;
  private ValuesSplit unassigned;

  ValuesEnumerator(SplitEnumeratorContext<ValuesSplit> context, boolean assigned) {
    this.context = context;
    this.unassigned = assigned ? null : new ValuesSplit(0);
  }

  @Override
  public void start() {}

  @Override
  public void addReader(int subtask) {
    if (subtask == 0 && unassigned != null) {
      context.assignSplit(unassigned, 0);
      unassigned = null;
    }
    context.signalNoMoreSplits(subtask);
  }

  @Override
  public void handleSplitRequest(int subtask, String host) {}

  @Override
  public void addSplitsBack(List<ValuesSplit> splits, int subtask) {
    unassigned = splits.isEmpty() ? unassigned : splits.get(0);
  }

  /** Whether the split is with a reader, whose state then has it. */
  @Override
  public Boolean snapshotState(long checkpointId) {
    return unassigned == null;
  }

  @Override
  public void close() {}

  static final class StateSerializer implements SimpleVersionedSerializer<Boolean> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(Boolean assigned) {
      return new byte[] {(byte) (assigned ? 1 : 0)};
    }

    @Override
    public Boolean deserialize(int version, byte[] bytes) {
      return bytes[0] == 1;
    }
  }
}
