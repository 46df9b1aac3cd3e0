package io.castor.flink.state;

import java.io.IOException;
import java.util.function.Supplier;
import javax.annotation.Nullable;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.asyncprocessing.StateRequest;

/**
 * Requests of states that are a value of each key and namespace, accumulators among them.
 *
 * @param <N> the namespace
 * @param <V> the value
 */
final class AsyncValues<N, V> {
  private final AsyncStateTable<N> table;
  private final Supplier<TypeSerializer<V>> serializer;

  /** {@code serializer} gives each thread its own. */
  AsyncValues(AsyncStateTable<N> table, Supplier<TypeSerializer<V>> serializer) {
    this.table = table;
    this.serializer = serializer;
  }

  @SuppressWarnings("unchecked")
  <K> int add(StateRequest<K, ?, ?, ?> request, CompositeKey<K> key, NativeBatch batch)
      throws IOException {
    CompositeKey<K> full = table.with(key, request);
    switch (request.getRequestType()) {
      case VALUE_GET:
      case REDUCING_GET:
      case AGGREGATING_GET:
        return batch.add(NativeBatch.GET, table.number(), full, null);
      case VALUE_UPDATE:
      case REDUCING_ADD:
      case AGGREGATING_ADD:
        if (request.getPayload() == null) {
          return batch.add(NativeBatch.REMOVE, table.number(), full, null);
        }
        DataOutputSerializer out = table.out();
        serializer.get().serialize((V) request.getPayload(), out);
        return batch.add(NativeBatch.PUT, table.number(), full, out);
      case CLEAR:
        return batch.add(NativeBatch.REMOVE, table.number(), full, null);
      default:
        throw AsyncStateTable.unknown(request);
    }
  }

  @Nullable
  Object result(StateRequest<?, ?, ?, ?> request, int first, NativeBatch batch) throws IOException {
    switch (request.getRequestType()) {
      case VALUE_GET:
      case REDUCING_GET:
      case AGGREGATING_GET:
        DataInputDeserializer found = batch.read(first);
        return found == null ? null : serializer.get().deserialize(found);
      default:
        return null;
    }
  }
}
