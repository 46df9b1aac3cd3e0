package io.castor.flink.state;

import java.io.IOException;
import javax.annotation.Nullable;
import org.apache.flink.api.common.functions.ReduceFunction;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.asyncprocessing.StateRequest;
import org.apache.flink.runtime.asyncprocessing.StateRequestHandler;
import org.apache.flink.runtime.state.v2.AbstractReducingState;

/** What has been reduced, in batches. */
final class GeminiAsyncReducingState<K, N, V> extends AbstractReducingState<K, N, V>
    implements AsyncAccess<K> {
  private final AsyncValues<N, V> values;

  GeminiAsyncReducingState(
      StateRequestHandler handler,
      ReduceFunction<V> function,
      TypeSerializer<V> serializer,
      AsyncStateTable<N> table) {
    super(handler, function, serializer);
    values = new AsyncValues<>(table, this::getValueSerializer);
  }

  @Override
  public int add(StateRequest<K, ?, ?, ?> request, CompositeKey<K> key, NativeBatch batch)
      throws IOException {
    return values.add(request, key, batch);
  }

  @Override
  @Nullable
  public Object result(StateRequest<K, ?, ?, ?> request, int first, NativeBatch batch)
      throws IOException {
    return values.result(request, first, batch);
  }
}
