package io.castor.flink.state;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.core.memory.DataOutputViewStreamWrapper;
import org.apache.flink.runtime.state.CheckpointStateOutputStream;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.CheckpointedStateScope;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedBackendSerializationProxy;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.PlaceholderStreamStateHandle;
import org.apache.flink.runtime.state.StateUtil;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filemerging.SegmentFileStateHandle;

/**
 * Puts one checkpoint where Flink keeps it. What has been written of one that fails is discarded.
 *
 * <p>The file of meta data is Flink's own, then the description of the checkpoint and the names of
 * its files in their order.
 */
final class CheckpointUpload implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final CheckpointStreamFactory streams;
  private final CloseableRegistry registry;
  private final CheckpointedStateScope scope;
  private final Map<String, StreamStateHandle> files = new LinkedHashMap<>();
  private final List<StreamStateHandle> written = new ArrayList<>();
  private boolean complete;

  /** {@code shared}: later checkpoints may point to what is uploaded. */
  CheckpointUpload(CheckpointStreamFactory streams, CloseableRegistry registry, boolean shared) {
    this.streams = streams;
    this.registry = registry;
    scope = shared ? CheckpointedStateScope.SHARED : CheckpointedStateScope.EXCLUSIVE;
  }

  <K> KeyedStateHandle run(
      UUID instance,
      KeyGroupRange keyGroups,
      long checkpointId,
      TypeSerializer<K> keySerializer,
      NativeSnapshot snapshot,
      Map<String, StreamStateHandle> base)
      throws IOException {
    NativeCheckpoint checkpoint = snapshot.cut.describe();
    List<StreamStateHandle> reused = new ArrayList<>();
    for (String path : checkpoint.paths) {
      String name = new File(path).getName();
      StreamStateHandle there = base.get(name);
      StreamStateHandle placeholder = there == null ? null : placeholderOf(there);
      if (placeholder != null && streams.couldReuseStateHandle(placeholder)) {
        files.put(name, placeholder);
        reused.add(placeholder);
      } else {
        files.put(name, upload(path));
      }
    }
    StreamStateHandle meta = writeMeta(keySerializer, keyGroups, snapshot, checkpoint.description);
    List<HandleAndLocalPath> shared = new ArrayList<>();
    files.forEach((name, handle) -> shared.add(HandleAndLocalPath.of(handle, name)));
    long bytes = written.stream().mapToLong(StreamStateHandle::getStateSize).sum();
    KeyedStateHandle handle =
        new IncrementalRemoteKeyedStateHandle(
            instance, keyGroups, checkpointId, shared, List.of(), meta, bytes);
    streams.reusePreviousStateHandle(reused);
    complete = true;
    return handle;
  }

  /** By their names, where they are now. */
  Map<String, StreamStateHandle> files() {
    return files;
  }

  private static StreamStateHandle placeholderOf(StreamStateHandle handle) {
    return new PlaceholderStreamStateHandle(
        handle.getStreamStateHandleID(),
        handle.getStateSize(),
        handle instanceof SegmentFileStateHandle
            || (handle instanceof PlaceholderStreamStateHandle
                && ((PlaceholderStreamStateHandle) handle).isFileMerged()));
  }

  private interface Content {
    void write(CheckpointStateOutputStream out) throws IOException;
  }

  private StreamStateHandle upload(String path) throws IOException {
    return write(
        scope,
        out -> {
          byte[] buffer = new byte[BUFFER_BYTES];
          try (InputStream in = Files.newInputStream(new File(path).toPath())) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
              out.write(buffer, 0, read);
            }
          }
        });
  }

  private <K> StreamStateHandle writeMeta(
      TypeSerializer<K> keySerializer,
      KeyGroupRange keyGroups,
      NativeSnapshot snapshot,
      byte[] description)
      throws IOException {
    return write(
        CheckpointedStateScope.EXCLUSIVE,
        stream -> {
          DataOutputViewStreamWrapper out = new DataOutputViewStreamWrapper(stream);
          new KeyedBackendSerializationProxy<>(keySerializer, snapshot.metaInfos, false).write(out);
          out.writeInt(description.length);
          out.write(description);
          out.writeInt(files.size());
          for (String name : files.keySet()) {
            out.writeUTF(name);
          }
          for (TimerQueues.Snapshot queue : snapshot.queues) {
            QueueStream.write(queue, snapshot.cut, keyGroups, out);
          }
        });
  }

  private StreamStateHandle write(CheckpointedStateScope where, Content content)
      throws IOException {
    CheckpointStateOutputStream out = streams.createCheckpointStateOutputStream(where);
    registry.registerCloseable(out);
    try {
      content.write(out);
      if (!registry.unregisterCloseable(out)) {
        throw new IOException("the checkpoint has been given up");
      }
      StreamStateHandle handle = out.closeAndGetHandle();
      if (handle == null) {
        throw new IOException("the checkpoint's stream has kept nothing");
      }
      written.add(handle);
      return handle;
    } catch (IOException failure) {
      registry.unregisterCloseable(out);
      out.close(); // deletes what has been written
      throw failure;
    }
  }

  @Override
  public void close() {
    if (!complete) {
      written.forEach(StateUtil::discardStateObjectQuietly);
    }
  }
}
