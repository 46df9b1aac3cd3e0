package io.castor.flink.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.state.SnapshotResources;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;

/** What the synchronous part of a checkpoint of Gemini's own files leaves to the other. */
final class NativeSnapshot implements SnapshotResources {
  final List<StateMetaInfoSnapshot> metaInfos = new ArrayList<>();
  final List<TimerQueues.Snapshot> queues;
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
    queues = timers.snapshot();
    for (TimerQueues.Snapshot queue : queues) {
      metaInfos.add(queue.metaInfo());
    }
    this.base = base;
    cut = store.startCut();
  }

  @Override
  public void release() {
    cut.close();
  }
}
