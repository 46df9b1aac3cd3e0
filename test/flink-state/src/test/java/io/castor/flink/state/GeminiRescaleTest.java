package io.castor.flink.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.RunnableFuture;
import java.util.stream.Collectors;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.PhysicalStateHandleID;
import org.apache.flink.runtime.state.SharedStateRegistry;
import org.apache.flink.runtime.state.SharedStateRegistryImpl;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.TestLocalRecoveryConfig;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints of Gemini's own files of which instances with other key groups take their parts. */
class GeminiRescaleTest {
  private static final List<KeyGroupRange> THIRDS =
      List.of(KeyGroupRange.of(0, 2), KeyGroupRange.of(3, 6), KeyGroupRange.of(7, 9));
  private static final int MOST_BYTES = 64 << 20;

  @TempDir private Path folder;

  private TestState open(KeyGroupRange keyGroups, List<KeyedStateHandle> restored)
      throws Exception {
    return new TestState(folder, keyGroups, restored, TestLocalRecoveryConfig.disabled());
  }

  /** And the files of before stay as long as one of them points to them. */
  @Test
  void firstCheckpointsPointToWhatTheOneBeforeHas() throws Exception {
    SharedStateRegistry registry = new SharedStateRegistryImpl();
    KeyedStateHandle before;
    try (TestState state = open(TestState.ALL, List.of())) {
      state.fill();
      before = state.checkpoint(1).getJobManagerOwnedSnapshot();
    }
    before.registerSharedStates(registry, 1);
    registry.checkpointCompleted(1);
    List<KeyedStateHandle> parts = new ArrayList<>();
    for (KeyGroupRange third : THIRDS) {
      try (TestState state = open(third, List.of(before))) {
        state.checkFilled(1);
        KeyedStateHandle part = state.checkpoint(2).getJobManagerOwnedSnapshot();
        assertThat(part.getCheckpointedSize()).isLessThan(before.getCheckpointedSize() / 4);
        part.registerSharedStates(registry, 2);
        parts.add(part);
      }
    }
    registry.checkpointCompleted(2);
    before.discardState();
    registry.unregisterUnusedState(2);
    try (TestState state = open(TestState.ALL, parts)) {
      state.checkFilled(1);
    }
    registry.close();
  }

  @Test
  void ofFilesElsewhereOnlyTheOwnPartsAreRead() throws Exception {
    List<Elsewhere> files = new ArrayList<>();
    KeyedStateHandle before;
    try (TestState state = open(TestState.ALL, List.of())) {
      state.fillLarge();
      before = elsewhere(checkpoint(state, 1), files);
    }
    long bytes = files.stream().mapToLong(Elsewhere::getStateSize).sum();
    assertThat(bytes).isGreaterThan(3 * RunDownload.SMALL_BYTES);
    List<KeyedStateHandle> parts = new ArrayList<>();
    for (KeyGroupRange third : THIRDS) {
      files.forEach(file -> file.read = 0);
      try (TestState state = open(third, List.of(before))) {
        assertThat(files.stream().mapToLong(file -> file.read).sum()).isLessThan(bytes / 2);
        state.checkLarge();
        parts.add(checkpoint(state, 2)); // has the holes
      }
    }
    try (TestState state = open(TestState.ALL, parts)) {
      state.checkLarge();
    }
  }

  /** In memory, and one that points to no other. */
  private static KeyedStateHandle checkpoint(TestState state, long number) throws Exception {
    RunnableFuture<SnapshotResult<KeyedStateHandle>> snapshot =
        state.snapshot(
            number, new MemCheckpointStreamFactory(MOST_BYTES), CheckpointType.FULL_CHECKPOINT);
    snapshot.run();
    return snapshot.get().getJobManagerOwnedSnapshot();
  }

  private static KeyedStateHandle elsewhere(KeyedStateHandle checkpoint, List<Elsewhere> files) {
    IncrementalRemoteKeyedStateHandle handle = (IncrementalRemoteKeyedStateHandle) checkpoint;
    List<HandleAndLocalPath> counted =
        handle.getSharedState().stream()
            .map(
                file -> {
                  files.add(new Elsewhere(file.getHandle()));
                  return HandleAndLocalPath.of(files.get(files.size() - 1), file.getLocalPath());
                })
            .collect(Collectors.toList());
    return new IncrementalRemoteKeyedStateHandle(
        UUID.randomUUID(),
        handle.getKeyGroupRange(),
        handle.getCheckpointId(),
        counted,
        List.of(),
        handle.getMetaDataStateHandle());
  }

  /** A file that is not on this machine. Counts what is read of it. */
  private static final class Elsewhere implements StreamStateHandle {
    private final StreamStateHandle handle;
    private long read;

    Elsewhere(StreamStateHandle handle) {
      this.handle = handle;
    }

    @Override
    public FSDataInputStream openInputStream() throws IOException {
      FSDataInputStream in = handle.openInputStream();
      return new FSDataInputStream() {
        @Override
        public void seek(long position) throws IOException {
          in.seek(position);
        }

        @Override
        public long getPos() throws IOException {
          return in.getPos();
        }

        @Override
        public int read() throws IOException {
          ++read;
          return in.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
          int count = in.read(target, offset, length);
          read += Math.max(count, 0);
          return count;
        }

        @Override
        public void close() throws IOException {
          in.close();
        }
      };
    }

    @Override
    public Optional<byte[]> asBytesIfInMemory() {
      return Optional.empty();
    }

    @Override
    public PhysicalStateHandleID getStreamStateHandleID() {
      return handle.getStreamStateHandleID();
    }

    @Override
    public void discardState() {
      try {
        handle.discardState();
      } catch (Exception failure) {
        throw new UncheckedIOException(new IOException(failure));
      }
    }

    @Override
    public long getStateSize() {
      return handle.getStateSize();
    }
  }
}
