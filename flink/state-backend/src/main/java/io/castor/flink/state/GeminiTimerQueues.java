package io.castor.flink.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.Keyed;
import org.apache.flink.runtime.state.PriorityComparable;
import org.apache.flink.runtime.state.RegisteredPriorityQueueStateBackendMetaInfo;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.flink.util.StateMigrationException;

/** Timers in Gemini, a table for each queue. */
final class GeminiTimerQueues implements TimerQueues {
  private final NativeStore store;
  private final KeyGroupRange range;
  private final int keyGroups;
  private final int cacheSize;
  private final Map<String, Registered<?>> queues = new LinkedHashMap<>();

  private static final class Registered<
      T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>> {
    final GeminiTimerQueue<T> queue;
    RegisteredPriorityQueueStateBackendMetaInfo<T> metaInfo;

    Registered(GeminiTimerQueue<T> queue, RegisteredPriorityQueueStateBackendMetaInfo<T> metaInfo) {
      this.queue = queue;
      this.metaInfo = metaInfo;
    }
  }

  /** {@code cacheSize}: how many timers of a queue are on the heap; at times twice as many. */
  GeminiTimerQueues(NativeStore store, KeyGroupRange range, int keyGroups, int cacheSize) {
    this.store = store;
    this.range = range;
    this.keyGroups = keyGroups;
    this.cacheSize = cacheSize;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      KeyGroupedInternalPriorityQueue<T> create(
          String name, TypeSerializer<T> serializer, boolean allowFutureMetadataUpdates) {
    Registered<T> registered = (Registered<T>) queues.get(name);
    if (registered != null) {
      checkReads(serializer, registered.metaInfo);
      registered.queue.setSerializer(serializer);
    }
    RegisteredPriorityQueueStateBackendMetaInfo<T> metaInfo =
        new RegisteredPriorityQueueStateBackendMetaInfo<>(name, serializer);
    if (allowFutureMetadataUpdates) {
      metaInfo = metaInfo.withSerializerUpgradesAllowed();
    }
    if (registered == null) {
      registered = make(metaInfo);
    }
    registered.metaInfo = metaInfo;
    return registered.queue;
  }

  /** What is in the table is not written anew. */
  private static <T> void checkReads(
      TypeSerializer<T> serializer, RegisteredPriorityQueueStateBackendMetaInfo<T> metaInfo) {
    if (metaInfo.getPreviousElementSerializer() == serializer) {
      return;
    }
    TypeSerializerSchemaCompatibility<T> compatibility =
        metaInfo.updateElementSerializer(serializer);
    if (compatibility.isIncompatible() || compatibility.isCompatibleAfterMigration()) {
      throw new FlinkRuntimeException(
          new StateMigrationException(
              "The new serializer of the timers '"
                  + metaInfo.getName()
                  + "' must not be incompatible, nor compatible after migration only."));
    }
  }

  private <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      Registered<T> make(RegisteredPriorityQueueStateBackendMetaInfo<T> metaInfo) {
    String name = metaInfo.getName();
    Registered<T> made =
        new Registered<>(
            new GeminiTimerQueue<>(
                store,
                name,
                store.addTable(name, NativeStore.TIMERS),
                metaInfo.getElementSerializer(),
                range,
                keyGroups,
                cacheSize),
            metaInfo);
    queues.put(name, made);
    return made;
  }

  /** The type of its elements is the snapshot's, and known to nobody here. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private Registered<?> madeOf(RegisteredPriorityQueueStateBackendMetaInfo metaInfo) {
    Registered<?> registered = queues.get(metaInfo.getName());
    return registered == null ? make(metaInfo) : registered;
  }

  @Override
  public Sink restored(RegisteredPriorityQueueStateBackendMetaInfo<?> metaInfo) {
    return madeOf(metaInfo).queue::restore;
  }

  @Override
  public void restoredWithFiles(RegisteredPriorityQueueStateBackendMetaInfo<?> metaInfo) {
    madeOf(metaInfo).queue.restored();
  }

  @Override
  public List<Snapshot> snapshot() {
    List<Snapshot> snapshots = new ArrayList<>();
    for (Registered<?> registered : queues.values()) {
      registered.queue.writeBack();
      snapshots.add(new OfTable(registered.metaInfo.snapshot()));
    }
    return snapshots;
  }

  private static final class OfTable implements Snapshot {
    private final StateMetaInfoSnapshot metaInfo;

    OfTable(StateMetaInfoSnapshot metaInfo) {
      this.metaInfo = metaInfo;
    }

    @Override
    public StateMetaInfoSnapshot metaInfo() {
      return metaInfo;
    }

    @Override
    public boolean isInCut() {
      return true;
    }

    @Override
    public StateEntries entries(NativeCut cut, int keyGroupPrefixBytes) {
      return new TableEntries(cut.scan(metaInfo.getName()), null, keyGroupPrefixBytes);
    }
  }
}
