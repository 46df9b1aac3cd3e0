package io.castor.nexmark.source;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Tells when the sources of this JVM have come to given event numbers. Readers ask once an epoch,
 * so that it costs the measured job nothing. One list a JVM, set before the job starts.
 */
public final class Milestones {
  private static final List<Long> AHEAD = new ArrayList<>();
  private static LongConsumer reached = event -> {};
  private static volatile long next = Long.MAX_VALUE;

  private Milestones() {}

  /** Calls {@code whenReached} once for each of the event numbers, which ascend. */
  public static synchronized void set(List<Long> events, LongConsumer whenReached) {
    AHEAD.clear();
    AHEAD.addAll(events);
    reached = whenReached;
    next = AHEAD.isEmpty() ? Long.MAX_VALUE : AHEAD.get(0);
  }

  static void pass(long event) {
    if (event >= next) {
      take(event);
    }
  }

  private static synchronized void take(long event) {
    while (!AHEAD.isEmpty() && AHEAD.get(0) <= event) {
      reached.accept(AHEAD.remove(0));
    }
    next = AHEAD.isEmpty() ? Long.MAX_VALUE : AHEAD.get(0);
  }
}
