package io.castor.flink.state;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.annotation.Nullable;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.ListDelimitedSerializer;
import org.apache.flink.runtime.state.internal.InternalListState;
import org.apache.flink.runtime.state.ttl.TtlValue;
import org.apache.flink.util.Preconditions;

/** A list of each key and namespace. Appending does not read what is there. */
final class GeminiListState<K, N, V> extends AbstractGeminiState<K, N, List<V>>
    implements InternalListState<K, N, V> {
  static final byte DELIMITER = ',';

  GeminiListState(GeminiKeyedStateBackend<K> backend) {
    super(backend);
  }

  private TypeSerializer<V> elementSerializer() {
    return ((ListSerializer<V>) getValueSerializer()).getElementSerializer();
  }

  @Override
  public Iterable<V> get() throws IOException {
    return getInternal();
  }

  @Override
  public List<V> getInternal() throws IOException {
    return deserialize(store.elements(table, key()), elementSerializer());
  }

  @Nullable
  private static <T> List<T> deserialize(
      @Nullable DataInputDeserializer found, TypeSerializer<T> serializer) throws IOException {
    if (found == null) {
      return null;
    }
    List<T> elements = new ArrayList<>();
    while (found.available() > 0) {
      elements.add(ListDelimitedSerializer.deserializeNextElement(found, serializer));
    }
    return elements;
  }

  @Override
  public void add(V value) throws IOException {
    Preconditions.checkNotNull(value, "You cannot add null to a ListState.");
    serialize(value, elementSerializer(), out);
    store.append(table, key(), out, timeOf(value));
  }

  /** When it was made, if it expires. */
  private static long timeOf(Object value) {
    return value instanceof TtlValue ? ((TtlValue<?>) value).getLastAccessTimestamp() : 0;
  }

  static long lastOf(List<?> values) {
    long last = Long.MIN_VALUE;
    for (Object value : values) {
      last = Math.max(last, timeOf(value));
    }
    return last;
  }

  @Override
  public void addAll(List<V> values) throws IOException {
    Preconditions.checkNotNull(values, "List of values to add cannot be null.");
    if (!values.isEmpty()) {
      store.append(table, key(), join(values), lastOf(values));
    }
  }

  @Override
  public void update(List<V> values) throws IOException {
    updateInternal(values);
  }

  @Override
  public void updateInternal(List<V> values) throws IOException {
    Preconditions.checkNotNull(values, "List of values to add cannot be null.");
    DataOutputSerializer joined = values.isEmpty() ? null : join(values); // may fail
    clear();
    if (joined != null) {
      store.append(table, key(), joined, lastOf(values));
    }
  }

  private DataOutputSerializer join(List<V> values) throws IOException {
    TypeSerializer<V> serializer = elementSerializer();
    out.clear();
    for (V value : values) {
      Preconditions.checkNotNull(value, "You cannot add null to a value list.");
      if (out.length() > 0) {
        out.write(DELIMITER);
      }
      serializer.serialize(value, out);
    }
    return out;
  }

  @Override
  public void clear() {
    store.clear(table, key());
  }

  @Override
  public void mergeNamespaces(N target, Collection<N> sources) throws IOException {
    if (isNothing(sources)) {
      return;
    }
    for (N source : sources) {
      DataInputDeserializer found = source == null ? null : store.elements(table, key(source));
      if (found != null) {
        out.clear();
        out.write(copyOf(found));
        store.clear(table, key(source));
        store.append(table, key(target), out, store.now());
      }
    }
    setCurrentNamespace(target);
  }

  @Override
  byte[] serializedValue(CompositeKey<K> key, TypeSerializer<List<V>> serializer) {
    return store.query(table, key);
  }
}
