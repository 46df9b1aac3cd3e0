package io.castor.flink.state;

import java.util.Map;
import java.util.UUID;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.SnapshotType.SharingFilesStrategy;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.LocalRecoveryConfig;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.SnapshotStrategy;
import org.apache.flink.runtime.state.StreamStateHandle;

/** Incremental checkpoints: Gemini's own files, of which those that are new are uploaded. */
final class NativeSnapshotStrategy<K>
    implements SnapshotStrategy<KeyedStateHandle, NativeSnapshot> {
  private final UUID instance = UUID.randomUUID();
  private final SharedFiles shared;
  private final NativeStore store;
  private final Map<String, StateTable<?, ?>> tables;
  private final TimerQueues timers;
  private final KeyGroupRange keyGroups;
  private final TypeSerializer<K> keySerializer;
  private final LocalRecoveryConfig localRecovery;

  NativeSnapshotStrategy(
      NativeStore store,
      Map<String, StateTable<?, ?>> tables,
      TimerQueues timers,
      KeyGroupRange keyGroups,
      TypeSerializer<K> keySerializer,
      LocalRecoveryConfig localRecovery,
      SharedFiles shared) {
    this.localRecovery = localRecovery;
    this.shared = shared;
    this.store = store;
    this.tables = tables;
    this.timers = timers;
    this.keyGroups = keyGroups;
    this.keySerializer = keySerializer;
  }

  @Override
  public NativeSnapshot syncPrepareResources(long checkpointId) {
    return new NativeSnapshot(store, tables, timers, shared.ofLastCompleted());
  }

  @Override
  public SnapshotResultSupplier<KeyedStateHandle> asyncSnapshot(
      NativeSnapshot snapshot,
      long checkpointId,
      long timestamp,
      CheckpointStreamFactory streams,
      CheckpointOptions options) {
    if (snapshot.metaInfos.isEmpty()) {
      return registry -> SnapshotResult.empty();
    }
    SharingFilesStrategy sharing = options.getCheckpointType().getSharingFilesStrategy();
    return registry -> {
      registry.registerCloseable(snapshot.cut::giveUp);
      snapshot.cut.await(false);
      Map<String, StreamStateHandle> base =
          sharing == SharingFilesStrategy.FORWARD_BACKWARD ? snapshot.base : Map.of();
      boolean forLater = sharing != SharingFilesStrategy.NO_SHARING;
      LocalCopy local =
          options.getCheckpointType().isSavepoint()
              ? null
              : LocalCopy.of(localRecovery, checkpointId, instance);
      try (CheckpointUpload upload = new CheckpointUpload(streams, registry, forLater, local)) {
        SnapshotResult<KeyedStateHandle> result =
            upload.run(instance, keyGroups, checkpointId, keySerializer, snapshot, base);
        if (forLater) {
          shared.uploaded(checkpointId, upload.files());
        }
        return result;
      }
    };
  }

  void completed(long checkpointId) {
    shared.completed(checkpointId);
  }

  void aborted(long checkpointId) {
    shared.aborted(checkpointId);
  }
}
