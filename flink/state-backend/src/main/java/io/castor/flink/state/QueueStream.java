package io.castor.flink.state;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.runtime.state.KeyGroupRange;

/**
 * The elements of a queue on the heap beside Gemini's own files: each with its length and key
 * group, and a length of -1 at the end; only -2 if they are in the files.
 */
final class QueueStream {
  private static final int END = -1;
  private static final int IN_FILES = -2;

  private QueueStream() {}

  static void write(
      TimerQueues.Snapshot queue, NativeCut cut, KeyGroupRange keyGroups, DataOutputView out)
      throws IOException {
    if (queue.isInCut()) {
      out.writeInt(IN_FILES);
      return;
    }
    try (StateEntries entries = queue.entries(cut, 0)) {
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

  /** What is of these key groups. */
  static void read(DataInputView in, KeyGroupRange keyGroups, RestoredQueue queue)
      throws IOException {
    int length = in.readInt();
    if (length == IN_FILES) {
      queue.isInFiles();
      return;
    }
    for (; length != END; length = in.readInt()) {
      int keyGroup = in.readInt();
      byte[] bytes = new byte[length];
      in.readFully(bytes);
      if (keyGroups.contains(keyGroup)) {
        queue.add(keyGroup, bytes);
      }
    }
  }
}
