package io.castor.flink.state;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.asyncprocessing.StateRequest;

/**
 * What all states of the asynchronous API have: the table, the namespace of requests, and what each
 * thread needs to serialize them. Thread-safe.
 *
 * @param <N> the namespace
 */
final class AsyncStateTable<N> {
  private final int number;
  private final N defaultNamespace;
  private final ThreadLocal<TypeSerializer<N>> namespaceSerializer;
  private final ThreadLocal<DataOutputSerializer> out =
      ThreadLocal.withInitial(() -> new DataOutputSerializer(128));

  AsyncStateTable(int number, N defaultNamespace, TypeSerializer<N> namespaceSerializer) {
    this.number = number;
    this.defaultNamespace = defaultNamespace;
    this.namespaceSerializer = ThreadLocal.withInitial(namespaceSerializer::duplicate);
  }

  int number() {
    return number;
  }

  /** Empty. */
  DataOutputSerializer out() {
    DataOutputSerializer own = out.get();
    own.clear();
    return own;
  }

  @SuppressWarnings("unchecked")
  <K> CompositeKey<K> with(CompositeKey<K> key, StateRequest<K, ?, ?, ?> request) {
    N namespace = (N) request.getNamespace();
    return key.withNamespace(
        namespace == null ? defaultNamespace : namespace, namespaceSerializer.get());
  }

  static GeminiException unknown(StateRequest<?, ?, ?, ?> request) {
    return new GeminiException(
        "a state does not know requests of type " + request.getRequestType());
  }
}
