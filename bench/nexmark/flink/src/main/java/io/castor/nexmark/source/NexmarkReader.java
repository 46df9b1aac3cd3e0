package io.castor.nexmark.source;

import io.castor.nexmark.generator.EventGenerator;
import io.castor.nexmark.generator.NexmarkConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.table.data.RowData;

/**
 * Reads splits epoch by epoch. With several splits (after a restore at a lower parallelism) each
 * epoch comes from the split that is furthest behind.
 */
final class NexmarkReader implements SourceReader<RowData, NexmarkSplit> {
  private final SourceReaderContext context;
  private final NexmarkConfig config;
  private final EventGenerator generator;
  private final long epochSize;
  private final long lastEvent;

  /** Splits not being read now. */
  private final List<NexmarkSplit> waiting = new ArrayList<>();

  /** The split being read, whose place is kept in {@link #epoch} and {@link #offset}. */
  private NexmarkSplit current;

  private long epoch;
  private long offset;
  private boolean noMoreSplits;
  private CompletableFuture<Void> available = new CompletableFuture<>();

  /**
   * Wall clock less event time, 0 where events lie in the future; fixed when a paced reader looks
   * at its first event.
   */
  private long clockLead = Long.MIN_VALUE;

  /** When the input ends; fixed when the last event has been read. */
  private long endAt = Long.MAX_VALUE;

  NexmarkReader(SourceReaderContext context, NexmarkConfig config) {
    this.context = context;
    this.config = config;
    this.generator = new EventGenerator(config);
    this.epochSize = config.epochSize();
    this.lastEvent = config.lastEvent();
  }

  @Override
  public void start() {
    if (current == null) {
      context.sendSplitRequest();
    }
  }

  @Override
  public InputStatus pollNext(ReaderOutput<RowData> output) {
    if (current == null) {
      return nothingToRead();
    }
    if (config.paced && !isDue()) {
      return InputStatus.NOTHING_AVAILABLE;
    }
    output.collect(generator.event(epoch, offset));
    if (++offset == epochSize || epoch * epochSize + offset >= lastEvent) {
      nextEpoch();
    }
    return InputStatus.MORE_AVAILABLE;
  }

  private InputStatus nothingToRead() {
    if (noMoreSplits && !config.keepAlive) {
      long now = System.currentTimeMillis();
      if (endAt == Long.MAX_VALUE) {
        endAt = now + config.lingerMillis;
      }
      if (now >= endAt) {
        return InputStatus.END_OF_INPUT;
      }
      available = after(endAt - now);
    } else if (available.isDone()) {
      available = new CompletableFuture<>();
    }
    return InputStatus.NOTHING_AVAILABLE;
  }

  private static CompletableFuture<Void> after(long millis) {
    return CompletableFuture.runAsync(
        () -> {}, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
  }

  private void nextEpoch() {
    Milestones.pass(epoch * epochSize + offset);
    boolean whole = offset == epochSize;
    park(current, whole ? epoch + current.stride() : epoch, whole ? 0 : offset);
    current = null;
    resumeFurthestBehind();
    if (current == null) {
      context.sendSplitRequest();
    }
  }

  private void park(NexmarkSplit split, long atEpoch, long atOffset) {
    waiting.add(new NexmarkSplit(split.first(), split.stride(), atEpoch, atOffset));
  }

  /** Takes up the unfinished split with the earliest next event, if there is one. */
  private void resumeFurthestBehind() {
    NexmarkSplit next = null;
    for (NexmarkSplit split : waiting) {
      if (event(split) < lastEvent && (next == null || event(split) < event(next))) {
        next = split;
      }
    }
    if (next != null) {
      waiting.remove(next);
      current = next;
      epoch = next.epoch();
      offset = next.offset();
    }
  }

  private long event(NexmarkSplit split) {
    return split.epoch() * epochSize + split.offset();
  }

  private boolean isDue() {
    long now = System.currentTimeMillis();
    long eventTime = config.time(epoch * epochSize + offset);
    if (clockLead == Long.MIN_VALUE) {
      clockLead = Math.max(now - eventTime, 0);
    }
    long wait = eventTime + clockLead - now;
    if (wait <= 0) {
      return true;
    }
    available = after(wait);
    return false;
  }

  @Override
  public List<NexmarkSplit> snapshotState(long checkpoint) {
    List<NexmarkSplit> splits = new ArrayList<>(waiting);
    if (current != null) {
      splits.add(new NexmarkSplit(current.first(), current.stride(), epoch, offset));
    }
    return splits;
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return current != null && !config.paced ? CompletableFuture.completedFuture(null) : available;
  }

  @Override
  public void addSplits(List<NexmarkSplit> splits) {
    waiting.addAll(splits);
    if (current == null) {
      resumeFurthestBehind();
    }
    wake(current == null);
  }

  @Override
  public void notifyNoMoreSplits() {
    noMoreSplits = true;
    available.complete(null);
  }

  /** A restored split may have been read to its end: then ask for another. */
  private void wake(boolean nothingLeft) {
    if (nothingLeft) {
      context.sendSplitRequest();
    }
    available.complete(null);
  }

  @Override
  public void close() {}
}
