package io.castor.flink.state;

import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Function;
import javax.annotation.Nullable;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.MapSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.queryablestate.client.state.serialization.KvStateSerializer;
import org.apache.flink.runtime.state.internal.InternalMapState;

/** A map of each key and namespace. A value stands behind a byte that says whether it is null. */
final class GeminiMapState<K, N, U, V> extends AbstractGeminiState<K, N, Map<U, V>>
    implements InternalMapState<K, N, U, V> {
  GeminiMapState(GeminiKeyedStateBackend<K> backend) {
    super(backend);
  }

  private MapSerializer<U, V> mapSerializer() {
    return (MapSerializer<U, V>) getValueSerializer();
  }

  private CompositeKey<K> entryKey(U userKey) throws IOException {
    return key().withUserKey(userKey, mapSerializer().getKeySerializer());
  }

  @Override
  public V get(U userKey) throws IOException {
    DataInputDeserializer found = store.getEntry(table, entryKey(userKey));
    return found == null ? null : readValue(found, mapSerializer().getValueSerializer());
  }

  @Override
  public void put(U userKey, @Nullable V value) throws IOException {
    writeValue(value, mapSerializer().getValueSerializer(), out);
    store.putEntry(table, entryKey(userKey), out);
  }

  @Override
  public void putAll(@Nullable Map<U, V> map) throws IOException {
    if (map != null) {
      for (Map.Entry<U, V> entry : map.entrySet()) {
        put(entry.getKey(), entry.getValue());
      }
    }
  }

  @Override
  public void remove(U userKey) throws IOException {
    store.removeEntry(table, entryKey(userKey));
  }

  @Override
  public boolean contains(U userKey) throws IOException {
    return store.getEntry(table, entryKey(userKey)) != null;
  }

  @Override
  public boolean isEmpty() {
    return !store.hasEntries(table, key());
  }

  @Override
  public void clear() {
    store.clear(table, key());
  }

  @Override
  public Iterable<Map.Entry<U, V>> entries() {
    return this::iterator;
  }

  @Override
  public Iterable<U> keys() {
    return () -> iterate(Map.Entry::getKey);
  }

  @Override
  public Iterable<V> values() {
    return () -> iterate(Map.Entry::getValue);
  }

  @Override
  public Iterator<Map.Entry<U, V>> iterator() {
    return iterate(entry -> entry);
  }

  private <T> Iterator<T> iterate(Function<Map.Entry<U, V>, T> part) {
    return new MapEntryIterator<>(
        store.entries(table, key()),
        mapSerializer().getKeySerializer(),
        mapSerializer().getValueSerializer(),
        new Changes(currentNamespace()),
        part);
  }

  /** Changes through an iterator, whatever key is the current one by then. */
  private final class Changes implements MapEntryIterator.Changes<V> {
    private final byte[] key;
    private final int keyGroup;
    private CompositeKey<K> changed; // most iterators only read

    Changes(N namespace) {
      CompositeKey<K> current = key(namespace);
      key = current.copyOfKey();
      keyGroup = current.keyGroup();
    }

    private CompositeKey<K> of(byte[] entries, int offset, int length) throws IOException {
      if (changed == null) {
        changed = new CompositeKey<>(backend.getKeySerializer());
      }
      changed.set(keyGroup, key, 0, key.length, 0);
      changed.bytes().write(entries, offset, length);
      return changed;
    }

    @Override
    public void remove(byte[] entries, int userKey, int length) throws IOException {
      store.removeEntry(table, of(entries, userKey, length));
    }

    @Override
    public void replace(byte[] entries, int userKey, int length, V value) throws IOException {
      writeValue(value, mapSerializer().getValueSerializer(), out);
      store.putEntry(table, of(entries, userKey, length), out);
    }
  }

  static <V> V readValue(DataInputDeserializer from, TypeSerializer<V> serializer)
      throws IOException {
    return from.readBoolean() ? null : serializer.deserialize(from);
  }

  static <V> void writeValue(
      @Nullable V value, TypeSerializer<V> serializer, DataOutputSerializer to) throws IOException {
    to.clear();
    to.writeBoolean(value == null);
    if (value != null) {
      serializer.serialize(value, to);
    }
  }

  @Override
  byte[] serializedValue(CompositeKey<K> key, TypeSerializer<Map<U, V>> serializer)
      throws IOException {
    byte[] found = store.query(table, key);
    if (found == null) {
      return null;
    }
    MapSerializer<U, V> safe = (MapSerializer<U, V>) serializer;
    Iterator<Map.Entry<U, V>> entries =
        new MapEntryIterator<>(
            found,
            safe.getKeySerializer(),
            safe.getValueSerializer(),
            MapEntryIterator.readOnly(),
            entry -> entry);
    return KvStateSerializer.serializeMap(
        () -> entries, safe.getKeySerializer(), safe.getValueSerializer());
  }
}
