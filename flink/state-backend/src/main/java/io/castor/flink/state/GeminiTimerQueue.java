package io.castor.flink.state;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import javax.annotation.Nonnull;
import javax.annotation.Nullable;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.runtime.state.KeyExtractorFunction;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.Keyed;
import org.apache.flink.runtime.state.PriorityComparable;
import org.apache.flink.runtime.state.PriorityComparator;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueSet;
import org.apache.flink.util.CloseableIterator;

/**
 * Timers in a table of Gemini, of which the earliest are in a small queue on the heap. A timer is
 * in one of the two: on the heap all that are before a time, in the table none that is. What is
 * registered later than that is told to native code in batches. As long as all fit on the heap
 * native code has none and is not asked. Not thread-safe.
 *
 * <p>Elements are serialized so that their order is that of the first eight bytes, as it is of
 * Flink's timers, which have their time there.
 */
final class GeminiTimerQueue<
        T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
    implements KeyGroupedInternalPriorityQueue<T> {
  private final NativeStore store;
  private final String name;
  private final int table;
  private final int keyGroups;
  private final int cacheSize;
  private final HeapPriorityQueueSet<T> near; // up to twice the size
  private final TimerChanges changes;
  private final DataInputDeserializer in = new DataInputDeserializer();
  private TypeSerializer<T> serializer;
  private boolean anyInStore;
  private long nextInStore; // if there are any

  GeminiTimerQueue(
      NativeStore store,
      String name,
      int table,
      TypeSerializer<T> serializer,
      KeyGroupRange range,
      int keyGroups,
      int cacheSize) {
    this.store = store;
    this.name = name;
    this.table = table;
    this.serializer = serializer;
    this.keyGroups = keyGroups;
    this.cacheSize = cacheSize;
    near =
        new HeapPriorityQueueSet<>(
            PriorityComparator.forPriorityComparableObjects(),
            KeyExtractorFunction.forKeyedObjects(),
            Math.min(cacheSize, 128),
            range,
            keyGroups);
    changes = new TimerChanges(store, table);
  }

  /** One that reads what the one before has written. */
  void setSerializer(TypeSerializer<T> serializer) {
    this.serializer = serializer;
  }

  /** The table has timers, of what has been restored. Before anything else is done. */
  void restored() {
    anyInStore = true;
    nextInStore = Long.MIN_VALUE;
  }

  /** One that has been serialized. Before anything else is done. */
  void restore(int keyGroup, byte[] bytes, int offset, int length) {
    restored();
    changes.register(keyGroup, bytes, offset, length);
  }

  private int keyGroupOf(T timer) {
    return KeyGroupRangeAssignment.assignToKeyGroup(timer.getKey(), keyGroups);
  }

  private boolean isNear(T timer) {
    return near.getSubsetForKeyGroup(keyGroupOf(timer)).contains(timer);
  }

  @Override
  @Nullable
  public T peek() {
    fill();
    return near.peek();
  }

  @Override
  @Nullable
  public T poll() {
    fill();
    return near.poll();
  }

  private void fill() {
    if (!near.isEmpty() || !anyInStore) {
      return;
    }
    changes.flush();
    DueTimers due = new DueTimers(store.popTimers(table, cacheSize));
    nextInStore = due.nextTime();
    anyInStore = due.mayBeMore();
    while (due.next()) {
      near.add(deserialize(due.timer()));
    }
  }

  private T deserialize(byte[] timer) {
    in.setBuffer(timer);
    try {
      return serializer.deserialize(in);
    } catch (IOException failure) {
      throw new GeminiException("a timer of '" + name + "' cannot be deserialized", failure);
    }
  }

  @Override
  public boolean add(@Nonnull T timer) {
    if (anyInStore) {
      changes.register(keyGroupOf(timer), timer, serializer);
      long time = changes.timeOfLast();
      if (time > nextInStore || (time == nextInStore && !isNear(timer))) {
        return near.isEmpty();
      }
      changes.dropLast();
    }
    boolean first = near.add(timer);
    if (near.size() > 2 * cacheSize) {
      spill();
    }
    return first;
  }

  /** The later half goes to the table. */
  private void spill() {
    List<T> earliest = new ArrayList<>(cacheSize);
    while (earliest.size() < cacheSize) {
      earliest.add(near.poll());
    }
    changes.register(keyGroupOf(near.peek()), near.peek(), serializer);
    nextInStore = changes.timeOfLast();
    changes.dropLast();
    moveToStore();
    near.addAll(earliest);
  }

  private void moveToStore() {
    for (T timer : listOfNear()) {
      changes.register(keyGroupOf(timer), timer, serializer);
      anyInStore = true;
    }
    near.clear();
  }

  private List<T> listOfNear() {
    List<T> list = new ArrayList<>(near.size());
    near.iterator().forEachRemaining(list::add);
    return list;
  }

  /** Then the table has all of them. */
  void writeBack() {
    if (!near.isEmpty()) {
      nextInStore = Long.MIN_VALUE;
      moveToStore();
    }
    changes.flush();
  }

  @Override
  public boolean remove(@Nonnull T timer) {
    fill();
    if (!anyInStore || isNear(timer)) {
      return near.remove(timer);
    }
    changes.remove(keyGroupOf(timer), timer, serializer);
    if (changes.timeOfLast() < nextInStore) {
      changes.dropLast();
    }
    return false;
  }

  @Override
  public boolean isEmpty() {
    return peek() == null;
  }

  /** Walks all of them. */
  @Override
  public int size() {
    int size = near.size();
    if (anyInStore) {
      changes.flush();
      try (NativeCut cut = store.startCut()) {
        cut.await(true);
        try (TableScan scan = cut.scan(name)) {
          while (scan.next()) {
            ++size;
          }
        }
      }
    }
    return size;
  }

  @Override
  public void addAll(@Nullable Collection<? extends T> timers) {
    if (timers != null) {
      timers.forEach(this::add);
    }
  }

  /** Of this moment. */
  @Override
  @Nonnull
  public CloseableIterator<T> iterator() {
    if (!anyInStore) {
      return CloseableIterator.adapterForIterator(listOfNear().iterator());
    }
    return scan();
  }

  private ScanIterator scan() {
    writeBack();
    try (NativeCut cut = store.startCut()) {
      cut.await(true);
      return new ScanIterator(cut.scan(name));
    }
  }

  @Override
  @Nonnull
  public Set<T> getSubsetForKeyGroup(int keyGroup) {
    if (!anyInStore) {
      return near.getSubsetForKeyGroup(keyGroup);
    }
    Set<T> subset = new HashSet<>();
    try (ScanIterator timers = scan()) {
      while (timers.hasNext()) {
        T timer = timers.next();
        if (keyGroupOf(timer) == keyGroup) {
          subset.add(timer);
        }
      }
    }
    return subset;
  }

  private final class ScanIterator implements CloseableIterator<T> {
    private final TableScan scan;
    private boolean ahead;

    ScanIterator(TableScan scan) {
      this.scan = scan;
      ahead = scan.next();
    }

    @Override
    public boolean hasNext() {
      return ahead;
    }

    @Override
    public T next() {
      if (!ahead) {
        throw new NoSuchElementException();
      }
      T timer = deserialize(scan.copyOfKeys(0));
      ahead = scan.next();
      return timer;
    }

    @Override
    public void close() {
      scan.close();
      ahead = false;
    }
  }
}
