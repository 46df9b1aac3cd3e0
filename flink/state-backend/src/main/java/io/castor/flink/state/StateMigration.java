package io.castor.flink.state;

import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.MapSerializer;
import org.apache.flink.api.common.typeutils.base.MapSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.VoidSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.ListDelimitedSerializer;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;
import org.apache.flink.runtime.state.ttl.TtlAwareSerializer;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.apache.flink.util.StateMigrationException;

/** What becomes of restored state when the job comes with other serializers. */
final class StateMigration {
  private final NativeStore store;
  private final TtlTimeProvider ttlTime;

  StateMigration(NativeStore store, TtlTimeProvider ttlTime) {
    this.store = store;
    this.ttlTime = ttlTime;
  }

  /** Registers the serializers; values are written anew where these say so. */
  <N, V> void update(
      StateTable<N, V> state,
      StateDescriptor<?, V> descriptor,
      TypeSerializer<N> namespaceSerializer,
      TypeSerializer<V> serializer)
      throws StateMigrationException {
    RegisteredKeyValueStateBackendMetaInfo<N, V> metaInfo = state.metaInfo();
    // An incompatible one takes its place, and could not be told any more.
    TypeSerializer<N> oldNamespaces = metaInfo.getNamespaceSerializer();
    TypeSerializerSchemaCompatibility<N> ofNamespaces =
        metaInfo.updateNamespaceSerializer(namespaceSerializer);
    if (ofNamespaces.isCompatibleAfterMigration() || ofNamespaces.isIncompatible()) {
      throw new StateMigrationException(
          "The new namespace serializer ("
              + namespaceSerializer
              + ") must be compatible with the old one ("
              + oldNamespaces
              + ").");
    }
    metaInfo.checkStateMetaInfo(descriptor);
    TypeSerializer<V> old = metaInfo.getStateSerializer();
    TypeSerializerSchemaCompatibility<V> ofValues = metaInfo.updateStateSerializer(serializer);
    if (ofValues.isIncompatible()) {
      throw new StateMigrationException(
          "The new state serializer ("
              + serializer
              + ") must not be incompatible with the old one ("
              + old
              + ").");
    }
    if (ofValues.isCompatibleAfterMigration()) {
      migrate(state);
    }
  }

  private <N, V> void migrate(StateTable<N, V> state) throws StateMigrationException {
    RegisteredKeyValueStateBackendMetaInfo<N, V> metaInfo = state.metaInfo();
    if (state.type() == StateDescriptor.Type.MAP) {
      checkUserKeys(metaInfo);
    }
    TtlAwareSerializer<V, ?> from = wrap(metaInfo.getPreviousStateSerializer());
    TtlAwareSerializer<V, ?> to = wrap(metaInfo.getStateSerializer());
    try (NativeCut cut = store.startCut()) {
      cut.await(true);
      try (TableScan scan = cut.scan(state.name())) {
        migrate(state, scan, valueMigration(state.type(), from, to));
      }
    } catch (Exception failure) {
      throw new StateMigrationException("state '" + state.name() + "' cannot be migrated", failure);
    }
  }

  @SuppressWarnings("unchecked")
  private static <V> TtlAwareSerializer<V, ?> wrap(TypeSerializer<V> serializer) {
    return (TtlAwareSerializer<V, ?>) TtlAwareSerializer.wrapTtlAwareSerializer(serializer);
  }

  /** What is written is not seen by the scan, which is of the moment before. */
  private void migrate(StateTable<?, ?> state, TableScan scan, ValueMigration values)
      throws Exception {
    CompositeKey<?> key = new CompositeKey<>(VoidSerializer.INSTANCE);
    DataInputDeserializer in = new DataInputDeserializer();
    DataOutputSerializer out = new DataOutputSerializer(128);
    byte[] cleared = null;
    while (scan.next()) {
      byte[] keys = scan.copyOfKeys(0);
      in.setBuffer(scan.copyOfValue());
      out.clear();
      values.migrate(in, out);
      key.set(scan.keyGroup(), keys, 0, scan.keyLength(), keys.length - scan.keyLength());
      switch (state.type()) {
        case MAP:
          store.putEntry(state.number(), key, out);
          break;
        case LIST:
          if (!Arrays.equals(cleared, keys)) {
            store.clear(state.number(), key);
            cleared = keys;
          }
          store.append(state.number(), key, out, store.now());
          break;
        default:
          store.put(state.number(), key, out);
      }
    }
  }

  private interface ValueMigration {
    void migrate(DataInputDeserializer from, DataOutputSerializer to) throws IOException;
  }

  @SuppressWarnings("unchecked")
  private <V> ValueMigration valueMigration(
      StateDescriptor.Type type, TtlAwareSerializer<V, ?> from, TtlAwareSerializer<V, ?> to) {
    switch (type) {
      case LIST:
        return elements(
            ((TtlAwareSerializer.TtlAwareListSerializer<Object>) (TtlAwareSerializer<?, ?>) from)
                .getElementSerializer(),
            ((TtlAwareSerializer.TtlAwareListSerializer<Object>) (TtlAwareSerializer<?, ?>) to)
                .getElementSerializer());
      case MAP:
        return mapValue(
            ((TtlAwareSerializer.TtlAwareMapSerializer<Object, Object>)
                    (TtlAwareSerializer<?, ?>) from)
                .getValueSerializer(),
            ((TtlAwareSerializer.TtlAwareMapSerializer<Object, Object>)
                    (TtlAwareSerializer<?, ?>) to)
                .getValueSerializer());
      default:
        return (in, out) ->
            to.migrateValueFromPriorSerializer(from, () -> from.deserialize(in), out, ttlTime);
    }
  }

  private <E> ValueMigration elements(TtlAwareSerializer<E, ?> from, TtlAwareSerializer<E, ?> to) {
    return (in, out) -> {
      while (in.available() > 0) {
        if (out.length() > 0) {
          out.write(GeminiListState.DELIMITER);
        }
        to.migrateValueFromPriorSerializer(
            from, () -> ListDelimitedSerializer.deserializeNextElement(in, from), out, ttlTime);
      }
    };
  }

  private <E> ValueMigration mapValue(TtlAwareSerializer<E, ?> from, TtlAwareSerializer<E, ?> to) {
    return (in, out) -> {
      boolean isNull = in.readBoolean();
      out.writeBoolean(isNull);
      if (!isNull) {
        to.migrateValueFromPriorSerializer(from, () -> from.deserialize(in), out, ttlTime);
      }
    };
  }

  /** Keys of maps are not written anew. */
  private static <V> void checkUserKeys(RegisteredKeyValueStateBackendMetaInfo<?, V> metaInfo)
      throws StateMigrationException {
    TypeSerializerSnapshot<V> before = metaInfo.getPreviousStateSerializerSnapshot();
    TypeSerializer<V> now = metaInfo.getStateSerializer();
    if (!(before instanceof MapSerializerSnapshot) || !(now instanceof MapSerializer)) {
      throw new StateMigrationException(
          "state '" + metaInfo.getName() + "' is a map, and its serializers are not those of one");
    }
    if (!areKeysTheSame((MapSerializerSnapshot<?, ?>) before, (MapSerializer<?, ?>) now)) {
      throw new StateMigrationException(
          "the keys of map state '"
              + metaInfo.getName()
              + "' would have to be written anew, which only values can be");
    }
  }

  @SuppressWarnings("unchecked")
  private static <U> boolean areKeysTheSame(
      MapSerializerSnapshot<?, ?> before, MapSerializer<?, ?> now) {
    TypeSerializer<U> serializer = (TypeSerializer<U>) now.getKeySerializer();
    return serializer
        .snapshotConfiguration()
        .resolveSchemaCompatibility((TypeSerializerSnapshot<U>) before.getKeySerializerSnapshot())
        .isCompatibleAsIs();
  }
}
