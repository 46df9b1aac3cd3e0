package io.castor.flink.state.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RunnableFuture;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.CheckpointStorageLocationReference;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.KeyedStateBackendParametersImpl;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.StateBackendLoader;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.apache.flink.runtime.util.TestingTaskManagerRuntimeInfo;
import org.apache.flink.util.FileUtils;
import org.apache.flink.util.IOUtils;

/** A backend of keyed state, opened as a task opens it, with the memory that all of them get. */
final class Backend implements AutoCloseable {
  static final int KEY_GROUPS = 128;

  private final Path folder;
  private final MockEnvironment environment;
  private final KeyedStateBackend<Long> backend;

  /** {@code name}: as {@code state.backend.type} has it. Its files are below the folder. */
  Backend(
      String name,
      Path folder,
      KeyGroupRange range,
      List<KeyedStateHandle> restored,
      long memoryBytes)
      throws Exception {
    this.folder = Files.createDirectories(folder);
    Configuration configuration = configuration(name, folder);
    environment =
        MockEnvironment.builder()
            .setManagedMemorySize(memoryBytes)
            .setTaskManagerRuntimeInfo(
                new TestingTaskManagerRuntimeInfo(configuration, folder.toFile()))
            .build();
    environment.setCheckpointStorageAccess(
        new FileSystemCheckpointStorage(folder.toUri()).createCheckpointStorage(new JobID()));
    StateBackend loaded =
        StateBackendLoader.loadStateBackendFromConfig(
            configuration, Backend.class.getClassLoader(), null);
    backend =
        loaded.createKeyedStateBackend(
            new KeyedStateBackendParametersImpl<>(
                environment,
                new JobID(),
                "benchmark",
                LongSerializer.INSTANCE,
                KEY_GROUPS,
                range,
                environment.getTaskKvStateRegistry(),
                TtlTimeProvider.DEFAULT,
                UnregisteredMetricsGroup.createOperatorMetricGroup(),
                (metric, value) -> {},
                restored,
                new CloseableRegistry(),
                1.0));
  }

  private static Configuration configuration(String name, Path folder) {
    Configuration configuration = new Configuration();
    configuration.setString("state.backend.type", name);
    configuration.setString("execution.checkpointing.incremental", "true");
    configuration.setString("state.backend.rocksdb.localdir", folder.resolve("rocksdb").toString());
    configuration.setString("state.backend.forst.local-dir", folder.resolve("forst").toString());
    configuration.setString(
        "state.backend.forst.primary-dir", folder.resolve("primary").toUri().toString());
    return configuration;
  }

  /** {@code ttl}: what is in the state expires, though not while anything is measured. */
  <S extends State, V> S state(StateDescriptor<S, V> descriptor, boolean ttl) throws Exception {
    if (ttl) {
      descriptor.enableTimeToLive(StateTtlConfig.newBuilder(Duration.ofHours(1)).build());
    }
    return backend.getPartitionedState(
        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
  }

  void setKey(Long key) {
    backend.setCurrentKey(key);
  }

  static int groupOf(Long key) {
    return KeyGroupRangeAssignment.assignToKeyGroup(key, KEY_GROUPS);
  }

  KeyedStateHandle checkpoint(Path checkpoints) throws Exception {
    RunnableFuture<SnapshotResult<KeyedStateHandle>> snapshot =
        ((AbstractKeyedStateBackend<Long>) backend)
            .snapshot(
                1,
                1,
                new FileSystemCheckpointStorage(checkpoints.toUri())
                    .createCheckpointStorage(new JobID())
                    .resolveCheckpointStorageLocation(
                        1, CheckpointStorageLocationReference.getDefault()),
                CheckpointOptions.forCheckpointWithDefaultLocation());
    snapshot.run();
    return snapshot.get().getJobManagerOwnedSnapshot();
  }

  @Override
  public void close() throws IOException {
    backend.dispose();
    IOUtils.closeQuietly(environment);
    FileUtils.deleteDirectory(folder.toFile());
  }
}
