package io.castor.flink.state;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.annotation.Nullable;
import org.apache.flink.api.common.state.v2.StateFuture;
import org.apache.flink.api.common.state.v2.StateIterator;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.state.StateFutureUtils;
import org.apache.flink.runtime.asyncprocessing.StateRequest;
import org.apache.flink.runtime.asyncprocessing.StateRequestHandler;
import org.apache.flink.runtime.asyncprocessing.StateRequestType;
import org.apache.flink.runtime.state.ListDelimitedSerializer;
import org.apache.flink.runtime.state.v2.AbstractListState;
import org.apache.flink.util.Preconditions;

/** A list, in batches. */
final class GeminiAsyncListState<K, N, V> extends AbstractListState<K, N, V>
    implements AsyncAccess<K> {
  private final AsyncStateTable<N> table;

  GeminiAsyncListState(
      StateRequestHandler handler, TypeSerializer<V> serializer, AsyncStateTable<N> table) {
    super(handler, serializer);
    this.table = table;
  }

  @Override
  @SuppressWarnings("unchecked")
  public int add(StateRequest<K, ?, ?, ?> request, CompositeKey<K> key, NativeBatch batch)
      throws IOException {
    CompositeKey<K> full = table.with(key, request);
    switch (request.getRequestType()) {
      case LIST_GET:
        return batch.add(NativeBatch.ELEMENTS, table.number(), full, null);
      case LIST_ADD:
        return append(List.of((V) request.getPayload()), full, batch);
      case LIST_ADD_ALL:
        return append((List<V>) request.getPayload(), full, batch);
      case LIST_UPDATE:
        int first = batch.add(NativeBatch.CLEAR, table.number(), full, null);
        if (request.getPayload() != null) {
          append((List<V>) request.getPayload(), full, batch);
        }
        return first;
      case CLEAR:
        return batch.add(NativeBatch.CLEAR, table.number(), full, null);
      default:
        throw AsyncStateTable.unknown(request);
    }
  }

  private int append(List<V> values, CompositeKey<K> full, NativeBatch batch) throws IOException {
    if (values.isEmpty()) {
      return -1;
    }
    TypeSerializer<V> serializer = getValueSerializer();
    DataOutputSerializer out = table.out();
    for (V value : values) {
      Preconditions.checkNotNull(value, "You cannot add null to a value list.");
      if (out.length() > 0) {
        out.write(GeminiListState.DELIMITER);
      }
      serializer.serialize(value, out);
    }
    return batch.add(NativeBatch.APPEND, table.number(), full, out, GeminiListState.lastOf(values));
  }

  @Override
  @Nullable
  public Object result(StateRequest<K, ?, ?, ?> request, int first, NativeBatch batch)
      throws IOException {
    if (request.getRequestType() != StateRequestType.LIST_GET) {
      return null;
    }
    List<V> elements = new ArrayList<>();
    DataInputDeserializer found = batch.read(first);
    TypeSerializer<V> serializer = getValueSerializer();
    while (found != null && found.available() > 0) {
      elements.add(ListDelimitedSerializer.deserializeNextElement(found, serializer));
    }
    return new CompleteIterator<>(
        this, StateRequestType.LIST_GET, getStateRequestHandler(), elements);
  }

  @Override
  public StateFuture<Void> asyncMergeNamespaces(N target, Collection<N> sources) {
    if (sources == null || sources.isEmpty()) {
      return StateFutureUtils.completedVoidFuture();
    }
    List<StateFuture<StateIterator<V>>> lists = new ArrayList<>();
    for (N source : sources) {
      if (source != null) {
        setCurrentNamespace(source);
        lists.add(asyncGet());
        lists.add(asyncClear().<StateIterator<V>>thenApply(ignored -> null));
      }
    }
    return StateFutureUtils.combineAll(lists)
        .thenCompose(
            read -> {
              setCurrentNamespace(target);
              return asyncAddAll(joined(read));
            });
  }

  @Override
  public void mergeNamespaces(N target, Collection<N> sources) {
    if (sources == null || sources.isEmpty()) {
      return;
    }
    List<V> merged = new ArrayList<>();
    for (N source : sources) {
      if (source != null) {
        setCurrentNamespace(source);
        get().forEach(merged::add);
        clear();
      }
    }
    setCurrentNamespace(target);
    addAll(merged);
  }

  private static <V> List<V> joined(Collection<StateIterator<V>> lists) {
    List<V> joined = new ArrayList<>();
    for (StateIterator<V> list : lists) {
      if (list != null) {
        ((CompleteIterator<V>) list).getCurrentCache().forEach(joined::add);
      }
    }
    return joined;
  }
}
