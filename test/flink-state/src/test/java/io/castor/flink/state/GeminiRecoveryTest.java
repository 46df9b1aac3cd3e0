package io.castor.flink.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.LocalRecoveryConfig;
import org.apache.flink.runtime.state.LocalSnapshotDirectoryProviderImpl;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.TestLocalRecoveryConfig;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recovery finds on the local disk, and what the checkpoint after it need not write. */
class GeminiRecoveryTest {
  @TempDir private Path folder;
  private Path checkpoints;

  @BeforeEach
  void makeFolder() throws IOException {
    checkpoints = Files.createDirectory(folder.resolve("checkpoints"));
  }

  private LocalRecoveryConfig localRecovery() {
    return LocalRecoveryConfig.backupAndRecoveryEnabled(
        new LocalSnapshotDirectoryProviderImpl(
            new File(folder.toFile(), "local"), new JobID(), new JobVertexID(), 0));
  }

  @Test
  void aRecoveryOnThisMachineFetchesNothing() throws Exception {
    SnapshotResult<KeyedStateHandle> checkpoint;
    try (TestState state = new TestState(checkpoints, List.of(), localRecovery())) {
      state.fill();
      checkpoint = state.checkpoint(1);
    }
    FileUtils.cleanDirectory(checkpoints.toFile());
    List<KeyedStateHandle> local = List.of(checkpoint.getTaskLocalSnapshot());
    for (int attempt = 0; attempt < 2; ++attempt) {
      try (TestState state = new TestState(checkpoints, local, localRecovery())) {
        state.checkFilled(1);
      }
    }
    checkpoint.getTaskLocalSnapshot().discardState();
    try (Stream<Path> left = Files.walk(folder.resolve("local"))) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void aCheckpointOnThisMachineIsNotCopied() throws Exception {
    KeyedStateHandle checkpoint;
    try (TestState state =
        new TestState(checkpoints, List.of(), TestLocalRecoveryConfig.disabled())) {
      state.fill();
      checkpoint = state.checkpoint(1).getJobManagerOwnedSnapshot();
    }
    try (TestState state =
        new TestState(checkpoints, List.of(checkpoint), TestLocalRecoveryConfig.disabled())) {
      state.checkFilled(1);
      assertThat(linksOf(checkpoint)).isNotEmpty().containsOnly(2);
    }
    assertThat(linksOf(checkpoint)).isNotEmpty().containsOnly(1);
  }

  /** How many names each of its files has. */
  private static List<Integer> linksOf(KeyedStateHandle checkpoint) throws IOException {
    List<Integer> links = new ArrayList<>();
    for (HandleAndLocalPath file :
        ((IncrementalRemoteKeyedStateHandle) checkpoint).getSharedState()) {
      Path path = Path.of(((FileStateHandle) file.getHandle()).getFilePath().getPath());
      links.add((Integer) Files.getAttribute(path, "unix:nlink"));
    }
    return links;
  }

  @Test
  void thereIsNoLocalCopyUnlessItIsAskedFor() throws Exception {
    try (TestState state =
        new TestState(checkpoints, List.of(), TestLocalRecoveryConfig.disabled())) {
      state.fill();
      assertThat(state.checkpoint(1).getTaskLocalSnapshot()).isNull();
    }
  }

  @Test
  void theCheckpointAfterARestorePointsToWhatTheOneBeforeHas() throws Exception {
    KeyedStateHandle first;
    try (TestState state =
        new TestState(checkpoints, List.of(), TestLocalRecoveryConfig.disabled())) {
      state.fill();
      first = state.checkpoint(1).getJobManagerOwnedSnapshot();
    }
    try (TestState state =
        new TestState(checkpoints, List.of(first), TestLocalRecoveryConfig.disabled())) {
      state.change(7, "changed");
      KeyedStateHandle second = state.checkpoint(2).getJobManagerOwnedSnapshot();
      assertThat(second.getCheckpointedSize()).isLessThan(first.getCheckpointedSize() / 2);
      assertThat(second.getStateSize()).isGreaterThan(first.getStateSize());
      assertThat(((IncrementalRemoteKeyedStateHandle) second).getSharedState().size())
          .isGreaterThan(((IncrementalRemoteKeyedStateHandle) first).getSharedState().size());
    }
  }
}
