package io.castor.flink.state;

import java.io.IOException;
import java.util.Collection;
import javax.annotation.Nullable;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.runtime.state.internal.InternalMergingState;

/**
 * An accumulator of each key and namespace.
 *
 * @param <K> the key
 * @param <N> the namespace
 * @param <T> what is added
 * @param <A> the accumulator
 * @param <R> the result
 */
abstract class AbstractAccumulatingState<K, N, T, A, R> extends AbstractGeminiState<K, N, A>
    implements InternalMergingState<K, N, T, A, R> {
  AbstractAccumulatingState(GeminiKeyedStateBackend<K> backend) {
    super(backend);
  }

  abstract A merge(A into, A other) throws Exception;

  @Override
  public A getInternal() throws IOException {
    return get(currentNamespace());
  }

  @Nullable
  private A get(N namespace) throws IOException {
    DataInputDeserializer found = store.get(table, key(namespace));
    return found == null ? null : getValueSerializer().deserialize(found);
  }

  @Override
  public void updateInternal(A accumulator) throws IOException {
    put(currentNamespace(), accumulator);
  }

  private void put(N namespace, A accumulator) throws IOException {
    store.put(table, key(namespace), serialize(accumulator, getValueSerializer(), out));
  }

  @Override
  public void mergeNamespaces(N target, Collection<N> sources) throws Exception {
    if (isNothing(sources)) {
      return;
    }
    A merged = null;
    for (N source : sources) {
      A found = source == null ? null : get(source);
      if (found != null) {
        store.remove(table, key(source));
        merged = merged == null ? found : merge(merged, found);
      }
    }
    if (merged != null) {
      A there = get(target);
      put(target, there == null ? merged : merge(merged, there));
    }
    setCurrentNamespace(target);
  }

  @Override
  public void clear() {
    store.remove(table, key());
  }

  @Override
  byte[] serializedValue(CompositeKey<K> key, TypeSerializer<A> serializer) {
    return store.query(table, key);
  }
}
