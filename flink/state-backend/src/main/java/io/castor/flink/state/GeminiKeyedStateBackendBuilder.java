package io.castor.flink.state;

import java.io.File;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.execution.CancelTaskException;
import org.apache.flink.runtime.memory.OpaqueMemoryResource;
import org.apache.flink.runtime.query.TaskKvStateRegistry;
import org.apache.flink.runtime.state.AbstractIncrementalStateHandle;
import org.apache.flink.runtime.state.AbstractKeyedStateBackendBuilder;
import org.apache.flink.runtime.state.AbstractStateBackend;
import org.apache.flink.runtime.state.BackendBuildingException;
import org.apache.flink.runtime.state.CompositeKeySerializationUtils;
import org.apache.flink.runtime.state.InternalKeyContext;
import org.apache.flink.runtime.state.InternalKeyContextImpl;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.LocalRecoveryConfig;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;
import org.apache.flink.runtime.state.StateBackend.KeyedStateBackendParameters;
import org.apache.flink.runtime.state.StreamCompressionDecorator;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.runtime.state.metrics.LatencyTrackingStateConfig;
import org.apache.flink.runtime.state.metrics.SizeTrackingStateConfig;
import org.apache.flink.runtime.state.restore.FullSnapshotRestoreOperation;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.apache.flink.util.FileUtils;

/**
 * Opens an instance, restores it, and makes its backend. Owns memory and folder until there is a
 * backend, which owns them from then on.
 */
final class GeminiKeyedStateBackendBuilder<K> extends AbstractKeyedStateBackendBuilder<K> {
  private final File directory;
  private final OpaqueMemoryResource<NativeMemory> memory;
  private final LocalRecoveryConfig localRecovery;
  private final boolean incremental;
  private final CloseableRegistry cancelStreams = new CloseableRegistry();
  private final Map<String, StateTable<?, ?>> tables = new LinkedHashMap<>();
  private final GeminiStateBackend.Timers timerService;
  private TimerQueues timers;
  private SharedFiles sharedFiles = new SharedFiles();
  private NativeStore store;

  GeminiKeyedStateBackendBuilder(
      KeyedStateBackendParameters<K> parameters,
      LatencyTrackingStateConfig latencyTracking,
      SizeTrackingStateConfig sizeTracking,
      File directory,
      OpaqueMemoryResource<NativeMemory> memory,
      boolean incremental,
      GeminiStateBackend.Timers timerService) {
    super(
        parameters.getKvStateRegistry(),
        parameters.getKeySerializer(),
        parameters.getEnv().getUserCodeClassLoader().asClassLoader(),
        parameters.getNumberOfKeyGroups(),
        parameters.getKeyGroupRange(),
        parameters.getEnv().getExecutionConfig(),
        parameters.getTtlTimeProvider(),
        latencyTracking,
        sizeTracking,
        parameters.getStateHandles(),
        AbstractStateBackend.getCompressionDecorator(parameters.getEnv().getExecutionConfig()),
        parameters.getCancelStreamRegistry());
    this.directory = directory;
    this.memory = memory;
    this.incremental = incremental;
    localRecovery = parameters.getEnv().getTaskStateManager().createLocalRecoveryConfig();
    this.timerService = timerService;
  }

  @Override
  public GeminiKeyedStateBackend<K> build() throws BackendBuildingException {
    try {
      FileUtils.deleteDirectory(directory);
      if (!directory.mkdirs()) {
        throw new IOException("the folder " + directory + " cannot be made");
      }
      restore();
      return new GeminiKeyedStateBackend<>(this);
    } catch (Throwable failure) {
      boolean cancelled = cancelStreamRegistry.isClosed();
      try {
        cancelStreams.close();
        release();
      } catch (Exception second) {
        failure.addSuppressed(second);
      }
      if (failure instanceof Error) {
        throw (Error) failure;
      }
      throw cancelled
          ? new BackendBuildingException("the task is cancelled", new CancelTaskException(failure))
          : new BackendBuildingException("keyed state in Gemini cannot be opened", failure);
    }
  }

  private void restore() throws Exception {
    if (restoreStateHandles.stream().noneMatch(AbstractIncrementalStateHandle.class::isInstance)) {
      open(List.of());
      if (!restoreStateHandles.isEmpty()) {
        restoreFull();
      }
      return;
    }
    NativeRestore<K> restore =
        new NativeRestore<>(
            directory,
            keySerializerProvider,
            userCodeClassLoader,
            cancelStreamRegistry,
            keyGroupRange);
    for (KeyedStateHandle handle : restoreStateHandles) {
      if (!(handle instanceof AbstractIncrementalStateHandle)) {
        throw new IOException("a checkpoint is partly of Gemini's own files, partly " + handle);
      }
      restore.fetch((AbstractIncrementalStateHandle) handle);
    }
    sharedFiles = restore.shared();
    open(restore.checkpoints());
    restore.queues().forEach(queue -> queue.putInto(timers));
    for (StateMetaInfoSnapshot state : restore.states()) {
      RegisteredKeyValueStateBackendMetaInfo<?, ?> metaInfo =
          (RegisteredKeyValueStateBackendMetaInfo<?, ?>)
              RegisteredKeyValueStateBackendMetaInfo.fromMetaInfoSnapshot(state);
      tables.put(state.getName(), new StateTable<>(store, metaInfo));
    }
  }

  private void open(List<NativeCheckpoint> restored) {
    store =
        new NativeStore(
            directory,
            numberOfKeyGroups,
            keyGroupRange,
            memory.getResourceHandle(),
            ttlTimeProvider,
            restored);
    timers = timerService.open(store, keyGroupRange, numberOfKeyGroups);
  }

  private void restoreFull() throws Exception {
    FullSnapshotRestoreOperation<K> operation =
        new FullSnapshotRestoreOperation<>(
            keyGroupRange, userCodeClassLoader, restoreStateHandles, keySerializerProvider);
    int prefixBytes =
        CompositeKeySerializationUtils.computeRequiredBytesInKeyGroupPrefix(numberOfKeyGroups);
    new FullRestore<>(store, prefixBytes, keySerializerProvider, tables, timers).restore(operation);
  }

  /** All that is to be given back at the end, in its order. */
  private void release() throws Exception {
    try {
      if (store != null) {
        store.close();
      }
    } finally {
      try {
        memory.close();
      } finally {
        FileUtils.deleteDirectory(directory);
      }
    }
  }

  AutoCloseable resources() {
    return this::release;
  }

  NativeStore store() {
    return store;
  }

  Map<String, StateTable<?, ?>> tables() {
    return tables;
  }

  TimerQueues timers() {
    return timers;
  }

  TaskKvStateRegistry kvStateRegistry() {
    return kvStateRegistry;
  }

  /** As what has been restored left it. */
  TypeSerializer<K> keySerializer() {
    return keySerializerProvider.currentSchemaSerializer();
  }

  ClassLoader userCodeClassLoader() {
    return userCodeClassLoader;
  }

  ExecutionConfig executionConfig() {
    return executionConfig;
  }

  TtlTimeProvider ttlTimeProvider() {
    return ttlTimeProvider;
  }

  LatencyTrackingStateConfig latencyTracking() {
    return latencyTrackingStateConfig;
  }

  SizeTrackingStateConfig sizeTracking() {
    return sizeTrackingStateConfig;
  }

  StreamCompressionDecorator compression() {
    return keyGroupCompressionDecorator;
  }

  LocalRecoveryConfig localRecovery() {
    return localRecovery;
  }

  /** Which checkpoints hold already. */
  SharedFiles sharedFiles() {
    return sharedFiles;
  }

  /** Whether checkpoints are. */
  boolean incremental() {
    return incremental;
  }

  CloseableRegistry cancelStreams() {
    return cancelStreams;
  }

  InternalKeyContext<K> keyContext() {
    return new InternalKeyContextImpl<>(keyGroupRange, numberOfKeyGroups);
  }
}
