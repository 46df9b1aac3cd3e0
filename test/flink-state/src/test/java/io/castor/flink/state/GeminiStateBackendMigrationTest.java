package io.castor.flink.state;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.runtime.state.CheckpointStorage;
import org.apache.flink.runtime.state.StateBackendMigrationTestBase;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.apache.flink.runtime.state.storage.JobManagerCheckpointStorage;
import org.apache.flink.testutils.junit.extensions.parameterized.Parameter;
import org.apache.flink.testutils.junit.extensions.parameterized.ParameterizedTestExtension;
import org.apache.flink.testutils.junit.extensions.parameterized.Parameters;
import org.apache.flink.testutils.junit.utils.TempDirUtils;
import org.apache.flink.util.function.SupplierWithException;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Flink's own tests of state whose serializers change. */
@ExtendWith(ParameterizedTestExtension.class)
public class GeminiStateBackendMigrationTest
    extends StateBackendMigrationTestBase<GeminiStateBackend> {
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
  protected GeminiStateBackend getStateBackend() {
    return Backends.withCheckpoints(incremental);
  }

  @Override
  protected CheckpointStorage getCheckpointStorage() throws Exception {
    return storage.get();
  }
}
