package io.castor.flink.state;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.MathUtils;

/**
 * Changes of the timers of a table that native code has not been told yet, in their order. Not
 * thread-safe.
 */
final class TimerChanges {
  private static final int MOST_BYTES = 1 << 15;
  private static final int HEAD_BYTES = 8;

  private final NativeStore store;
  private final int table;
  private final DataOutputSerializer changes = new DataOutputSerializer(256);
  private int last; // where the change begins that was put in last

  TimerChanges(NativeStore store, int table) {
    this.store = store;
    this.table = table;
  }

  <T> void register(int keyGroup, T timer, TypeSerializer<T> serializer) {
    put(keyGroup, timer, serializer, false);
  }

  <T> void remove(int keyGroup, T timer, TypeSerializer<T> serializer) {
    put(keyGroup, timer, serializer, true);
  }

  /** One that is serialized. */
  void register(int keyGroup, byte[] bytes, int offset, int length) {
    try {
      changes.writeInt(keyGroup);
      changes.writeInt(length);
      changes.write(bytes, offset, length);
    } catch (IOException failure) {
      throw new GeminiException("a timer cannot be kept", failure);
    }
    flushIfLarge();
  }

  private <T> void put(int keyGroup, T timer, TypeSerializer<T> serializer, boolean removed) {
    flushIfLarge();
    last = changes.length();
    try {
      changes.writeInt(keyGroup);
      changes.writeInt(0);
      serializer.serialize(timer, changes);
      int length = changes.length() - last - HEAD_BYTES;
      changes.writeIntUnsafe(removed ? ~length : length, last + Integer.BYTES);
    } catch (IOException failure) {
      changes.setPositionUnsafe(last);
      throw new GeminiException("a timer cannot be serialized", failure);
    }
  }

  /** Of the change that was put in last. */
  long timeOfLast() {
    byte[] bytes = changes.getSharedBuffer();
    long flipped = 0;
    for (int i = last + HEAD_BYTES; i < last + HEAD_BYTES + Long.BYTES; ++i) {
      flipped = flipped << 8 | (i < changes.length() ? bytes[i] & 0xff : 0);
    }
    return MathUtils.flipSignBit(flipped);
  }

  /** The change that was put in last has not been made. */
  void dropLast() {
    changes.setPositionUnsafe(last);
  }

  private void flushIfLarge() {
    if (changes.length() >= MOST_BYTES) {
      flush();
    }
  }

  /** Then native code knows of all of them. */
  void flush() {
    if (changes.length() > 0) {
      store.changeTimers(table, changes);
      changes.clear();
    }
  }
}
