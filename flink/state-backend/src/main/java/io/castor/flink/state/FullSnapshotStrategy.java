package io.castor.flink.state;

import java.util.function.Supplier;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.CheckpointStreamWithResultProvider;
import org.apache.flink.runtime.state.CheckpointedStateScope;
import org.apache.flink.runtime.state.FullSnapshotAsyncWriter;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.LocalRecoveryConfig;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.SnapshotStrategy;
import org.apache.flink.util.function.SupplierWithException;

/** Checkpoints that hold everything, in the canonical format. */
final class FullSnapshotStrategy<K> implements SnapshotStrategy<KeyedStateHandle, FullSnapshot<K>> {
  private final Supplier<FullSnapshot<K>> snapshots;
  private final LocalRecoveryConfig localRecovery;

  FullSnapshotStrategy(Supplier<FullSnapshot<K>> snapshots, LocalRecoveryConfig localRecovery) {
    this.snapshots = snapshots;
    this.localRecovery = localRecovery;
  }

  @Override
  public FullSnapshot<K> syncPrepareResources(long checkpointId) {
    return snapshots.get();
  }

  @Override
  public SnapshotResultSupplier<KeyedStateHandle> asyncSnapshot(
      FullSnapshot<K> snapshot,
      long checkpointId,
      long timestamp,
      CheckpointStreamFactory streams,
      CheckpointOptions options) {
    if (snapshot.getMetaInfoSnapshots().isEmpty()) {
      return registry -> SnapshotResult.empty();
    }
    boolean local =
        localRecovery.isLocalBackupEnabled() && !options.getCheckpointType().isSavepoint();
    SupplierWithException<CheckpointStreamWithResultProvider, Exception> stream =
        () ->
            local
                ? CheckpointStreamWithResultProvider.createDuplicatingStream(
                    checkpointId,
                    CheckpointedStateScope.EXCLUSIVE,
                    streams,
                    localRecovery
                        .getLocalStateDirectoryProvider()
                        .orElseThrow(LocalRecoveryConfig.localRecoveryNotEnabled()))
                : CheckpointStreamWithResultProvider.createSimpleStream(
                    CheckpointedStateScope.EXCLUSIVE, streams);
    FullSnapshotAsyncWriter<K> writer =
        new FullSnapshotAsyncWriter<>(options.getCheckpointType(), stream, snapshot);
    return registry -> {
      registry.registerCloseable(snapshot::giveUp);
      return writer.get(registry);
    };
  }
}
