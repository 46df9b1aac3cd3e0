package io.castor.nexmark.source;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import javax.annotation.Nullable;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;

/**
 * Hands one split to each reader that asks, of those that are its own: one that has read its own to
 * the end would come too late with the events of another, for windows that are closed by then.
 */
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
    NexmarkSplit split = take(reader, context.currentParallelism());
    if (split == null) {
      context.signalNoMoreSplits(reader);
    } else {
      context.assignSplit(split, reader);
    }
  }

  /** Null: there is none for it. */
  @Nullable
  NexmarkSplit take(int reader, int readers) {
    for (NexmarkSplit split : free) {
      if (split.first() % readers == reader) {
        free.remove(split);
        return split;
      }
    }
    return null;
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
