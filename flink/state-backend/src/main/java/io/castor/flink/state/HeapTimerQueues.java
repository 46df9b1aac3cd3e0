package io.castor.flink.state;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.runtime.state.HeapPriorityQueuesManager;
import org.apache.flink.runtime.state.KeyExtractorFunction;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.Keyed;
import org.apache.flink.runtime.state.PriorityComparable;
import org.apache.flink.runtime.state.RegisteredPriorityQueueStateBackendMetaInfo;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueSetFactory;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueSnapshotRestoreWrapper;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueStateSnapshot;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;

/** Timers on the heap, in Flink's own queues. */
final class HeapTimerQueues implements TimerQueues {
  private static final int INITIAL_CAPACITY = 128;
  private static final int TIMERS_PER_CALL = 1024;

  private final NativeStore store;
  private final Map<String, HeapPriorityQueueSnapshotRestoreWrapper<?>> queues =
      new LinkedHashMap<>();
  private final KeyGroupRange keyGroups;
  private final int numberOfKeyGroups;
  private final HeapPriorityQueueSetFactory factory;
  private final HeapPriorityQueuesManager manager;

  HeapTimerQueues(NativeStore store, KeyGroupRange keyGroups, int numberOfKeyGroups) {
    this.store = store;
    this.keyGroups = keyGroups;
    this.numberOfKeyGroups = numberOfKeyGroups;
    factory = new HeapPriorityQueueSetFactory(keyGroups, numberOfKeyGroups, INITIAL_CAPACITY);
    manager = new HeapPriorityQueuesManager(queues, factory, keyGroups, numberOfKeyGroups);
  }

  @Override
  public <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      KeyGroupedInternalPriorityQueue<T> create(
          String name, TypeSerializer<T> serializer, boolean allowFutureMetadataUpdates) {
    return manager.createOrUpdate(name, serializer, allowFutureMetadataUpdates);
  }

  @Override
  @SuppressWarnings("unchecked")
  public Sink restored(RegisteredPriorityQueueStateBackendMetaInfo<?> metaInfo) {
    HeapPriorityQueueSnapshotRestoreWrapper<HeapPriorityQueueElement> queue =
        (HeapPriorityQueueSnapshotRestoreWrapper<HeapPriorityQueueElement>)
            queues.computeIfAbsent(metaInfo.getName(), name -> make(metaInfo));
    TypeSerializer<HeapPriorityQueueElement> serializer =
        queue.getMetaInfo().getElementSerializer();
    DataInputDeserializer in = new DataInputDeserializer();
    return (keyGroup, bytes, offset, length) -> {
      in.setBuffer(bytes, offset, length);
      try {
        queue.getPriorityQueue().add(serializer.deserialize(in));
      } catch (IOException failure) {
        throw new GeminiException("a timer cannot be deserialized", failure);
      }
    };
  }

  @Override
  public void restoredWithFiles(RegisteredPriorityQueueStateBackendMetaInfo<?> metaInfo) {
    Sink sink = restored(metaInfo);
    int table = store.addTable(metaInfo.getName(), NativeStore.TIMERS);
    DueTimers due;
    do {
      due = new DueTimers(store.popTimers(table, TIMERS_PER_CALL));
      while (due.next()) {
        byte[] timer = due.timer();
        sink.add(-1, timer, 0, timer.length);
      }
    } while (due.mayBeMore());
  }

  /** The type of its elements is the snapshot's, and known to nobody here. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      HeapPriorityQueueSnapshotRestoreWrapper<T> make(
          RegisteredPriorityQueueStateBackendMetaInfo metaInfo) {
    return new HeapPriorityQueueSnapshotRestoreWrapper<T>(
        factory.create(metaInfo.getName(), metaInfo.getElementSerializer()),
        metaInfo,
        KeyExtractorFunction.forKeyedObjects(),
        keyGroups,
        numberOfKeyGroups);
  }

  @Override
  public List<Snapshot> snapshot() {
    List<Snapshot> snapshots = new ArrayList<>();
    queues.values().forEach(queue -> snapshots.add(new OfQueue<>(queue.stateSnapshot())));
    return snapshots;
  }

  private static final class OfQueue<T> implements Snapshot {
    private final HeapPriorityQueueStateSnapshot<T> queue;
    private final StateMetaInfoSnapshot metaInfo;

    OfQueue(HeapPriorityQueueStateSnapshot<T> queue) {
      this.queue = queue;
      metaInfo = queue.getMetaInfo().snapshot();
    }

    @Override
    public StateMetaInfoSnapshot metaInfo() {
      return metaInfo;
    }

    @Override
    public boolean isInCut() {
      return false;
    }

    @Override
    public StateEntries entries(NativeCut cut, int keyGroupPrefixBytes) {
      return new QueueEntries<>(queue, keyGroupPrefixBytes);
    }
  }
}
