package io.castor.flink.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.RunnableFuture;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.state.CheckpointStorageLocationReference;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateBackendParametersImpl;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.LocalRecoveryConfig;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.TestTaskStateManager;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.apache.flink.util.IOUtils;

/** A backend with incremental checkpoints in a folder, and some state that is known. */
final class TestState implements AutoCloseable {
  static final int KEYS = 2000;
  private static final int LARGE_CHARACTERS = 7_000;
  static final int KEY_GROUPS = 10;
  static final KeyGroupRange ALL = KeyGroupRange.of(0, KEY_GROUPS - 1);
  private static final long MEMORY_BYTES = 512L << 20; // runs of a checkpoint take a part each

  private final Path checkpoints;
  private final KeyGroupRange keyGroups;
  private final MockEnvironment environment;
  private final GeminiKeyedStateBackend<Integer> backend;
  private final ValueState<String> value;
  private final MapState<Integer, String> map;
  private final ListState<String> list;

  TestState(Path checkpoints, List<KeyedStateHandle> restored, LocalRecoveryConfig localRecovery)
      throws Exception {
    this(checkpoints, ALL, restored, localRecovery);
  }

  TestState(
      Path checkpoints,
      KeyGroupRange keyGroups,
      List<KeyedStateHandle> restored,
      LocalRecoveryConfig localRecovery)
      throws Exception {
    this.checkpoints = checkpoints;
    this.keyGroups = keyGroups;
    environment =
        MockEnvironment.builder()
            .setManagedMemorySize(MEMORY_BYTES)
            .setTaskStateManager(
                TestTaskStateManager.builder().setLocalRecoveryConfig(localRecovery).build())
            .build();
    try {
      backend = open(environment, keyGroups, restored, TtlTimeProvider.DEFAULT);
    } catch (Exception failure) {
      environment.close();
      throw failure;
    }
    value = state(new ValueStateDescriptor<>("value", String.class));
    map = state(new MapStateDescriptor<>("map", Integer.class, String.class));
    list = state(new ListStateDescriptor<>("list", String.class));
  }

  static GeminiKeyedStateBackend<Integer> open(
      MockEnvironment environment,
      KeyGroupRange keyGroups,
      List<KeyedStateHandle> restored,
      TtlTimeProvider time)
      throws IOException {
    return Backends.withCheckpoints(true)
        .createKeyedStateBackend(
            new KeyedStateBackendParametersImpl<>(
                environment,
                new JobID(),
                "test",
                IntSerializer.INSTANCE,
                KEY_GROUPS,
                keyGroups,
                environment.getTaskKvStateRegistry(),
                time,
                new UnregisteredMetricsGroup(),
                (name, number) -> {},
                restored,
                new CloseableRegistry(),
                1.0));
  }

  private <S extends State> S state(StateDescriptor<S, ?> descriptor) throws Exception {
    return backend.getPartitionedState(
        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
  }

  private boolean owns(int key) {
    return keyGroups.contains(KeyGroupRangeAssignment.assignToKeyGroup(key, KEY_GROUPS));
  }

  void fill() throws Exception {
    for (int key = 0; key < KEYS; ++key) {
      if (!owns(key)) {
        continue;
      }
      backend.setCurrentKey(key);
      value.update("value " + key);
      map.put(key, "entry " + key);
      list.add("element " + key);
    }
  }

  /** Some 16 MB of values in place of those there are. */
  void fillLarge() throws Exception {
    for (int key = 0; key < KEYS; ++key) {
      if (owns(key)) {
        change(key, large(key));
      }
    }
  }

  void checkLarge() throws Exception {
    for (int key = 0; key < KEYS; ++key) {
      if (owns(key)) {
        backend.setCurrentKey(key);
        assertThat(value.value()).isEqualTo(large(key));
      }
    }
  }

  /** Of letters among which nothing comes again that could be compressed away. */
  private static String large(int key) {
    return new Random(key)
        .ints(LARGE_CHARACTERS, 'A', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  void change(int key, String changed) throws IOException {
    backend.setCurrentKey(key);
    value.update(changed);
  }

  /** Every so many of its keys. */
  void checkFilled(int step) throws Exception {
    for (int key = 0; key < KEYS; key += step) {
      if (!owns(key)) {
        continue;
      }
      backend.setCurrentKey(key);
      assertThat(value.value()).isEqualTo("value " + key);
      assertThat(map.get(key)).isEqualTo("entry " + key);
      assertThat(list.get()).containsExactly("element " + key);
    }
  }

  SnapshotResult<KeyedStateHandle> checkpoint(long number) throws Exception {
    RunnableFuture<SnapshotResult<KeyedStateHandle>> snapshot =
        snapshot(
            number,
            new FileSystemCheckpointStorage(
                    new org.apache.flink.core.fs.Path(checkpoints.toUri()), 0, -1)
                .createCheckpointStorage(new JobID())
                .resolveCheckpointStorageLocation(
                    number, CheckpointStorageLocationReference.getDefault()));
    snapshot.run();
    return snapshot.get();
  }

  /** To be run. */
  RunnableFuture<SnapshotResult<KeyedStateHandle>> snapshot(
      long number, CheckpointStreamFactory streams) throws Exception {
    return snapshot(number, streams, CheckpointType.CHECKPOINT);
  }

  RunnableFuture<SnapshotResult<KeyedStateHandle>> snapshot(
      long number, CheckpointStreamFactory streams, CheckpointType type) throws Exception {
    return backend.snapshot(
        number,
        number,
        streams,
        new CheckpointOptions(type, CheckpointStorageLocationReference.getDefault()));
  }

  /** The checkpoint is, as all know now. */
  void complete(long number) throws Exception {
    backend.notifyCheckpointComplete(number);
  }

  /** The folders of the instance's own files; none once it has been closed. */
  List<Path> localFolders() throws IOException {
    String name = "gemini-" + environment.getJobID();
    Path temporary = environment.getTaskManagerInfo().getTmpWorkingDirectory().toPath();
    try (Stream<Path> all = Files.list(temporary)) {
      return all.filter(path -> path.getFileName().toString().startsWith(name)).toList();
    }
  }

  @Override
  public void close() {
    backend.dispose();
    IOUtils.closeQuietly(environment);
  }
}
