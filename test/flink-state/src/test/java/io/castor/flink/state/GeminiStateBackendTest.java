package io.castor.flink.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.state.CheckpointStorage;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.CheckpointableKeyedStateBackend;
import org.apache.flink.runtime.state.ConfigurableStateBackend;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.SharedStateRegistry;
import org.apache.flink.runtime.state.SharedStateRegistryImpl;
import org.apache.flink.runtime.state.StateBackendTestBase;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.apache.flink.runtime.state.storage.JobManagerCheckpointStorage;
import org.apache.flink.testutils.junit.extensions.parameterized.Parameter;
import org.apache.flink.testutils.junit.extensions.parameterized.ParameterizedTestExtension;
import org.apache.flink.testutils.junit.extensions.parameterized.Parameters;
import org.apache.flink.testutils.junit.utils.TempDirUtils;
import org.apache.flink.util.function.SupplierWithException;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Flink's own tests of keyed state. */
@ExtendWith(ParameterizedTestExtension.class)
public class GeminiStateBackendTest extends StateBackendTestBase<GeminiStateBackend> {
  @TempDir private static Path folder;

  @Parameter(0)
  public boolean incremental;

  @Parameter(1)
  public SupplierWithException<CheckpointStorage, IOException> storage;

  @Parameter(2)
  public GeminiOptions.TimerService timers;

  @Parameters
  public static List<Object[]> storages() {
    SupplierWithException<CheckpointStorage, IOException> inMemory =
        JobManagerCheckpointStorage::new;
    SupplierWithException<CheckpointStorage, IOException> inFiles =
        () -> {
          String checkpoints = TempDirUtils.newFolder(folder).toURI().toString();
          return new FileSystemCheckpointStorage(
              new org.apache.flink.core.fs.Path(checkpoints), 0, -1);
        };
    return List.of(
        new Object[] {false, inMemory, GeminiOptions.TimerService.HEAP},
        new Object[] {false, inFiles, GeminiOptions.TimerService.GEMINI},
        new Object[] {true, inMemory, GeminiOptions.TimerService.GEMINI},
        new Object[] {true, inFiles, GeminiOptions.TimerService.HEAP});
  }

  @Override
  protected ConfigurableStateBackend getStateBackend() {
    return Backends.with(incremental, timers);
  }

  @Override
  protected CheckpointStorage getCheckpointStorage() throws Exception {
    return storage.get();
  }

  @Override
  protected boolean isSerializerPresenceRequiredOnRestore() {
    return false;
  }

  @Override
  protected boolean supportsAsynchronousSnapshots() {
    return true;
  }

  /** As it is by a thread that cancels the task. */
  @TestTemplate
  void stateIsThereUntilItIsDisposedOfThoughItHasBeenClosed() throws Exception {
    CheckpointableKeyedStateBackend<Integer> backend = createKeyedBackend(IntSerializer.INSTANCE);
    try {
      ValueState<String> state = text(backend);
      backend.setCurrentKey(1);
      state.update("one");
      backend.close();
      assertThat(state.value()).isEqualTo("one");
    } finally {
      backend.dispose();
    }
  }

  private static ValueState<String> text(CheckpointableKeyedStateBackend<Integer> backend)
      throws Exception {
    return backend.getPartitionedState(
        VoidNamespace.INSTANCE,
        VoidNamespaceSerializer.INSTANCE,
        new ValueStateDescriptor<>("text", String.class));
  }

  @TestTemplate
  void aCheckpointHoldsWhatHasChangedSinceTheLast() throws Exception {
    assumeThat(incremental).isTrue();
    SharedStateRegistry registry = new SharedStateRegistryImpl();
    CheckpointStreamFactory streams = createStreamFactory();
    CheckpointOptions options = CheckpointOptions.forCheckpointWithDefaultLocation();
    KeyedStateHandle last;
    CheckpointableKeyedStateBackend<Integer> backend = createKeyedBackend(IntSerializer.INSTANCE);
    try {
      ValueState<String> state = text(backend);
      for (int key = 0; key < 5000; ++key) {
        backend.setCurrentKey(key);
        state.update("the first value of " + key);
      }
      KeyedStateHandle first = runSnapshot(backend.snapshot(1, 1, streams, options), registry);
      ((CheckpointListener) backend).notifyCheckpointComplete(1);
      backend.setCurrentKey(7);
      state.update("changed");
      last = runSnapshot(backend.snapshot(2, 2, streams, options), registry);
      assertThat(last.getCheckpointedSize()).isLessThan(first.getCheckpointedSize() / 10);
    } finally {
      backend.dispose();
    }
    backend = restoreKeyedBackend(IntSerializer.INSTANCE, last);
    try {
      ValueState<String> state = text(backend);
      for (int key = 0; key < 5000; ++key) {
        backend.setCurrentKey(key);
        assertThat(state.value()).isEqualTo(key == 7 ? "changed" : "the first value of " + key);
      }
    } finally {
      backend.dispose();
    }
  }
}
