package io.castor.flink.state;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueSnapshotRestoreWrapper;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueStateSnapshot;

/**
 * The elements of a queue on the heap beside Gemini's own files: each with its length and key
 * group, and a length of -1 at the end.
 */
final class QueueStream {
  private static final int END = -1;

  private QueueStream() {}

  static <T> void write(
      HeapPriorityQueueStateSnapshot<T> queue, KeyGroupRange keyGroups, DataOutputView out)
      throws IOException {
    try (QueueEntries<T> entries = new QueueEntries<>(queue, 0)) {
      for (int keyGroup : keyGroups) {
        while (entries.next(keyGroup)) {
          byte[] element = entries.key();
          out.writeInt(element.length);
          out.writeInt(keyGroup);
          out.write(element);
        }
      }
    }
    out.writeInt(END);
  }

  /** Adds what is of these key groups. */
  static void read(
      DataInputView in,
      KeyGroupRange keyGroups,
      HeapPriorityQueueSnapshotRestoreWrapper<HeapPriorityQueueElement> queue)
      throws IOException {
    DataInputDeserializer element = new DataInputDeserializer();
    for (int length = in.readInt(); length != END; length = in.readInt()) {
      int keyGroup = in.readInt();
      byte[] bytes = new byte[length];
      in.readFully(bytes);
      if (keyGroups.contains(keyGroup)) {
        element.setBuffer(bytes);
        queue
            .getPriorityQueue()
            .add(queue.getMetaInfo().getElementSerializer().deserialize(element));
      }
    }
  }
}
