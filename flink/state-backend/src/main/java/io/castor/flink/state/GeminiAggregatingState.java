package io.castor.flink.state;

import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.runtime.state.internal.InternalAggregatingState;

/** Values of each key and namespace, aggregated. */
final class GeminiAggregatingState<K, N, T, A, R> extends AbstractAccumulatingState<K, N, T, A, R>
    implements InternalAggregatingState<K, N, T, A, R> {
  private AggregateFunction<T, A, R> function;

  GeminiAggregatingState(GeminiKeyedStateBackend<K> backend) {
    super(backend);
  }

  void setFunction(AggregateFunction<T, A, R> function) {
    this.function = function;
  }

  @Override
  public R get() throws Exception {
    A accumulator = getInternal();
    return accumulator == null ? null : function.getResult(accumulator);
  }

  @Override
  public void add(T value) throws Exception {
    A accumulator = getInternal();
    updateInternal(
        function.add(value, accumulator == null ? function.createAccumulator() : accumulator));
  }

  @Override
  A merge(A into, A other) {
    return function.merge(into, other);
  }
}
