package io.castor.flink.state;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import javax.annotation.Nullable;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.core.memory.DataOutputViewStreamWrapper;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.CheckpointStreamWithResultProvider;
import org.apache.flink.runtime.state.CheckpointedStateScope;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalLocalKeyedStateHandle;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedBackendSerializationProxy;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.PlaceholderStreamStateHandle;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.StateUtil;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filemerging.SegmentFileStateHandle;

/**
 * Puts one checkpoint where Flink keeps it. What has been written of one that fails is discarded.
 *
 * <p>The file of meta data is Flink's own, then the description of the checkpoint and the names of
 * its files in their order, timers of the heap, and the CRC32C of all that.
 */
final class CheckpointUpload implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final CheckpointStreamFactory streams;
  private final CloseableRegistry registry;
  private final CheckpointedStateScope scope;
  private final Map<String, StreamStateHandle> files = new LinkedHashMap<>();
  private final List<StreamStateHandle> written = new ArrayList<>();
  @Nullable private final LocalCopy local;
  private boolean complete;

  /** {@code shared}: later checkpoints may point to what is uploaded. {@code local}: if any. */
  CheckpointUpload(
      CheckpointStreamFactory streams,
      CloseableRegistry registry,
      boolean shared,
      @Nullable LocalCopy local) {
    this.local = local;
    this.streams = streams;
    this.registry = registry;
    scope = shared ? CheckpointedStateScope.SHARED : CheckpointedStateScope.EXCLUSIVE;
  }

  <K> SnapshotResult<KeyedStateHandle> run(
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
      if (local != null) {
        local.add(path);
      }
    }
    SnapshotResult<StreamStateHandle> meta =
        writeMeta(keySerializer, keyGroups, checkpointId, snapshot, checkpoint.description);
    List<HandleAndLocalPath> shared = new ArrayList<>();
    files.forEach((name, handle) -> shared.add(HandleAndLocalPath.of(handle, name)));
    long bytes = written.stream().mapToLong(StreamStateHandle::getStateSize).sum();
    KeyedStateHandle handle =
        new IncrementalRemoteKeyedStateHandle(
            instance,
            keyGroups,
            checkpointId,
            shared,
            List.of(),
            meta.getJobManagerOwnedSnapshot(),
            bytes);
    streams.reusePreviousStateHandle(reused);
    complete = true;
    return local == null || meta.getTaskLocalSnapshot() == null
        ? SnapshotResult.of(handle)
        : SnapshotResult.withLocalState(
            handle,
            new IncrementalLocalKeyedStateHandle(
                instance,
                checkpointId,
                local.handle(),
                keyGroups,
                meta.getTaskLocalSnapshot(),
                shared));
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
    void write(OutputStream out) throws IOException;
  }

  private StreamStateHandle upload(String path) throws IOException {
    return write(
            CheckpointStreamWithResultProvider.createSimpleStream(scope, streams),
            out -> {
              byte[] buffer = new byte[BUFFER_BYTES];
              try (InputStream in = Files.newInputStream(new File(path).toPath())) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                  out.write(buffer, 0, read);
                }
              }
            })
        .getJobManagerOwnedSnapshot();
  }

  private <K> SnapshotResult<StreamStateHandle> writeMeta(
      TypeSerializer<K> keySerializer,
      KeyGroupRange keyGroups,
      long checkpointId,
      NativeSnapshot snapshot,
      byte[] description)
      throws IOException {
    return write(
        streamOfMeta(checkpointId),
        stream -> {
          CheckedOutputStream checked = new CheckedOutputStream(stream, new CRC32C());
          DataOutputViewStreamWrapper out = new DataOutputViewStreamWrapper(checked);
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
          out.writeLong(checked.getChecksum().getValue());
        });
  }

  private CheckpointStreamWithResultProvider streamOfMeta(long checkpointId) throws IOException {
    CheckpointedStateScope own = CheckpointedStateScope.EXCLUSIVE;
    return local == null
        ? CheckpointStreamWithResultProvider.createSimpleStream(own, streams)
        : CheckpointStreamWithResultProvider.createDuplicatingStream(
            checkpointId, own, streams, local.provider());
  }

  private SnapshotResult<StreamStateHandle> write(
      CheckpointStreamWithResultProvider stream, Content content) throws IOException {
    registry.registerCloseable(stream);
    try {
      content.write(stream.getCheckpointOutputStream());
      if (!registry.unregisterCloseable(stream)) {
        throw new IOException("the checkpoint has been given up");
      }
      SnapshotResult<StreamStateHandle> result = stream.closeAndFinalizeCheckpointStreamResult();
      if (result.getJobManagerOwnedSnapshot() == null) {
        throw new IOException("the checkpoint's stream has kept nothing");
      }
      written.add(result.getJobManagerOwnedSnapshot());
      return result;
    } catch (IOException failure) {
      registry.unregisterCloseable(stream);
      stream.close(); // deletes what has been written
      throw failure;
    }
  }

  @Override
  public void close() {
    if (!complete) {
      written.forEach(StateUtil::discardStateObjectQuietly);
      if (local != null) {
        local.discard();
      }
    }
  }
}
