package io.castor.flink.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Function;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;

/**
 * Walks a copy of a map's entries, which are deserialized as they are asked for. Changes go to the
 * state.
 */
final class MapEntryIterator<U, V, T> implements Iterator<T> {
  /** What becomes of an entry, whose user key stands somewhere in the copy. */
  interface Changes<V> {
    void remove(byte[] entries, int userKey, int length) throws IOException;

    void replace(byte[] entries, int userKey, int length, V value) throws IOException;
  }

  private static final int HEAD_BYTES = 8;

  private final byte[] bytes;
  private final ByteBuffer heads;
  private final TypeSerializer<U> keySerializer;
  private final TypeSerializer<V> valueSerializer;
  private final Changes<V> changes;
  private final Function<Map.Entry<U, V>, T> part;
  private final DataInputDeserializer in = new DataInputDeserializer();
  private int next;
  private Entry last;

  MapEntryIterator(
      byte[] bytes,
      TypeSerializer<U> keySerializer,
      TypeSerializer<V> valueSerializer,
      Changes<V> changes,
      Function<Map.Entry<U, V>, T> part) {
    this.bytes = bytes;
    heads = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    this.keySerializer = keySerializer;
    this.valueSerializer = valueSerializer;
    this.changes = changes;
    this.part = part;
  }

  static <V> Changes<V> readOnly() {
    return new Changes<>() {
      @Override
      public void remove(byte[] entries, int userKey, int length) {
        throw new UnsupportedOperationException("the map can only be read");
      }

      @Override
      public void replace(byte[] entries, int userKey, int length, V value) {
        throw new UnsupportedOperationException("the map can only be read");
      }
    };
  }

  @Override
  public boolean hasNext() {
    return next < bytes.length;
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    last = new Entry(next + HEAD_BYTES, heads.getInt(next), heads.getInt(next + 4));
    next = last.value + last.valueLength;
    return part.apply(last);
  }

  @Override
  public void remove() {
    if (last == null || last.removed) {
      throw new IllegalStateException("there is no entry to be removed");
    }
    try {
      changes.remove(bytes, last.key, last.value - last.key);
    } catch (IOException failure) {
      throw new GeminiException("an entry of a map cannot be removed", failure);
    }
    last.removed = true;
  }

  private final class Entry implements Map.Entry<U, V> {
    private final int key;
    private final int value;
    private final int valueLength;
    private boolean removed;
    private U userKey;
    private boolean hasKey;
    private V userValue;
    private boolean hasValue;

    Entry(int key, int keyLength, int valueLength) {
      this.key = key;
      value = key + keyLength;
      this.valueLength = valueLength;
    }

    @Override
    public U getKey() {
      if (!hasKey) {
        try {
          in.setBuffer(bytes, key, value - key);
          userKey = keySerializer.deserialize(in);
        } catch (IOException failure) {
          throw new GeminiException("a key of a map cannot be deserialized", failure);
        }
        hasKey = true;
      }
      return userKey;
    }

    @Override
    public V getValue() {
      if (!hasValue) {
        try {
          in.setBuffer(bytes, value, valueLength);
          userValue = GeminiMapState.readValue(in, valueSerializer);
        } catch (IOException failure) {
          throw new GeminiException("a value of a map cannot be deserialized", failure);
        }
        hasValue = true;
      }
      return userValue;
    }

    @Override
    public V setValue(V replacement) {
      if (removed) {
        throw new IllegalStateException("the entry has been removed");
      }
      V old = getValue();
      try {
        changes.replace(bytes, key, value - key, replacement);
      } catch (IOException failure) {
        throw new GeminiException("a value of a map cannot be serialized", failure);
      }
      userValue = replacement;
      return old;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Map.Entry
          && Objects.equals(getKey(), ((Map.Entry<?, ?>) other).getKey())
          && Objects.equals(getValue(), ((Map.Entry<?, ?>) other).getValue());
    }

    @Override
    public int hashCode() {
      return Objects.hashCode(getKey()) ^ Objects.hashCode(getValue());
    }
  }
}
