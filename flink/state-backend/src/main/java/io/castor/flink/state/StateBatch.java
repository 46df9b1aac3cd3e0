package io.castor.flink.state;

import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.asyncprocessing.InternalAsyncFuture;
import org.apache.flink.runtime.asyncprocessing.RecordContext;
import org.apache.flink.runtime.asyncprocessing.StateRequest;

/** Runs requests of the asynchronous API, each batch in one call of native code. Of one thread. */
final class StateBatch<K> implements AutoCloseable {
  private final NativeStore store;
  private final CompositeKey<K> key;
  private final NativeBatch batch = new NativeBatch();
  private int[] firsts = new int[16];

  StateBatch(NativeStore store, TypeSerializer<K> keySerializer) {
    this.store = store;
    key = new CompositeKey<>(keySerializer.duplicate());
  }

  /** Completes all of them. After an exception those that have not been are left to the caller. */
  void run(List<StateRequest<?, ?, ?, ?>> requests) throws IOException {
    batch.begin();
    if (firsts.length < requests.size()) {
      firsts = new int[Math.max(requests.size(), 2 * firsts.length)];
    }
    for (int i = 0; i < requests.size(); ++i) {
      StateRequest<K, ?, ?, ?> request = of(requests.get(i));
      RecordContext<K> context = request.getRecordContext();
      key.setKey(context.getKey(), context.getKeyGroup());
      firsts[i] = accessOf(request).add(request, key, batch);
    }
    batch.run(store);
    for (int i = 0; i < requests.size(); ++i) {
      complete(of(requests.get(i)), firsts[i]);
    }
  }

  @SuppressWarnings("unchecked")
  private void complete(StateRequest<K, ?, ?, ?> request, int first) throws IOException {
    Object result = accessOf(request).result(request, first, batch);
    ((InternalAsyncFuture<Object>) (InternalAsyncFuture<?>) request.getFuture()).complete(result);
  }

  @SuppressWarnings("unchecked")
  private static <K> StateRequest<K, ?, ?, ?> of(StateRequest<?, ?, ?, ?> request) {
    return (StateRequest<K, ?, ?, ?>) request;
  }

  @SuppressWarnings("unchecked")
  private static <K> AsyncAccess<K> accessOf(StateRequest<K, ?, ?, ?> request) {
    return (AsyncAccess<K>) request.getState();
  }

  @Override
  public void close() {
    batch.close();
  }
}
