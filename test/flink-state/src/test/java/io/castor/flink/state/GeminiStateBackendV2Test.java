package io.castor.flink.state;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.runtime.state.AsyncKeyedStateBackend;
import org.apache.flink.runtime.state.CheckpointStorage;
import org.apache.flink.runtime.state.ConfigurableStateBackend;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateBackendParametersImpl;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.apache.flink.runtime.state.storage.JobManagerCheckpointStorage;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.apache.flink.runtime.state.v2.StateBackendTestV2Base;
import org.apache.flink.testutils.junit.extensions.parameterized.Parameter;
import org.apache.flink.testutils.junit.extensions.parameterized.ParameterizedTestExtension;
import org.apache.flink.testutils.junit.extensions.parameterized.Parameters;
import org.apache.flink.testutils.junit.utils.TempDirUtils;
import org.apache.flink.util.function.SupplierWithException;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Flink's own tests of keyed state with the asynchronous API. */
@ExtendWith(ParameterizedTestExtension.class)
public class GeminiStateBackendV2Test extends StateBackendTestV2Base<GeminiStateBackend> {
  @TempDir private static Path folder;

  @Parameter(0)
  public boolean incremental;

  @Parameter(1)
  public SupplierWithException<CheckpointStorage, IOException> storage;

  @Parameters
  public static List<Object[]> storages() {
    SupplierWithException<CheckpointStorage, IOException> inMemory =
        JobManagerCheckpointStorage::new;
    SupplierWithException<CheckpointStorage, IOException> inFiles =
        () -> new FileSystemCheckpointStorage(TempDirUtils.newFolder(folder).toURI().toString());
    return List.of(
        new Object[] {false, inMemory}, new Object[] {false, inFiles},
        new Object[] {true, inMemory}, new Object[] {true, inFiles});
  }

  @Override
  protected ConfigurableStateBackend getStateBackend() {
    return Backends.withCheckpoints(incremental);
  }

  /** Of all instances together. Flink's own tests say the size of the range, which no job does. */
  private static int allKeyGroups(int instances, KeyGroupRange range) {
    return instances == 1 ? range.getNumberOfKeyGroups() : 10;
  }

  @Override
  protected <K> AsyncKeyedStateBackend<K> createAsyncKeyedBackend(
      int instance,
      int instances,
      TypeSerializer<K> keySerializer,
      KeyGroupRange range,
      Environment environment)
      throws Exception {
    environment.setCheckpointStorageAccess(getCheckpointStorageAccess());
    return restoreAsyncKeyedBackend(
        instance, instances, keySerializer, range, List.of(), environment);
  }

  @Override
  protected <K> AsyncKeyedStateBackend<K> restoreAsyncKeyedBackend(
      int instance,
      int instances,
      TypeSerializer<K> keySerializer,
      KeyGroupRange range,
      List<KeyedStateHandle> restored,
      Environment environment)
      throws Exception {
    return getStateBackend()
        .createAsyncKeyedStateBackend(
            new KeyedStateBackendParametersImpl<>(
                environment,
                jobID,
                "operator-" + instance + "-of-" + instances,
                keySerializer,
                allKeyGroups(instances, range),
                range,
                environment.getTaskKvStateRegistry(),
                TtlTimeProvider.DEFAULT,
                getMetricGroup(),
                getCustomInitializationMetrics(),
                restored,
                new CloseableRegistry(),
                1.0));
  }

  /** As a job of its own. */
  @Override
  protected void restoreJob() throws Exception {
    env.close();
    jobID = new JobID();
    env = buildMockEnv();
  }

  @Override
  protected CheckpointStorage getCheckpointStorage() throws Exception {
    return storage.get();
  }
}
