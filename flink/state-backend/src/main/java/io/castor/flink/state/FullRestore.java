package io.castor.flink.state;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;
import org.apache.flink.runtime.state.RegisteredPriorityQueueStateBackendMetaInfo;
import org.apache.flink.runtime.state.StateSerializerProvider;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.BackendStateType;
import org.apache.flink.runtime.state.restore.FullSnapshotRestoreOperation;
import org.apache.flink.runtime.state.restore.KeyGroup;
import org.apache.flink.runtime.state.restore.KeyGroupEntry;
import org.apache.flink.runtime.state.restore.SavepointRestoreResult;
import org.apache.flink.runtime.state.restore.ThrowingIterator;
import org.apache.flink.util.StateMigrationException;

/** Puts what a canonical snapshot holds into an instance. */
final class FullRestore<K> {
  private final NativeStore store;
  private final int keyGroupPrefixBytes;
  private final StateSerializerProvider<K> keySerializer;
  private final Map<String, StateTable<?, ?>> states;
  private final TimerQueues timers;
  private final DataInputDeserializer in = new DataInputDeserializer();
  private final DataOutputSerializer out = new DataOutputSerializer(128);
  private CompositeKey<K> key;

  FullRestore(
      NativeStore store,
      int keyGroupPrefixBytes,
      StateSerializerProvider<K> keySerializer,
      Map<String, StateTable<?, ?>> states,
      TimerQueues timers) {
    this.store = store;
    this.keyGroupPrefixBytes = keyGroupPrefixBytes;
    this.keySerializer = keySerializer;
    this.states = states;
    this.timers = timers;
  }

  void restore(FullSnapshotRestoreOperation<K> operation)
      throws IOException, StateMigrationException {
    try (ThrowingIterator<SavepointRestoreResult> handles = operation.restore()) {
      while (handles.hasNext()) {
        restore(handles.next());
      }
    }
  }

  /** What puts entries of one state where they belong. */
  private interface Target {
    void put(int keyGroup, KeyGroupEntry entry) throws IOException;
  }

  private void restore(SavepointRestoreResult handle) throws IOException, StateMigrationException {
    // Known only now that the snapshot's own has been looked at.
    key = new CompositeKey<>(keySerializer.currentSchemaSerializer());
    Map<Integer, Target> targets = new HashMap<>();
    for (StateMetaInfoSnapshot snapshot : handle.getStateMetaInfoSnapshots()) {
      targets.put(targets.size(), targetOf(snapshot));
    }
    try (ThrowingIterator<KeyGroup> groups = handle.getRestoredKeyGroups()) {
      while (groups.hasNext()) {
        KeyGroup group = groups.next();
        try (ThrowingIterator<KeyGroupEntry> entries = group.getKeyGroupEntries()) {
          while (entries.hasNext()) {
            KeyGroupEntry entry = entries.next();
            Target target = targets.get(entry.getKvStateId());
            if (target == null) {
              throw new IOException("the snapshot has no state of number " + entry.getKvStateId());
            }
            target.put(group.getKeyGroupId(), entry);
          }
        }
      }
    }
  }

  private Target targetOf(StateMetaInfoSnapshot snapshot) {
    if (snapshot.getBackendStateType() == BackendStateType.PRIORITY_QUEUE) {
      TimerQueues.Sink queue =
          timers.restored(new RegisteredPriorityQueueStateBackendMetaInfo<>(snapshot));
      return (group, entry) -> {
        byte[] timer = entry.getKey();
        queue.add(group, timer, keyGroupPrefixBytes, timer.length - keyGroupPrefixBytes);
      };
    }
    StateTable<?, ?> state = states.get(snapshot.getName());
    if (state == null) {
      state =
          new StateTable<>(
              store,
              (RegisteredKeyValueStateBackendMetaInfo<?, ?>)
                  RegisteredKeyValueStateBackendMetaInfo.fromMetaInfoSnapshot(snapshot));
      states.put(snapshot.getName(), state);
    }
    return targetOf(state);
  }

  private Target targetOf(StateTable<?, ?> state) {
    int table = state.number();
    switch (state.type()) {
      case MAP:
        return (group, entry) -> {
          address(group, entry.getKey(), keyLengthIn(entry.getKey(), state));
          store.putEntry(table, key, value(entry));
        };
      case LIST:
        return (group, entry) -> {
          address(group, entry.getKey(), entry.getKey().length - keyGroupPrefixBytes);
          store.append(table, key, value(entry), store.now());
        };
      default:
        return (group, entry) -> {
          address(group, entry.getKey(), entry.getKey().length - keyGroupPrefixBytes);
          store.put(table, key, value(entry));
        };
    }
  }

  /** How much is key and namespace, in front of the user key. */
  private <N> int keyLengthIn(byte[] serialized, StateTable<N, ?> state) throws IOException {
    in.setBuffer(serialized, keyGroupPrefixBytes, serialized.length - keyGroupPrefixBytes);
    int begin = in.getPosition();
    var namespaceSerializer = state.metaInfo().getNamespaceSerializer();
    key.readKey(in, namespaceSerializer);
    key.readNamespace(in, namespaceSerializer);
    return in.getPosition() - begin;
  }

  private void address(int keyGroup, byte[] serialized, int keyLength) throws IOException {
    key.set(
        keyGroup,
        serialized,
        keyGroupPrefixBytes,
        keyLength,
        serialized.length - keyGroupPrefixBytes - keyLength);
  }

  private DataOutputSerializer value(KeyGroupEntry entry) throws IOException {
    out.clear();
    out.write(entry.getValue());
    return out;
  }
}
