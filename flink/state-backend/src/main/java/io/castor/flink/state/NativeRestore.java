package io.castor.flink.state;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import javax.annotation.Nullable;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.state.AbstractIncrementalStateHandle;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalLocalKeyedStateHandle;
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
  private final Map<String, StreamStateHandle> reusable = new HashMap<>(); // by names here
  private long checkpointId;

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

  /** Brings a file of a checkpoint, by its name there, into the instance's folder. */
  private interface Source {
    void bring(String name, Path to) throws IOException;
  }

  void fetch(AbstractIncrementalStateHandle handle) throws IOException, StateMigrationException {
    Map<String, StreamStateHandle> remote = new HashMap<>();
    for (HandleAndLocalPath file : handle.getSharedStateHandles()) {
      remote.put(file.getLocalPath(), file.getHandle());
    }
    byte[] description;
    List<String> names = new ArrayList<>();
    checkSum(handle.getMetaDataStateHandle());
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
    checkpoints.add(
        new NativeCheckpoint(description, bring(names, sourceOf(handle, remote), remote)));
    checkpointId = handle.getCheckpointId();
  }

  private Source sourceOf(
      AbstractIncrementalStateHandle handle, Map<String, StreamStateHandle> remote) {
    if (handle instanceof IncrementalLocalKeyedStateHandle) {
      Path directory =
          ((IncrementalLocalKeyedStateHandle) handle).getDirectoryStateHandle().getDirectory();
      return (name, to) -> LocalCopy.link(directory.resolve(name), to);
    }
    KeyGroupRange range = handle.getKeyGroupRange();
    boolean partly = !range.getIntersection(keyGroups).equals(range);
    return (name, to) -> fetch(name, remote.get(name), partly, to);
  }

  private String[] bring(List<String> names, Source files, Map<String, StreamStateHandle> remote)
      throws IOException {
    String[] paths = new String[names.size()];
    for (int i = 0; i < paths.length; ++i) {
      File file = new File(directory, "restored-" + checkpoints.size() + "-" + i);
      files.bring(names.get(i), file.toPath());
      paths[i] = file.getAbsolutePath();
      if (remote.containsKey(names.get(i))) {
        reusable.put(file.getName(), remote.get(names.get(i)));
      }
    }
    return paths;
  }

  /** What the next checkpoint need not upload again. */
  SharedFiles shared() {
    SharedFiles shared = new SharedFiles();
    shared.restored(checkpointId, reusable);
    return shared;
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

  /** {@code partly}: not all that is in it is of this instance. */
  private void fetch(String name, @Nullable StreamStateHandle handle, boolean partly, Path to)
      throws IOException {
    if (handle == null) {
      throw new IOException("the checkpoint has no file " + name);
    }
    Optional<Path> onThisMachine = LocalCopy.pathOf(handle);
    if (onThisMachine.isPresent()) {
      LocalCopy.link(onThisMachine.get(), to);
      return;
    }
    try (FSDataInputStream in = open(handle)) {
      if (partly && handle.getStateSize() >= RunDownload.SMALL_BYTES) {
        new RunDownload(in, handle.getStateSize()).bring(keyGroups, to);
      } else {
        Files.copy(in, to);
      }
      registry.unregisterCloseable(in);
    }
  }

  /** Of all that is in front of it. */
  private void checkSum(StreamStateHandle handle) throws IOException {
    CRC32C sum = new CRC32C();
    long left = handle.getStateSize() - Long.BYTES;
    try (FSDataInputStream stream = open(handle)) {
      byte[] buffer = new byte[1 << 14];
      while (left > 0) {
        int read = stream.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (read < 0) {
          break;
        }
        sum.update(buffer, 0, read);
        left -= read;
      }
      if (left != 0 || new DataInputViewStreamWrapper(stream).readLong() != sum.getValue()) {
        throw new IOException("the checkpoint's meta data is damaged: " + handle);
      }
      registry.unregisterCloseable(stream);
    }
  }
}
