package io.castor.flink.state;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.typeutils.TypeSerializer;
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

/** Queues of timers, on the heap, by their names. */
final class TimerQueues {
  private static final int INITIAL_CAPACITY = 128;

  private final Map<String, HeapPriorityQueueSnapshotRestoreWrapper<?>> queues =
      new LinkedHashMap<>();
  private final KeyGroupRange keyGroups;
  private final int numberOfKeyGroups;
  private final HeapPriorityQueueSetFactory factory;
  private final HeapPriorityQueuesManager manager;

  TimerQueues(KeyGroupRange keyGroups, int numberOfKeyGroups) {
    this.keyGroups = keyGroups;
    this.numberOfKeyGroups = numberOfKeyGroups;
    factory = new HeapPriorityQueueSetFactory(keyGroups, numberOfKeyGroups, INITIAL_CAPACITY);
    manager = new HeapPriorityQueuesManager(queues, factory, keyGroups, numberOfKeyGroups);
  }

  Map<String, HeapPriorityQueueSnapshotRestoreWrapper<?>> all() {
    return queues;
  }

  <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      KeyGroupedInternalPriorityQueue<T> create(
          String name, TypeSerializer<T> serializer, boolean allowFutureMetadataUpdates) {
    return manager.createOrUpdate(name, serializer, allowFutureMetadataUpdates);
  }

  /** One of a snapshot; the same for the same name. */
  @SuppressWarnings("unchecked")
  HeapPriorityQueueSnapshotRestoreWrapper<HeapPriorityQueueElement> restored(
      RegisteredPriorityQueueStateBackendMetaInfo<?> metaInfo) {
    return (HeapPriorityQueueSnapshotRestoreWrapper<HeapPriorityQueueElement>)
        queues.computeIfAbsent(metaInfo.getName(), name -> make(metaInfo));
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
}
