package io.castor.flink.state;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RunnableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.annotation.Nonnull;
import javax.annotation.Nullable;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.SnapshotType;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.CompositeKeySerializationUtils;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.Keyed;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.PriorityComparable;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;
import org.apache.flink.runtime.state.SavepointResources;
import org.apache.flink.runtime.state.SnapshotExecutionType;
import org.apache.flink.runtime.state.SnapshotResources;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.SnapshotStrategy;
import org.apache.flink.runtime.state.SnapshotStrategyRunner;
import org.apache.flink.runtime.state.StateSnapshotTransformer.StateSnapshotTransformFactory;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;
import org.apache.flink.runtime.state.ttl.TtlAwareSerializer;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.apache.flink.util.IOUtils;

/**
 * Keyed state of one operator instance, in an instance of Gemini.
 *
 * <p>Of the task's thread. What a snapshot reads in another is the snapshot's own.
 *
 * @param <K> the key
 */
public final class GeminiKeyedStateBackend<K> extends AbstractKeyedStateBackend<K> {
  private final NativeStore store;
  private final AutoCloseable resources;
  private final Map<String, StateTable<?, ?>> tables;
  private final Map<String, AbstractGeminiState<K, ?, ?>> states = new HashMap<>();
  private final TimerQueues timers;
  private final CompositeKey<K> currentKey;
  private final StateMigration migration;
  private final SnapshotStrategyRunner<KeyedStateHandle, ?> checkpoints;
  @Nullable private final NativeSnapshotStrategy<K> incremental;
  private final Set<StateKeys> openKeys = new HashSet<>();
  private boolean disposed;

  GeminiKeyedStateBackend(GeminiKeyedStateBackendBuilder<K> builder) {
    super(
        builder.kvStateRegistry(),
        builder.keySerializer(),
        builder.userCodeClassLoader(),
        builder.executionConfig(),
        builder.ttlTimeProvider(),
        builder.latencyTracking(),
        builder.sizeTracking(),
        builder.cancelStreams(),
        builder.compression(),
        builder.keyContext());
    store = builder.store();
    resources = builder.resources();
    tables = builder.tables();
    timers = builder.timers();
    currentKey = new CompositeKey<>(keySerializer);
    migration = new StateMigration(store, ttlTimeProvider);
    incremental =
        builder.incremental()
            ? new NativeSnapshotStrategy<>(
                store,
                tables,
                timers,
                keyGroupRange,
                keySerializer,
                builder.localRecovery(),
                builder.sharedFiles())
            : null;
    checkpoints =
        incremental == null
            ? runnerOf(
                "Full snapshot of Gemini",
                new FullSnapshotStrategy<>(this::fullSnapshot, builder.localRecovery()))
            : runnerOf("Incremental snapshot of Gemini", incremental);
  }

  private <R extends SnapshotResources> SnapshotStrategyRunner<KeyedStateHandle, R> runnerOf(
      String description, SnapshotStrategy<KeyedStateHandle, R> strategy) {
    return new SnapshotStrategyRunner<>(
        description, strategy, cancelStreamRegistry, SnapshotExecutionType.ASYNCHRONOUS);
  }

  NativeStore store() {
    return store;
  }

  /** To which a state adds its namespace. */
  CompositeKey<K> currentKey() {
    return currentKey;
  }

  @Override
  public void setCurrentKey(K newKey) {
    super.setCurrentKey(newKey);
    currentKey.setKey(getCurrentKey(), getCurrentKeyGroupIndex());
  }

  @Override
  public void setCurrentKeyAndKeyGroup(K newKey, int newKeyGroupIndex) {
    super.setCurrentKeyAndKeyGroup(newKey, newKeyGroupIndex);
    currentKey.setKey(getCurrentKey(), getCurrentKeyGroupIndex());
  }

  @Override
  @Nonnull
  public <N, SV, SEV, S extends State, IS extends S> IS createOrUpdateInternalState(
      @Nonnull TypeSerializer<N> namespaceSerializer,
      @Nonnull StateDescriptor<S, SV> descriptor,
      @Nonnull StateSnapshotTransformFactory<SEV> transforms)
      throws Exception {
    return createOrUpdateInternalState(namespaceSerializer, descriptor, transforms, false);
  }

  @Override
  @Nonnull
  @SuppressWarnings("unchecked")
  public <N, SV, SEV, S extends State, IS extends S> IS createOrUpdateInternalState(
      @Nonnull TypeSerializer<N> namespaceSerializer,
      @Nonnull StateDescriptor<S, SV> descriptor,
      @Nonnull StateSnapshotTransformFactory<SEV> transforms,
      boolean allowFutureMetadataUpdates)
      throws Exception {
    StateTable<N, SV> table =
        register(namespaceSerializer, descriptor, transforms, allowFutureMetadataUpdates);
    AbstractGeminiState<K, N, SV> state =
        (AbstractGeminiState<K, N, SV>)
            states.computeIfAbsent(descriptor.getName(), name -> make(descriptor));
    state.register(table, descriptor.getDefaultValue());
    setFunction(state, descriptor);
    return (IS) state;
  }

  /** A state that is accessed otherwise. */
  <N, SV> StateTable<N, SV> register(
      TypeSerializer<N> namespaceSerializer, StateDescriptor<?, SV> descriptor) throws Exception {
    return register(
        namespaceSerializer, descriptor, StateSnapshotTransformFactory.noTransform(), false);
  }

  TtlTimeProvider ttlTimeProvider() {
    return ttlTimeProvider;
  }

  @SuppressWarnings("unchecked")
  private <N, SV, SEV> StateTable<N, SV> register(
      TypeSerializer<N> namespaceSerializer,
      StateDescriptor<?, SV> descriptor,
      StateSnapshotTransformFactory<SEV> transforms,
      boolean allowFutureMetadataUpdates)
      throws Exception {
    StateTable<N, SV> table = (StateTable<N, SV>) tables.get(descriptor.getName());
    if (table != null) {
      migration.update(table, descriptor, namespaceSerializer, descriptor.getSerializer());
    } else {
      table =
          new StateTable<>(
              store,
              new RegisteredKeyValueStateBackendMetaInfo<>(
                  descriptor.getType(),
                  descriptor.getName(),
                  namespaceSerializer,
                  descriptor.getSerializer()));
    }
    RegisteredKeyValueStateBackendMetaInfo<N, SV> metaInfo =
        allowFutureMetadataUpdates
            ? table.metaInfo().withSerializerUpgradesAllowed()
            : table.metaInfo();
    metaInfo.updateSnapshotTransformFactory(
        SnapshotTransforms.of(descriptor.getType(), transforms, metaInfo.getStateSerializer()));
    table = table.with(metaInfo);
    store.setTtl(table.number(), backgroundTtl(descriptor, metaInfo.getStateSerializer()));
    tables.put(descriptor.getName(), table);
    return table;
  }

  /** In milliseconds; 0: what has expired stays until it is accessed. */
  private static long backgroundTtl(
      StateDescriptor<?, ?> descriptor, TypeSerializer<?> serializer) {
    StateTtlConfig config = descriptor.getTtlConfig();
    return config.isEnabled()
            && config.getCleanupStrategies().inRocksdbCompactFilter()
            && TtlAwareSerializer.isSerializerTtlEnabled(serializer)
        ? config.getTimeToLive().toMillis()
        : 0;
  }

  private AbstractGeminiState<K, ?, ?> make(StateDescriptor<?, ?> descriptor) {
    switch (descriptor.getType()) {
      case VALUE:
        return new GeminiValueState<>(this);
      case LIST:
        return new GeminiListState<>(this);
      case MAP:
        return new GeminiMapState<>(this);
      case REDUCING:
        return new GeminiReducingState<>(this);
      case AGGREGATING:
        return new GeminiAggregatingState<>(this);
      default:
        throw new GeminiException(
            "state of type " + descriptor.getType() + " is not supported by Gemini");
    }
  }

  @SuppressWarnings("unchecked")
  private static void setFunction(
      AbstractGeminiState<?, ?, ?> state, StateDescriptor<?, ?> descriptor) {
    if (descriptor instanceof ReducingStateDescriptor) {
      ((GeminiReducingState<?, ?, Object>) state)
          .setFunction(((ReducingStateDescriptor<Object>) descriptor).getReduceFunction());
    } else if (descriptor instanceof AggregatingStateDescriptor) {
      ((GeminiAggregatingState<?, ?, Object, Object, Object>) state)
          .setFunction(
              ((AggregatingStateDescriptor<Object, Object, Object>) descriptor)
                  .getAggregateFunction());
    }
  }

  @Override
  public <N> Stream<K> getKeys(String state, N namespace) {
    return getKeys(List.of(state), namespace);
  }

  @Override
  public <N> Stream<K> getKeys(List<String> names, N namespace) {
    List<String> known = names.stream().filter(tables::containsKey).collect(Collectors.toList());
    if (known.isEmpty()) {
      return Stream.empty();
    }
    TypeSerializer<N> serializer = namespaceSerializer(known.get(0));
    return keysOf(known).inNamespace(currentKey, namespace, serializer);
  }

  @Override
  public <N> Stream<Tuple2<K, N>> getKeysAndNamespaces(String state) {
    return tables.containsKey(state)
        ? keysOf(List.of(state)).withNamespaces(currentKey, this.<N>namespaceSerializer(state))
        : Stream.empty();
  }

  private StateKeys keysOf(List<String> names) {
    StateKeys keys = new StateKeys(store, names, openKeys::remove);
    if (keys.hasNext()) {
      openKeys.add(keys);
    }
    return keys;
  }

  @SuppressWarnings("unchecked")
  private <N> TypeSerializer<N> namespaceSerializer(String state) {
    return (TypeSerializer<N>) tables.get(state).metaInfo().getNamespaceSerializer();
  }

  @Override
  public int numKeyValueStateEntries() {
    int entries = 0;
    for (String state : tables.keySet()) {
      try (StateKeys keys = new StateKeys(store, List.of(state), closed -> {})) {
        while (keys.hasNext()) {
          keys.next();
          ++entries;
        }
      }
    }
    return entries;
  }

  @Override
  @Nonnull
  public <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      KeyGroupedInternalPriorityQueue<T> create(
          @Nonnull String name, @Nonnull TypeSerializer<T> serializer) {
    return create(name, serializer, false);
  }

  @Override
  public <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      KeyGroupedInternalPriorityQueue<T> create(
          @Nonnull String name,
          @Nonnull TypeSerializer<T> serializer,
          boolean allowFutureMetadataUpdates) {
    return timers.create(name, serializer, allowFutureMetadataUpdates);
  }

  @Override
  @Nonnull
  public RunnableFuture<SnapshotResult<KeyedStateHandle>> snapshot(
      long checkpointId,
      long timestamp,
      @Nonnull CheckpointStreamFactory streams,
      @Nonnull CheckpointOptions options)
      throws Exception {
    return checkpoints.snapshot(checkpointId, timestamp, streams, options);
  }

  @Override
  @Nonnull
  public SavepointResources<K> savepoint() {
    return new SavepointResources<>(fullSnapshot(), SnapshotExecutionType.ASYNCHRONOUS);
  }

  private FullSnapshot<K> fullSnapshot() {
    return new FullSnapshot<>(
        store,
        Collections.unmodifiableCollection(tables.values()),
        timers,
        keyGroupRange,
        CompositeKeySerializationUtils.computeRequiredBytesInKeyGroupPrefix(numberOfKeyGroups),
        keySerializer,
        keyGroupCompressionDecorator);
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) {
    if (incremental != null) {
      incremental.completed(checkpointId);
    }
  }

  @Override
  public void notifyCheckpointAborted(long checkpointId) {
    if (incremental != null) {
      incremental.aborted(checkpointId);
    }
  }

  /** Keys that timers on the heap hold are the ones that have been given to them. */
  @Override
  public boolean isSafeToReuseKVState() {
    return false;
  }

  @Override
  public boolean requiresLegacySynchronousTimerSnapshots(SnapshotType checkpointType) {
    return false;
  }

  @Override
  public String getBackendTypeIdentifier() {
    return "gemini";
  }

  /**
   * In the task's thread, at its end. {@link #close} is another matter: who cancels the task calls
   * it, while the task still reads and writes.
   */
  @Override
  public void dispose() {
    if (disposed) {
      return;
    }
    disposed = true;
    super.dispose();
    List.copyOf(openKeys).forEach(IOUtils::closeQuietly);
    IOUtils.closeQuietly(resources);
  }
}
