package io.castor.flink.state;

import java.io.File;
import java.nio.ByteBuffer;
import java.util.List;
import javax.annotation.Nullable;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;

/**
 * One instance of Gemini.
 *
 * <p>Of one thread, but for {@link #query} and what is done with a cut in another. What an access
 * gives is valid until the next. Errors are {@link GeminiException}s.
 */
final class NativeStore implements AutoCloseable {
  /** Kinds of tables, by their numbers in native code. */
  static final int VALUE = 0;

  static final int MAP = 1;
  static final int LIST = 2;
  static final int TIMERS = 3;

  private static final int ABSENT = -1;
  // A buffer that has become larger for one access is made small again.
  private static final int KEPT_BYTES = 1 << 20;

  private final DataInputDeserializer answer = new DataInputDeserializer();
  private final Object closing = new Object(); // held by whoever must not see the store go
  private final TtlTimeProvider time;
  private volatile long handle;
  private ByteBuffer exchange;
  private boolean unanswered;
  private byte[] answerBytes = new byte[256];

  /** {@code restored}: of all instances before; their files are the instance's from then on. */
  NativeStore(
      File directory,
      int keyGroups,
      KeyGroupRange range,
      NativeMemory memory,
      TtlTimeProvider time,
      List<NativeCheckpoint> restored) {
    this.time = time;
    handle =
        open(
            directory.getAbsolutePath(),
            keyGroups,
            range.getStartKeyGroup(),
            range.getEndKeyGroup(),
            memory.handle(),
            restored.stream().map(checkpoint -> checkpoint.description).toArray(byte[][]::new),
            restored.stream().map(checkpoint -> checkpoint.paths).toArray(String[][]::new));
    exchange = exchange(handle, 0);
  }

  /** The table's number in accesses; the same for the same state. */
  int addTable(String state, int kind) {
    return addTable(handle(), state, kind);
  }

  /**
   * What is written expires so many milliseconds after the time that stands in front of values; 0:
   * never. It goes in the background by then, or later.
   */
  void setTtl(int table, long ttlMillis) {
    tellTime(handle(), now());
    setTtl(handle, table, ttlMillis);
  }

  /** As the time of what expires is told. */
  long now() {
    return time.currentTimestamp();
  }

  /** Null: there is none. */
  @Nullable
  DataInputDeserializer get(int table, CompositeKey<?> key) {
    ask(key);
    return answer(get(handle, table, key.keyGroup(), key.keyLength()));
  }

  void put(int table, CompositeKey<?> key, DataOutputSerializer value) {
    send(key.bytes(), value);
    put(handle, table, key.keyGroup(), key.keyLength(), value.length());
  }

  void remove(int table, CompositeKey<?> key) {
    send(key.bytes(), null);
    remove(handle, table, key.keyGroup(), key.keyLength());
  }

  /** Of the map of the key, by the user key. Null: there is none. */
  @Nullable
  DataInputDeserializer getEntry(int table, CompositeKey<?> key) {
    ask(key);
    return answer(getEntry(handle, table, key.keyGroup(), key.keyLength(), key.userKeyLength()));
  }

  void putEntry(int table, CompositeKey<?> key, DataOutputSerializer value) {
    send(key.bytes(), value);
    putEntry(handle, table, key.keyGroup(), key.keyLength(), key.userKeyLength(), value.length());
  }

  void removeEntry(int table, CompositeKey<?> key) {
    send(key.bytes(), null);
    removeEntry(handle, table, key.keyGroup(), key.keyLength(), key.userKeyLength());
  }

  /** A copy of all entries, as native code puts them. */
  byte[] entries(int table, CompositeKey<?> key) {
    ask(key);
    int size = entries(handle, table, key.keyGroup(), key.keyLength());
    byte[] copy = new byte[size];
    receive(copy, size);
    return copy;
  }

  boolean hasEntries(int table, CompositeKey<?> key) {
    send(key.bytes(), null);
    return hasEntries(handle, table, key.keyGroup(), key.keyLength());
  }

  /** {@code time}: of the latest of the elements, if they have one. */
  void append(int table, CompositeKey<?> key, DataOutputSerializer elements, long time) {
    send(key.bytes(), elements);
    append(handle, table, key.keyGroup(), key.keyLength(), elements.length(), time);
  }

  /** Joined by commas. Null: there are none. */
  @Nullable
  DataInputDeserializer elements(int table, CompositeKey<?> key) {
    ask(key);
    return answer(elements(handle, table, key.keyGroup(), key.keyLength()));
  }

  /** All that a map or list has. */
  void clear(int table, CompositeKey<?> key) {
    send(key.bytes(), null);
    clear(handle, table, key.keyGroup(), key.keyLength());
  }

  /** Several, as {@link TimerChanges} puts them. */
  void changeTimers(int table, DataOutputSerializer changes) {
    send(changes, null);
    changeTimers(handle, table, changes.length());
  }

  /** The earliest, at most so many, as {@link DueTimers} reads them. */
  DataInputDeserializer popTimers(int table, int most) {
    handle();
    unanswered = true;
    return answer(popTimers(handle, table, most));
  }

  /** Of the message of a batch so many bytes. Of any thread, as long as the store is open. */
  void run(long batch, int bytes) {
    NativeBatch.run(batch, handle(), bytes);
  }

  /**
   * A copy of what a key has, of a map as {@link #entries} gives it. Null: there is none. Of any
   * thread.
   */
  @Nullable
  byte[] query(int table, CompositeKey<?> key) {
    synchronized (closing) {
      return query(handle(), table, key.keyGroup(), key.copyOfKey());
    }
  }

  /** All that has been done until now. */
  NativeCut startCut() {
    tellTime(handle(), now());
    return new NativeCut(handle);
  }

  boolean isClosed() {
    return handle == 0;
  }

  @Override
  public void close() {
    synchronized (closing) {
      if (handle != 0) {
        long closed = handle;
        handle = 0;
        exchange = null;
        close(closed);
      }
    }
  }

  private long handle() {
    if (handle == 0) {
      throw new GeminiException("state is closed");
    }
    return handle;
  }

  /** For what is answered through the buffer. */
  private void ask(CompositeKey<?> key) {
    send(key.bytes(), null);
    unanswered = true;
  }

  private void send(DataOutputSerializer first, @Nullable DataOutputSerializer second) {
    handle();
    if (unanswered) {
      exchange = exchange(handle, 0); // an access has failed, perhaps with the buffer made larger
      unanswered = false;
    }
    long needed = (long) first.length() + (second == null ? 0 : second.length());
    if (needed > exchange.capacity()) {
      if (needed > Integer.MAX_VALUE - 16) {
        throw new GeminiException(
            "a key and its value have " + needed + " bytes; 2 GiB is the most");
      }
      exchange = exchange(handle, (int) Math.min(2 * needed, Integer.MAX_VALUE - 16));
    }
    exchange.clear();
    exchange.put(first.getSharedBuffer(), 0, first.length());
    if (second != null) {
      exchange.put(second.getSharedBuffer(), 0, second.length());
    }
  }

  @Nullable
  private DataInputDeserializer answer(int size) {
    if (size == ABSENT) {
      unanswered = false;
      return null;
    }
    byte[] bytes = answerBytes;
    if (size > bytes.length) {
      bytes = new byte[Math.max(size, (int) Math.min(2L * bytes.length, KEPT_BYTES))];
      if (size <= KEPT_BYTES) {
        answerBytes = bytes;
      }
    }
    receive(bytes, size);
    answer.setBuffer(bytes, 0, size);
    return answer;
  }

  private void receive(byte[] target, int size) {
    unanswered = false;
    if (size > exchange.capacity()) {
      exchange = exchange(handle, 0); // native code has made it larger
    }
    exchange.clear();
    exchange.get(target, 0, size);
    if (exchange.capacity() > KEPT_BYTES) {
      exchange = exchange(handle, KEPT_BYTES);
    }
  }

  static native long openMemory(long bytes);

  static native void closeMemory(long memory);

  static native long usedMemory(long memory);

  /** Bytes of all memory that is there, in the process. */
  static native long usedInProcess();

  /** How many native things Java holds on to, in the process: 0 if all have been closed. */
  static native long liveHandles();

  private static native long open(
      String directory,
      int keyGroups,
      int firstGroup,
      int lastGroup,
      long memory,
      byte[][] descriptions,
      String[][] paths);

  private static native void close(long store);

  /** 0: as large as it is. */
  private static native ByteBuffer exchange(long store, int capacity);

  private static native int addTable(long store, String name, int kind);

  private static native void setTtl(long store, int table, long ttlMillis);

  private static native void tellTime(long store, long now);

  private static native int get(long store, int table, int group, int key);

  private static native void put(long store, int table, int group, int key, int value);

  private static native void remove(long store, int table, int group, int key);

  private static native int getEntry(long store, int table, int group, int key, int userKey);

  private static native void putEntry(
      long store, int table, int group, int key, int userKey, int value);

  private static native void removeEntry(long store, int table, int group, int key, int userKey);

  private static native int entries(long store, int table, int group, int key);

  private static native void append(
      long store, int table, int group, int key, int bytes, long time);

  private static native int elements(long store, int table, int group, int key);

  private static native boolean hasEntries(long store, int table, int group, int key);

  private static native void clear(long store, int table, int group, int key);

  private static native void changeTimers(long store, int table, int bytes);

  private static native int popTimers(long store, int table, int most);

  private static native byte[] query(long store, int table, int group, byte[] key);
}
