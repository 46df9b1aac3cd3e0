package io.castor.flink.state;

import java.io.IOException;
import javax.annotation.Nullable;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.runtime.state.internal.InternalValueState;

/** A value of each key and namespace. */
final class GeminiValueState<K, N, V> extends AbstractGeminiState<K, N, V>
    implements InternalValueState<K, N, V> {
  GeminiValueState(GeminiKeyedStateBackend<K> backend) {
    super(backend);
  }

  @Override
  public V value() throws IOException {
    DataInputDeserializer found = store.get(table, key());
    return found == null ? defaultValue() : getValueSerializer().deserialize(found);
  }

  @Override
  public void update(@Nullable V value) throws IOException {
    if (value == null) {
      clear();
    } else {
      store.put(table, key(), serialize(value, getValueSerializer(), out));
    }
  }

  @Override
  public void clear() {
    store.remove(table, key());
  }

  @Override
  byte[] serializedValue(CompositeKey<K> key, TypeSerializer<V> serializer) {
    return store.query(table, key);
  }
}
