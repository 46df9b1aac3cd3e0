package io.castor.nexmark.source;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;

/** Hands one split to each reader that asks. */
final class NexmarkEnumerator implements SplitEnumerator<NexmarkSplit, List<NexmarkSplit>> {
  private final SplitEnumeratorContext<NexmarkSplit> context;
  private final Deque<NexmarkSplit> free;

  NexmarkEnumerator(SplitEnumeratorContext<NexmarkSplit> context, Collection<NexmarkSplit> splits) {
    this.context = context;
    this.free = new ArrayDeque<>(splits);
  }

  /** One split for each of {@code readers}. */
  static List<NexmarkSplit> firstSplits(int readers) {
    List<NexmarkSplit> splits = new ArrayList<>(readers);
    for (int i = 0; i < readers; i++) {
      splits.add(new NexmarkSplit(i, readers, i, 0));
    }
    return splits;
  }

  @Override
  public void start() {}

  @Override
  public void handleSplitRequest(int reader, String host) {
    if (!context.registeredReaders().containsKey(reader)) {
      return;
    }
    NexmarkSplit split = free.poll();
    if (split == null) {
      context.signalNoMoreSplits(reader);
    } else {
      context.assignSplit(split, reader);
    }
  }

  @Override
  public void addSplitsBack(List<NexmarkSplit> splits, int reader) {
    free.addAll(splits);
  }

  @Override
  public void addReader(int reader) {}

  @Override
  public List<NexmarkSplit> snapshotState(long checkpoint) {
    return new ArrayList<>(free);
  }

  @Override
  public void close() {}
}
