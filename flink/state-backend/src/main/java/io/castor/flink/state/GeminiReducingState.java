package io.castor.flink.state;

import org.apache.flink.api.common.functions.ReduceFunction;
import org.apache.flink.runtime.state.internal.InternalReducingState;

/** Values of each key and namespace, reduced to one. */
final class GeminiReducingState<K, N, V> extends AbstractAccumulatingState<K, N, V, V, V>
    implements InternalReducingState<K, N, V> {
  private ReduceFunction<V> function;

  GeminiReducingState(GeminiKeyedStateBackend<K> backend) {
    super(backend);
  }

  void setFunction(ReduceFunction<V> function) {
    this.function = function;
  }

  @Override
  public V get() throws Exception {
    return getInternal();
  }

  @Override
  public void add(V value) throws Exception {
    V reduced = getInternal();
    updateInternal(reduced == null ? value : function.reduce(reduced, value));
  }

  @Override
  V merge(V into, V other) throws Exception {
    return function.reduce(into, other);
  }
}
