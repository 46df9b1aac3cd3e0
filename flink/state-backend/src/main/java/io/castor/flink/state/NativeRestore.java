package io.castor.flink.state;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedBackendSerializationProxy;
import org.apache.flink.runtime.state.RegisteredPriorityQueueStateBackendMetaInfo;
import org.apache.flink.runtime.state.StateSerializerProvider;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.BackendStateType;
import org.apache.flink.util.StateMigrationException;

/** Brings checkpoints of Gemini's own files to where an instance can open them. */
final class NativeRestore<K> {
  private final File directory;
  private final StateSerializerProvider<K> keySerializer;
  private final ClassLoader userClasses;
  private final CloseableRegistry registry;
  private final KeyGroupRange keyGroups;
  private final Map<String, StateMetaInfoSnapshot> states = new LinkedHashMap<>();
  private final List<NativeCheckpoint> checkpoints = new ArrayList<>();
  private final List<RestoredQueue> queues = new ArrayList<>();

  NativeRestore(
      File directory,
      StateSerializerProvider<K> keySerializer,
      ClassLoader userClasses,
      CloseableRegistry registry,
      KeyGroupRange keyGroups) {
    this.directory = directory;
    this.keySerializer = keySerializer;
    this.userClasses = userClasses;
    this.registry = registry;
    this.keyGroups = keyGroups;
  }

  void fetch(IncrementalRemoteKeyedStateHandle handle) throws IOException, StateMigrationException {
    Map<String, StreamStateHandle> files = new HashMap<>();
    for (HandleAndLocalPath file : handle.getSharedState()) {
      files.put(file.getLocalPath(), file.getHandle());
    }
    byte[] description;
    List<String> names = new ArrayList<>();
    try (FSDataInputStream stream = open(handle.getMetaDataStateHandle())) {
      DataInputViewStreamWrapper in = new DataInputViewStreamWrapper(stream);
      List<StateMetaInfoSnapshot> metaInfos = readMetaInfos(in);
      description = new byte[in.readInt()];
      in.readFully(description);
      for (int count = in.readInt(); count > 0; --count) {
        names.add(in.readUTF());
      }
      for (StateMetaInfoSnapshot metaInfo : metaInfos) {
        RestoredQueue queue =
            new RestoredQueue(new RegisteredPriorityQueueStateBackendMetaInfo<>(metaInfo));
        QueueStream.read(in, keyGroups, queue);
        queues.add(queue);
      }
    }
    String[] paths = new String[names.size()];
    for (int i = 0; i < paths.length; ++i) {
      StreamStateHandle file = files.get(names.get(i));
      if (file == null) {
        throw new IOException("the checkpoint has no file " + names.get(i));
      }
      paths[i] = download(file, "restored-" + checkpoints.size() + "-" + i);
    }
    checkpoints.add(new NativeCheckpoint(description, paths));
  }

  List<NativeCheckpoint> checkpoints() {
    return checkpoints;
  }

  List<RestoredQueue> queues() {
    return queues;
  }

  /** The states of all checkpoints, without queues. */
  Iterable<StateMetaInfoSnapshot> states() {
    return states.values();
  }

  /** Those of queues; the others are added to {@link #states}. */
  private List<StateMetaInfoSnapshot> readMetaInfos(DataInputViewStreamWrapper in)
      throws IOException, StateMigrationException {
    KeyedBackendSerializationProxy<K> meta = new KeyedBackendSerializationProxy<>(userClasses);
    meta.read(in);
    if (checkpoints.isEmpty()) {
      TypeSerializer<K> current = keySerializer.currentSchemaSerializer();
      TypeSerializerSchemaCompatibility<K> compatibility =
          keySerializer.setPreviousSerializerSnapshotForRestoredState(
              meta.getKeySerializerSnapshot());
      if (compatibility.isCompatibleAfterMigration() || compatibility.isIncompatible()) {
        throw new StateMigrationException(
            "the key serializer " + current + " cannot read the keys of the checkpoint");
      }
    }
    List<StateMetaInfoSnapshot> ofQueues = new ArrayList<>();
    for (StateMetaInfoSnapshot state : meta.getStateMetaInfoSnapshots()) {
      if (state.getBackendStateType() == BackendStateType.PRIORITY_QUEUE) {
        ofQueues.add(state);
      } else {
        states.putIfAbsent(state.getName(), state);
      }
    }
    return ofQueues;
  }

  private FSDataInputStream open(StreamStateHandle handle) throws IOException {
    FSDataInputStream stream = handle.openInputStream();
    registry.registerCloseable(stream);
    return stream;
  }

  private String download(StreamStateHandle handle, String name) throws IOException {
    File file = new File(directory, name);
    try (InputStream in = open(handle)) {
      Files.copy(in, file.toPath());
      registry.unregisterCloseable(in);
    }
    return file.getAbsolutePath();
  }
}
