package io.castor.flink.state;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.annotation.Nullable;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.FullSnapshotResources;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyValueStateIterator;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;
import org.apache.flink.runtime.state.StateSnapshotTransformer;
import org.apache.flink.runtime.state.StreamCompressionDecorator;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.util.IOUtils;

/**
 * All keyed state of an instance at a moment, for Flink's canonical format.
 *
 * <p>Made in the task's thread, read and released in another.
 */
final class FullSnapshot<K> implements FullSnapshotResources<K> {
  /** A state, and what becomes of its values, if anything. */
  static final class TableSnapshot {
    final String name;
    @Nullable final StateSnapshotTransformer<byte[]> transformer;

    TableSnapshot(RegisteredKeyValueStateBackendMetaInfo<?, ?> metaInfo) {
      name = metaInfo.getName();
      transformer =
          metaInfo.getStateSnapshotTransformFactory().createForSerializedState().orElse(null);
    }
  }

  private final List<StateMetaInfoSnapshot> metaInfos = new ArrayList<>();
  private final List<TableSnapshot> tables = new ArrayList<>();
  private final List<TimerQueues.Snapshot> queues;
  private final KeyGroupRange keyGroups;
  private final int keyGroupPrefixBytes;
  private final TypeSerializer<K> keySerializer;
  private final StreamCompressionDecorator compression;
  private final NativeCut cut;

  FullSnapshot(
      NativeStore store,
      Collection<StateTable<?, ?>> states,
      TimerQueues timers,
      KeyGroupRange keyGroups,
      int keyGroupPrefixBytes,
      TypeSerializer<K> keySerializer,
      StreamCompressionDecorator compression) {
    this.keyGroups = keyGroups;
    this.keyGroupPrefixBytes = keyGroupPrefixBytes;
    this.keySerializer = keySerializer;
    this.compression = compression;
    // The number of a state is its place among these.
    for (StateTable<?, ?> state : states) {
      metaInfos.add(state.metaInfo().snapshot());
      tables.add(new TableSnapshot(state.metaInfo()));
    }
    queues = timers.snapshot();
    for (TimerQueues.Snapshot queue : queues) {
      metaInfos.add(queue.metaInfo());
    }
    cut = store.startCut();
  }

  /** Whoever reads it gets an exception. Of any thread. */
  void giveUp() {
    cut.giveUp();
  }

  @Override
  public KeyValueStateIterator createKVStateIterator() throws IOException {
    List<StateEntries> sources = new ArrayList<>();
    try {
      cut.await(false);
      for (TableSnapshot table : tables) {
        sources.add(new TableEntries(cut.scan(table.name), table.transformer, keyGroupPrefixBytes));
      }
      for (TimerQueues.Snapshot queue : queues) {
        sources.add(queue.entries(cut, keyGroupPrefixBytes));
      }
      return new SnapshotIterator(sources, keyGroups);
    } catch (GeminiException | IOException failure) {
      IOUtils.closeAllQuietly(sources);
      throw new IOException("state cannot be read for a snapshot", failure);
    }
  }

  @Override
  public List<StateMetaInfoSnapshot> getMetaInfoSnapshots() {
    return metaInfos;
  }

  @Override
  public KeyGroupRange getKeyGroupRange() {
    return keyGroups;
  }

  @Override
  public TypeSerializer<K> getKeySerializer() {
    return keySerializer;
  }

  @Override
  public StreamCompressionDecorator getStreamCompressionDecorator() {
    return compression;
  }

  @Override
  public void release() {
    cut.close();
  }
}
