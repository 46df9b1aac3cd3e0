package io.castor.flink.state;

import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.Keyed;
import org.apache.flink.runtime.state.PriorityComparable;
import org.apache.flink.runtime.state.RegisteredPriorityQueueStateBackendMetaInfo;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;

/** Queues of timers of an instance, by their names. Of the task's thread. */
interface TimerQueues {
  /** Takes serialized elements of a queue. */
  interface Sink {
    void add(int keyGroup, byte[] bytes, int offset, int length);
  }

  /** A queue at a moment, read in another thread. */
  interface Snapshot {
    StateMetaInfoSnapshot metaInfo();

    /** Whether the elements are in the cut's files, and so need not be written anywhere else. */
    boolean isInCut();

    StateEntries entries(NativeCut cut, int keyGroupPrefixBytes);
  }

  <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      KeyGroupedInternalPriorityQueue<T> create(
          String name, TypeSerializer<T> serializer, boolean allowFutureMetadataUpdates);

  /** Where what a snapshot holds of a queue belongs; the queue is made if it is not there. */
  Sink restored(RegisteredPriorityQueueStateBackendMetaInfo<?> metaInfo);

  /** The elements of the queue are in files with which the instance has been opened. */
  void restoredWithFiles(RegisteredPriorityQueueStateBackendMetaInfo<?> metaInfo);

  /** To be called right before the cut is made that it is read with. */
  List<Snapshot> snapshot();
}
