package io.castor.flink.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.state.SnapshotResources;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueSnapshotRestoreWrapper;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueStateSnapshot;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;

/** What the synchronous part of a checkpoint of Gemini's own files leaves to the other. */
final class NativeSnapshot implements SnapshotResources {
  final List<StateMetaInfoSnapshot> metaInfos = new ArrayList<>();
  final List<HeapPriorityQueueStateSnapshot<?>> queues = new ArrayList<>();
  final Map<String, StreamStateHandle> base;
  final NativeCut cut;

  NativeSnapshot(
      NativeStore store,
      Map<String, StateTable<?, ?>> tables,
      TimerQueues timers,
      Map<String, StreamStateHandle> base) {
    for (StateTable<?, ?> table : tables.values()) {
      metaInfos.add(table.metaInfo().snapshot());
    }
    for (HeapPriorityQueueSnapshotRestoreWrapper<?> queue : timers.all().values()) {
      metaInfos.add(queue.getMetaInfo().snapshot());
      queues.add(queue.stateSnapshot());
    }
    this.base = base;
    cut = store.startCut();
  }

  @Override
  public void release() {
    cut.close();
  }
}
