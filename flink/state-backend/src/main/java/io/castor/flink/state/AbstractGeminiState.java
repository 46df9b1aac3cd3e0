package io.castor.flink.state;

import java.io.IOException;
import java.util.Collection;
import javax.annotation.Nullable;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.queryablestate.client.state.serialization.KvStateSerializer;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.internal.InternalKvState;

/**
 * What all states have in common: the table, the serializers, and the key under which an access is.
 *
 * @param <K> the key
 * @param <N> the namespace
 * @param <V> what the serializer of the state serializes
 */
abstract class AbstractGeminiState<K, N, V> implements InternalKvState<K, N, V> {
  protected final GeminiKeyedStateBackend<K> backend;
  protected final NativeStore store;
  protected final DataOutputSerializer out = new DataOutputSerializer(128);
  protected int table;
  @Nullable private V defaultValue;
  private TypeSerializer<N> namespaceSerializer;
  private TypeSerializer<V> valueSerializer;
  private N namespace;

  AbstractGeminiState(GeminiKeyedStateBackend<K> backend) {
    this.backend = backend;
    store = backend.store();
  }

  /** The state as it is registered now; also called when that changes. */
  void register(StateTable<N, V> registered, @Nullable V defaultValue) {
    table = registered.number();
    namespaceSerializer = registered.metaInfo().getNamespaceSerializer();
    valueSerializer = registered.metaInfo().getStateSerializer();
    this.defaultValue = defaultValue;
  }

  /** Under the current key and namespace. */
  protected CompositeKey<K> key() {
    return key(namespace);
  }

  protected CompositeKey<K> key(N namespace) {
    return backend.currentKey().withNamespace(namespace, namespaceSerializer);
  }

  @Nullable
  protected V defaultValue() {
    return defaultValue == null ? null : valueSerializer.copy(defaultValue);
  }

  protected static <T> DataOutputSerializer serialize(
      T value, TypeSerializer<T> serializer, DataOutputSerializer out) throws IOException {
    out.clear();
    serializer.serialize(value, out);
    return out;
  }

  @Override
  public void setCurrentNamespace(N namespace) {
    this.namespace = namespace;
  }

  protected N currentNamespace() {
    return namespace;
  }

  @Override
  public TypeSerializer<K> getKeySerializer() {
    return backend.getKeySerializer();
  }

  @Override
  public TypeSerializer<N> getNamespaceSerializer() {
    return namespaceSerializer;
  }

  @Override
  public TypeSerializer<V> getValueSerializer() {
    return valueSerializer;
  }

  @Override
  @Nullable
  public byte[] getSerializedValue(
      byte[] serializedKeyAndNamespace,
      TypeSerializer<K> safeKeySerializer,
      TypeSerializer<N> safeNamespaceSerializer,
      TypeSerializer<V> safeValueSerializer)
      throws Exception {
    Tuple2<K, N> asked =
        KvStateSerializer.deserializeKeyAndNamespace(
            serializedKeyAndNamespace, safeKeySerializer, safeNamespaceSerializer);
    CompositeKey<K> key = new CompositeKey<>(safeKeySerializer);
    key.setKey(
        asked.f0,
        KeyGroupRangeAssignment.assignToKeyGroup(asked.f0, backend.getNumberOfKeyGroups()));
    return serializedValue(
        key.withNamespace(asked.f1, safeNamespaceSerializer), safeValueSerializer);
  }

  /** What a client of queryable state gets, or null. Of any thread. */
  @Nullable
  abstract byte[] serializedValue(CompositeKey<K> key, TypeSerializer<V> serializer)
      throws IOException;

  protected static byte[] copyOf(DataInputDeserializer value) throws IOException {
    byte[] copy = new byte[value.available()];
    value.readFully(copy);
    return copy;
  }

  /** Whether merging has anything to do. */
  protected static boolean isNothing(@Nullable Collection<?> sources) {
    return sources == null || sources.isEmpty();
  }

  @Override
  public StateIncrementalVisitor<K, N, V> getStateIncrementalVisitor(
      int recommendedMaxNumberOfReturnedRecords) {
    throw new UnsupportedOperationException("Gemini has no incremental visitors of state");
  }
}
