package io.castor.flink.state;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.state.RegisteredPriorityQueueStateBackendMetaInfo;

/** A queue of timers of a checkpoint, until there is an instance to put it into. */
final class RestoredQueue {
  private final RegisteredPriorityQueueStateBackendMetaInfo<?> metaInfo;
  private final List<Integer> keyGroups = new ArrayList<>();
  private final List<byte[]> elements = new ArrayList<>();
  private boolean inFiles;

  RestoredQueue(RegisteredPriorityQueueStateBackendMetaInfo<?> metaInfo) {
    this.metaInfo = metaInfo;
  }

  void isInFiles() {
    inFiles = true;
  }

  void add(int keyGroup, byte[] element) {
    keyGroups.add(keyGroup);
    elements.add(element);
  }

  void putInto(TimerQueues timers) {
    if (inFiles) {
      timers.restoredWithFiles(metaInfo);
      return;
    }
    TimerQueues.Sink sink = timers.restored(metaInfo);
    for (int i = 0; i < elements.size(); ++i) {
      sink.add(keyGroups.get(i), elements.get(i), 0, elements.get(i).length);
    }
  }
}
