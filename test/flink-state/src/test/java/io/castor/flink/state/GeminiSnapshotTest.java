package io.castor.flink.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RunnableFuture;
import java.util.stream.Stream;
import org.apache.flink.core.testutils.OneShotLatch;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.SharedStateRegistry;
import org.apache.flink.runtime.state.SharedStateRegistryImpl;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.TestLocalRecoveryConfig;
import org.apache.flink.runtime.util.BlockerCheckpointStreamFactory;
import org.apache.flink.runtime.util.BlockingCheckpointOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of snapshots that nobody wants any more, and of files that nothing points to. */
class GeminiSnapshotTest {
  private static final int IN_MEMORY_BYTES = 1 << 20;

  @TempDir private Path folder;
  private long handles;
  private TestState state;

  @BeforeEach
  void fill() throws Exception {
    NativeLibrary.load(folder.toFile());
    handles = NativeStore.liveHandles(); // Flink's own tests leave some
    state = new TestState(folder, List.of(), TestLocalRecoveryConfig.disabled());
    state.fill();
  }

  @AfterEach
  void close() {
    state.close();
    assertThat(NativeStore.liveHandles()).isLessThanOrEqualTo(handles);
  }

  @Test
  void oneThatIsCancelledBeforeItRunsIsLetGoOf() throws Exception {
    long before = NativeStore.liveHandles();
    RunnableFuture<SnapshotResult<KeyedStateHandle>> snapshot =
        state.snapshot(1, new BlockerCheckpointStreamFactory(IN_MEMORY_BYTES));
    snapshot.cancel(true);
    assertThat(NativeStore.liveHandles()).isEqualTo(before);
    state.checkFilled(1);
  }

  @Test
  void oneThatIsCancelledWhileItRunsLeavesNoStreamOpen() throws Exception {
    long before = NativeStore.liveHandles();
    BlockerCheckpointStreamFactory streams = new BlockerCheckpointStreamFactory(IN_MEMORY_BYTES);
    streams.setAfterNumberInvocations(1);
    streams.setWaiterLatch(new OneShotLatch());
    streams.setBlockerLatch(new OneShotLatch());
    RunnableFuture<SnapshotResult<KeyedStateHandle>> snapshot = state.snapshot(1, streams);
    Thread thread = new Thread(snapshot);
    thread.start();
    streams.getWaiterLatch().await();
    snapshot.cancel(true);
    streams.getBlockerLatch().trigger();
    thread.join();
    assertThat(snapshot.isCancelled()).isTrue();
    assertThat(streams.getAllCreatedStreams()).isNotEmpty();
    assertThat(streams.getAllCreatedStreams()).allMatch(BlockingCheckpointOutputStream::isClosed);
    assertThat(NativeStore.liveHandles()).isEqualTo(before);
    state.checkFilled(1);
  }

  @Test
  void oneThatIsRunAfterTheBackendHasBeenClosedFails() throws Exception {
    RunnableFuture<SnapshotResult<KeyedStateHandle>> snapshot =
        state.snapshot(1, new BlockerCheckpointStreamFactory(IN_MEMORY_BYTES));
    state.close();
    snapshot.run();
    assertThatThrownBy(snapshot::get).isNotNull();
  }

  /** Checkpoints that are subsumed one after the other, and all of them at the end. */
  @Test
  void filesThatNoCheckpointPointsToAreDeleted() throws Exception {
    Deque<KeyedStateHandle> retained = new ArrayDeque<>();
    SharedStateRegistry registry = new SharedStateRegistryImpl();
    for (int checkpoint = 1; checkpoint <= 5; ++checkpoint) {
      state.change(checkpoint, "changed");
      KeyedStateHandle handle = state.checkpoint(checkpoint).getJobManagerOwnedSnapshot();
      handle.registerSharedStates(registry, checkpoint);
      registry.checkpointCompleted(checkpoint);
      state.complete(checkpoint);
      retained.addLast(handle);
      if (retained.size() > 2) {
        retained.removeFirst().discardState();
        registry.unregisterUnusedState(checkpoint - 1);
      }
      try (TestState restored =
          new TestState(folder, List.of(handle), TestLocalRecoveryConfig.disabled())) {
        restored.checkFilled(7);
      }
    }
    assertThat(files()).isGreaterThan(0);
    for (KeyedStateHandle handle : retained) {
      handle.discardState();
    }
    registry.unregisterUnusedState(Long.MAX_VALUE);
    registry.close();
    assertThat(files()).isZero();
  }

  @Test
  void localFilesGoWithTheBackend() throws Exception {
    state.checkpoint(1);
    assertThat(state.localFolders()).hasSize(1);
    state.close();
    assertThat(state.localFolders()).isEmpty();
  }

  private long files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(
              path -> path.toString().contains("chk") || path.toString().contains("shared"))
          .filter(Files::isRegularFile)
          .count();
    }
  }
}
