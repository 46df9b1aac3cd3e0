package io.castor.flink.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.annotation.Nullable;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Accesses that native code is asked for in one call, and its answers, which hold until the next
 * batch is begun. Of one thread at a time.
 */
final class NativeBatch implements AutoCloseable {
  // Kinds of requests, by their numbers in native code.
  static final int GET = 0;
  static final int PUT = 1;
  static final int REMOVE = 2;
  static final int GET_ENTRY = 3;
  static final int PUT_ENTRY = 4;
  static final int REMOVE_ENTRY = 5;
  static final int ENTRIES = 6;
  static final int HAS_ENTRIES = 7;
  static final int ELEMENTS = 8;
  static final int APPEND = 9;
  static final int CLEAR = 10;

  private static final int COUNT_BYTES = 4;
  private static final int HEAD_BYTES = 32;
  private static final int ENTRY_BYTES = 8;
  private static final int ABSENT = -1;
  private static final int FIRST_BYTES = 1 << 12;
  // A buffer that has become larger for one batch is made small again.
  private static final int KEPT_BYTES = 1 << 20;

  private final DataInputDeserializer answer = new DataInputDeserializer();
  private byte[] answerBytes = new byte[128]; // kept from answer to answer
  private long handle;
  private ByteBuffer message;
  private ByteBuffer answers;
  private int count;

  NativeBatch() {
    handle = open();
    makeMessage(FIRST_BYTES);
  }

  private void makeMessage(int capacity) {
    int position = message == null ? COUNT_BYTES : message.position();
    message = message(handle, capacity).order(ByteOrder.nativeOrder());
    message.position(Math.min(position, capacity));
  }

  void begin() {
    if (message.capacity() > KEPT_BYTES) {
      makeMessage(FIRST_BYTES);
    }
    count = 0;
    message.position(COUNT_BYTES);
    answers = null;
  }

  /** The request's number. */
  int add(int kind, int table, CompositeKey<?> key, @Nullable DataOutputSerializer value) {
    return add(kind, table, key, value, 0);
  }

  /** {@code time}: of the latest of the elements that are appended, if they have one. */
  int add(
      int kind, int table, CompositeKey<?> key, @Nullable DataOutputSerializer value, long time) {
    int valueBytes = value == null ? 0 : value.length();
    reserve((long) HEAD_BYTES + key.bytes().length() + valueBytes);
    message
        .putInt(kind)
        .putInt(table)
        .putInt(key.keyGroup())
        .putInt(key.keyLength())
        .putInt(key.userKeyLength())
        .putInt(valueBytes)
        .putLong(time)
        .put(key.bytes().getSharedBuffer(), 0, key.bytes().length());
    if (value != null) {
      message.put(value.getSharedBuffer(), 0, valueBytes);
    }
    return count++;
  }

  private void reserve(long more) {
    long needed = message.position() + more;
    if (needed > message.capacity()) {
      if (needed > Integer.MAX_VALUE - 16) {
        throw new GeminiException("a batch has " + needed + " bytes; 2 GiB is the most");
      }
      makeMessage((int) Math.min(2 * needed, Integer.MAX_VALUE - 16));
    }
  }

  /** All that has been added since {@link #begin}. */
  void run(NativeStore store) {
    message.putInt(0, count);
    store.run(handle, message.position());
    answers = answers(handle).order(ByteOrder.nativeOrder());
  }

  boolean isAbsent(int request) {
    return size(request) == ABSENT;
  }

  int size(int request) {
    return answers.getInt(request * ENTRY_BYTES + 4);
  }

  /** Of an answer that is not absent. */
  byte[] copy(int request) {
    byte[] bytes = new byte[size(request)];
    receive(request, bytes, bytes.length);
    return bytes;
  }

  /** Null: there is none. Valid until the next call. */
  @Nullable
  DataInputDeserializer read(int request) {
    int size = size(request);
    if (size == ABSENT) {
      return null;
    }
    byte[] bytes = answerBytes;
    if (size > bytes.length) {
      bytes = new byte[Math.max(size, Math.min(2 * bytes.length, KEPT_BYTES))];
      if (size <= KEPT_BYTES) {
        answerBytes = bytes;
      }
    }
    receive(request, bytes, size);
    answer.setBuffer(bytes, 0, size);
    return answer;
  }

  private void receive(int request, byte[] target, int size) {
    answers.position(answers.getInt(request * ENTRY_BYTES));
    answers.get(target, 0, size);
  }

  @Override
  public void close() {
    if (handle != 0) {
      close(handle);
      handle = 0;
    }
  }

  private static native long open();

  private static native void close(long batch);

  /** With what it had as far as that fits. */
  private static native ByteBuffer message(long batch, int capacity);

  private static native ByteBuffer answers(long batch);

  /** Of its message so many bytes. The size of the answers. */
  static native int run(long batch, long store, int bytes);
}
