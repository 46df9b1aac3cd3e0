package io.castor.flink.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RunnableFuture;
import javax.annotation.Nonnull;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.state.v2.AggregatingStateDescriptor;
import org.apache.flink.api.common.state.v2.MapStateDescriptor;
import org.apache.flink.api.common.state.v2.ReducingStateDescriptor;
import org.apache.flink.api.common.state.v2.State;
import org.apache.flink.api.common.state.v2.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.asyncprocessing.StateExecutor;
import org.apache.flink.runtime.asyncprocessing.StateRequestHandler;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.SnapshotType;
import org.apache.flink.runtime.state.AsyncKeyedStateBackend;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.Keyed;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.PriorityComparable;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;
import org.apache.flink.runtime.state.v2.StateDescriptorUtils;
import org.apache.flink.runtime.state.v2.internal.InternalKeyedState;
import org.apache.flink.runtime.state.v2.ttl.TtlStateFactory;
import org.apache.flink.util.IOUtils;

/**
 * Keyed state for the asynchronous API: its states are those of a {@link GeminiKeyedStateBackend},
 * which restores them, migrates them and writes them to checkpoints, so that a checkpoint of the
 * one is one of the other. Of the task's thread.
 */
final class GeminiAsyncKeyedStateBackend<K> implements AsyncKeyedStateBackend<K> {
  private final GeminiKeyedStateBackend<K> backend;
  private final ExecutionConfig executionConfig;
  private final Map<String, State> states = new HashMap<>();
  private final List<GeminiStateExecutor<K>> executors = new ArrayList<>();
  private StateRequestHandler handler;

  /** Owns the backend. */
  GeminiAsyncKeyedStateBackend(
      GeminiKeyedStateBackend<K> backend, ExecutionConfig executionConfig) {
    this.backend = backend;
    this.executionConfig = executionConfig;
  }

  @Override
  public void setup(@Nonnull StateRequestHandler stateRequestHandler) {
    handler = stateRequestHandler;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <N, S extends State, SV> S getOrCreateKeyedState(
      N defaultNamespace, TypeSerializer<N> namespaceSerializer, StateDescriptor<SV> descriptor)
      throws Exception {
    State state = states.get(descriptor.getStateId());
    if (state == null) {
      descriptor.initializeSerializerUnlessSet(executionConfig);
      state =
          TtlStateFactory.createStateAndWrapWithTtlIfEnabled(
              defaultNamespace, namespaceSerializer, descriptor, this, backend.ttlTimeProvider());
      states.put(descriptor.getStateId(), state);
    }
    return (S) state;
  }

  @Override
  @Nonnull
  @SuppressWarnings({"unchecked", "rawtypes"})
  public <N, S extends InternalKeyedState, SV> S createStateInternal(
      @Nonnull N defaultNamespace,
      @Nonnull TypeSerializer<N> namespaceSerializer,
      @Nonnull StateDescriptor<SV> descriptor)
      throws Exception {
    org.apache.flink.api.common.state.StateDescriptor<?, ?> registered =
        StateDescriptorUtils.transformFromV2ToV1(descriptor);
    if (descriptor.getTtlConfig().isEnabled()) {
      registered.enableTimeToLive(descriptor.getTtlConfig());
    }
    AsyncStateTable<N> table =
        new AsyncStateTable<>(
            backend.register(namespaceSerializer, registered).number(),
            defaultNamespace,
            namespaceSerializer);
    return (S) make(descriptor, table);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private <N, SV> InternalKeyedState make(
      StateDescriptor<SV> descriptor, AsyncStateTable<N> table) {
    TypeSerializer<SV> serializer = descriptor.getSerializer();
    switch (descriptor.getType()) {
      case VALUE:
        return new GeminiAsyncValueState<>(handler, serializer, table);
      case LIST:
        return new GeminiAsyncListState<>(handler, serializer, table);
      case MAP:
        return new GeminiAsyncMapState<>(
            handler, ((MapStateDescriptor) descriptor).getUserKeySerializer(), serializer, table);
      case REDUCING:
        return new GeminiAsyncReducingState<>(
            handler, ((ReducingStateDescriptor) descriptor).getReduceFunction(), serializer, table);
      case AGGREGATING:
        return new GeminiAsyncAggregatingState<>(
            handler,
            ((AggregatingStateDescriptor) descriptor).getAggregateFunction(),
            serializer,
            table);
      default:
        throw new GeminiException(
            "state of type " + descriptor.getType() + " is not supported by Gemini");
    }
  }

  @Override
  @Nonnull
  public StateExecutor createStateExecutor() {
    GeminiStateExecutor<K> executor =
        new GeminiStateExecutor<>(backend.store(), backend.getKeySerializer());
    executors.add(executor);
    return executor;
  }

  @Override
  public KeyGroupRange getKeyGroupRange() {
    return backend.getKeyGroupRange();
  }

  @Override
  @Nonnull
  public <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      KeyGroupedInternalPriorityQueue<T> create(
          @Nonnull String name, @Nonnull TypeSerializer<T> serializer) {
    return backend.create(name, serializer);
  }

  @Override
  public <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      KeyGroupedInternalPriorityQueue<T> create(
          @Nonnull String name,
          @Nonnull TypeSerializer<T> serializer,
          boolean allowFutureMetadataUpdates) {
    return backend.create(name, serializer, allowFutureMetadataUpdates);
  }

  @Override
  @Nonnull
  public RunnableFuture<SnapshotResult<KeyedStateHandle>> snapshot(
      long checkpointId,
      long timestamp,
      @Nonnull CheckpointStreamFactory streams,
      @Nonnull CheckpointOptions options)
      throws Exception {
    return backend.snapshot(checkpointId, timestamp, streams, options);
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    backend.notifyCheckpointComplete(checkpointId);
  }

  @Override
  public void notifyCheckpointAborted(long checkpointId) throws Exception {
    backend.notifyCheckpointAborted(checkpointId);
  }

  @Override
  public void notifyCheckpointSubsumed(long checkpointId) {}

  @Override
  public boolean requiresLegacySynchronousTimerSnapshots(SnapshotType checkpointType) {
    return backend.requiresLegacySynchronousTimerSnapshots(checkpointType);
  }

  @Override
  public boolean isSafeToReuseKVState() {
    return backend.isSafeToReuseKVState();
  }

  @Override
  public String getBackendTypeIdentifier() {
    return backend.getBackendTypeIdentifier();
  }

  @Override
  public void close() {
    IOUtils.closeQuietly(backend);
  }

  @Override
  public void dispose() {
    executors.forEach(GeminiStateExecutor::shutdown);
    executors.clear();
    backend.dispose();
  }
}
