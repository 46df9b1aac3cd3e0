package io.castor.flink.state;

import java.io.IOException;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.annotation.Nullable;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.asyncprocessing.StateRequest;
import org.apache.flink.runtime.asyncprocessing.StateRequestHandler;
import org.apache.flink.runtime.state.v2.AbstractMapState;

/** A map, in batches. */
final class GeminiAsyncMapState<K, N, U, V> extends AbstractMapState<K, N, U, V>
    implements AsyncAccess<K> {
  private final AsyncStateTable<N> table;
  private final ThreadLocal<TypeSerializer<U>> userKeySerializer;

  GeminiAsyncMapState(
      StateRequestHandler handler,
      TypeSerializer<U> userKeySerializer,
      TypeSerializer<V> valueSerializer,
      AsyncStateTable<N> table) {
    super(handler, valueSerializer);
    this.table = table;
    this.userKeySerializer = ThreadLocal.withInitial(userKeySerializer::duplicate);
  }

  @Override
  @SuppressWarnings("unchecked")
  public int add(StateRequest<K, ?, ?, ?> request, CompositeKey<K> key, NativeBatch batch)
      throws IOException {
    CompositeKey<K> full = table.with(key, request);
    switch (request.getRequestType()) {
      case MAP_GET:
      case MAP_CONTAINS:
        return add(NativeBatch.GET_ENTRY, full, (U) request.getPayload(), batch);
      case MAP_REMOVE:
        return add(NativeBatch.REMOVE_ENTRY, full, (U) request.getPayload(), batch);
      case MAP_PUT:
        Tuple2<U, V> entry = (Tuple2<U, V>) request.getPayload();
        return put(full, entry.f0, entry.f1, batch);
      case MAP_PUT_ALL:
        int last = -1;
        for (Map.Entry<U, V> each : ((Map<U, V>) request.getPayload()).entrySet()) {
          last = put(full, each.getKey(), each.getValue(), batch);
        }
        return last;
      case MAP_ITER:
      case MAP_ITER_KEY:
      case MAP_ITER_VALUE:
        return batch.add(NativeBatch.ENTRIES, table.number(), full, null);
      case MAP_IS_EMPTY:
        return batch.add(NativeBatch.HAS_ENTRIES, table.number(), full, null);
      case CLEAR:
        return batch.add(NativeBatch.CLEAR, table.number(), full, null);
      default:
        throw AsyncStateTable.unknown(request);
    }
  }

  private int add(int kind, CompositeKey<K> full, U userKey, NativeBatch batch) throws IOException {
    return batch.add(
        kind, table.number(), full.withUserKey(userKey, userKeySerializer.get()), null);
  }

  private int put(CompositeKey<K> full, U userKey, @Nullable V value, NativeBatch batch)
      throws IOException {
    DataOutputSerializer out = table.out();
    GeminiMapState.writeValue(value, getValueSerializer(), out);
    return batch.add(
        NativeBatch.PUT_ENTRY,
        table.number(),
        full.withUserKey(userKey, userKeySerializer.get()),
        out);
  }

  @Override
  @Nullable
  public Object result(StateRequest<K, ?, ?, ?> request, int first, NativeBatch batch)
      throws IOException {
    switch (request.getRequestType()) {
      case MAP_GET:
        DataInputDeserializer found = batch.read(first);
        return found == null ? null : GeminiMapState.readValue(found, getValueSerializer());
      case MAP_CONTAINS:
        return !batch.isAbsent(first);
      case MAP_IS_EMPTY:
        return batch.size(first) == 0;
      case MAP_ITER:
        return iterator(
            request,
            batch.copy(first),
            entry -> new SimpleImmutableEntry<>(entry.getKey(), entry.getValue()));
      case MAP_ITER_KEY:
        return iterator(request, batch.copy(first), Map.Entry::getKey);
      case MAP_ITER_VALUE:
        return iterator(request, batch.copy(first), Map.Entry::getValue);
      default:
        return null;
    }
  }

  private <T> CompleteIterator<T> iterator(
      StateRequest<K, ?, ?, ?> request, byte[] entries, Function<Map.Entry<U, V>, T> part) {
    List<T> elements = new ArrayList<>();
    new MapEntryIterator<>(
            entries,
            userKeySerializer.get(),
            getValueSerializer(),
            MapEntryIterator.readOnly(),
            part)
        .forEachRemaining(elements::add);
    return new CompleteIterator<>(
        this, request.getRequestType(), getStateRequestHandler(), elements);
  }
}
