package io.castor.flink.state;

import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.util.UUID;
import javax.annotation.Nullable;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.runtime.memory.OpaqueMemoryResource;
import org.apache.flink.runtime.state.AbstractManagedMemoryStateBackend;
import org.apache.flink.runtime.state.AsyncKeyedStateBackend;
import org.apache.flink.runtime.state.ConfigurableStateBackend;
import org.apache.flink.runtime.state.DefaultOperatorStateBackendBuilder;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.OperatorStateBackend;
import org.apache.flink.runtime.state.metrics.LatencyTrackingStateConfig;
import org.apache.flink.runtime.state.metrics.SizeTrackingStateConfig;

/** Keeps keyed state in Gemini. Immutable; {@link #configure} gives another one. */
public final class GeminiStateBackend extends AbstractManagedMemoryStateBackend
    implements ConfigurableStateBackend {
  private static final long serialVersionUID = 1;
  private static final String SHARED_MEMORY = "state-gemini-memory";

  private final boolean managedMemory;
  private final MemorySize offHeapSize;
  @Nullable private final String localDirectory;
  private final boolean incremental;
  private final Timers timers;

  /** Which timer service there is. */
  static final class Timers implements Serializable {
    private static final long serialVersionUID = 1;

    private final GeminiOptions.TimerService service;
    private final int cacheSize;

    Timers(GeminiOptions.TimerService service, int cacheSize) {
      this.service = service;
      this.cacheSize = cacheSize;
      if (cacheSize <= 0) {
        throw new IllegalConfigurationException(
            GeminiOptions.TIMER_CACHE_SIZE.key() + " must be positive, and is " + cacheSize);
      }
    }

    TimerQueues open(NativeStore store, KeyGroupRange keyGroups, int numberOfKeyGroups) {
      return service == GeminiOptions.TimerService.HEAP
          ? new HeapTimerQueues(store, keyGroups, numberOfKeyGroups)
          : new GeminiTimerQueues(store, keyGroups, numberOfKeyGroups, cacheSize);
    }
  }

  /** With the defaults of all options. */
  public GeminiStateBackend() {
    managedMemory = GeminiOptions.MANAGED_MEMORY.defaultValue();
    offHeapSize = GeminiOptions.OFFHEAP_SIZE.defaultValue();
    localDirectory = null;
    incremental = CheckpointingOptions.INCREMENTAL_CHECKPOINTS.defaultValue();
    timers =
        new Timers(
            GeminiOptions.TIMER_SERVICE.defaultValue(),
            GeminiOptions.TIMER_CACHE_SIZE.defaultValue());
  }

  private GeminiStateBackend(ReadableConfig config) {
    managedMemory = config.get(GeminiOptions.MANAGED_MEMORY);
    offHeapSize = config.get(GeminiOptions.OFFHEAP_SIZE);
    localDirectory = config.get(GeminiOptions.LOCAL_DIRECTORY);
    incremental = config.get(CheckpointingOptions.INCREMENTAL_CHECKPOINTS);
    timers =
        new Timers(
            config.get(GeminiOptions.TIMER_SERVICE), config.get(GeminiOptions.TIMER_CACHE_SIZE));
    latencyTrackingConfigBuilder = LatencyTrackingStateConfig.newBuilder().configure(config);
    sizeTrackingConfigBuilder = SizeTrackingStateConfig.newBuilder().configure(config);
  }

  @Override
  public GeminiStateBackend configure(ReadableConfig config, ClassLoader classLoader) {
    return new GeminiStateBackend(config);
  }

  @Override
  public boolean useManagedMemory() {
    return managedMemory;
  }

  /** The first checkpoint after a restore has all of its files for itself. */
  @Override
  public boolean supportsNoClaimRestoreMode() {
    return true;
  }

  @Override
  public boolean supportsSavepointFormat(SavepointFormatType format) {
    return true;
  }

  @Override
  public boolean supportsAsyncKeyedStateBackend() {
    return true;
  }

  @Override
  public <K> AsyncKeyedStateBackend<K> createAsyncKeyedStateBackend(
      KeyedStateBackendParameters<K> parameters) throws IOException {
    return new GeminiAsyncKeyedStateBackend<>(
        createKeyedStateBackend(parameters), parameters.getEnv().getExecutionConfig());
  }

  @Override
  public <K> GeminiKeyedStateBackend<K> createKeyedStateBackend(
      KeyedStateBackendParameters<K> parameters) throws IOException {
    Environment environment = parameters.getEnv();
    File temporary = environment.getTaskManagerInfo().getTmpWorkingDirectory();
    NativeLibrary.load(temporary);
    File folder = localDirectory == null ? temporary : new File(localDirectory);
    return new GeminiKeyedStateBackendBuilder<>(
            parameters,
            latencyTrackingConfigBuilder.setMetricGroup(parameters.getMetricGroup()).build(),
            sizeTrackingConfigBuilder.setMetricGroup(parameters.getMetricGroup()).build(),
            new File(folder, "gemini-" + environment.getJobID() + "-" + UUID.randomUUID()),
            memory(environment, parameters.getManagedMemoryFraction()),
            incremental,
            timers)
        .build();
  }

  /** Whoever in the slot asks first makes it, the last one that closes it lets it go. */
  private OpaqueMemoryResource<NativeMemory> memory(Environment environment, double fraction)
      throws IOException {
    try {
      return managedMemory
          ? environment
              .getMemoryManager()
              .getSharedMemoryResourceForManagedMemory(SHARED_MEMORY, NativeMemory::new, fraction)
          : environment
              .getMemoryManager()
              .getExternalSharedMemoryResource(
                  SHARED_MEMORY + "-fixed", NativeMemory::new, offHeapSize.getBytes());
    } catch (Exception failure) {
      throw new IOException("the slot has no memory for keyed state in Gemini", failure);
    }
  }

  @Override
  public OperatorStateBackend createOperatorStateBackend(OperatorStateBackendParameters parameters)
      throws Exception {
    return new DefaultOperatorStateBackendBuilder(
            parameters.getEnv().getUserCodeClassLoader().asClassLoader(),
            parameters.getEnv().getExecutionConfig(),
            true,
            parameters.getStateHandles(),
            parameters.getCancelStreamRegistry())
        .build();
  }
}
