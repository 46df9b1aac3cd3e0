package io.castor.flink.state;

import java.io.IOException;
import java.util.Iterator;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.CompositeKeySerializationUtils;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueStateSnapshot;

/** The elements of a queue on the heap, timers for instance: each is a key, with nothing behind. */
final class QueueEntries<T> implements StateEntries {
  private static final byte[] NOTHING = new byte[0];

  private final HeapPriorityQueueStateSnapshot<T> queue;
  private final TypeSerializer<T> serializer;
  private final int prefixBytes;
  private final DataOutputSerializer out = new DataOutputSerializer(64);
  private int keyGroup = -1;
  private Iterator<T> elements;

  QueueEntries(HeapPriorityQueueStateSnapshot<T> queue, int prefixBytes) {
    this.queue = queue;
    serializer = queue.getMetaInfo().getElementSerializer();
    this.prefixBytes = prefixBytes;
  }

  @Override
  public boolean next(int group) throws IOException {
    if (group != keyGroup) {
      keyGroup = group;
      elements = queue.getIteratorForKeyGroup(group);
    }
    if (!elements.hasNext()) {
      return false;
    }
    out.clear();
    CompositeKeySerializationUtils.writeKeyGroup(group, prefixBytes, out);
    serializer.serialize(elements.next(), out);
    return true;
  }

  @Override
  public byte[] key() {
    return out.getCopyOfBuffer();
  }

  @Override
  public byte[] value() {
    return NOTHING;
  }

  @Override
  public void close() {}
}
