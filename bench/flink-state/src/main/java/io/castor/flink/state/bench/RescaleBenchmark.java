package io.castor.flink.state.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.util.FileUtils;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The first instance of three that takes over from two, or of one from two, from their checkpoints
 * until it has read a value.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class RescaleBenchmark {
  private static final int BEFORE = 2;
  private static final byte[] VALUE = new byte[100];

  @Param({"gemini", "rocksdb", "hashmap", "forst"})
  public String backendType;

  @Param({"1", "3"})
  public int instances;

  @Param({"1000000"})
  public int keys;

  @Param({"512"})
  public int memoryMegabytes;

  private final List<KeyedStateHandle> checkpoints = new ArrayList<>();
  private Path folder;
  private int opened;
  private Backend takenOver;

  @Setup(Level.Trial)
  public void fill() throws Exception {
    folder = Files.createTempDirectory("state-benchmark-");
    Path stored = Files.createDirectories(folder.resolve("checkpoints"));
    for (int instance = 0; instance < BEFORE; ++instance) {
      KeyGroupRange range = rangeOf(BEFORE, instance);
      try (Backend backend = open(range, List.of())) {
        ValueState<byte[]> state = stateOf(backend);
        for (long key = 0; key < keys; ++key) {
          if (range.contains(Backend.groupOf(key))) {
            backend.setKey(key);
            state.update(VALUE);
          }
        }
        checkpoints.add(backend.checkpoint(stored));
      }
    }
  }

  @TearDown(Level.Trial)
  public void delete() throws Exception {
    FileUtils.deleteDirectory(folder.toFile());
  }

  private static KeyGroupRange rangeOf(int instances, int instance) {
    return KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
        Backend.KEY_GROUPS, instances, instance);
  }

  private Backend open(KeyGroupRange range, List<KeyedStateHandle> restored) throws Exception {
    return new Backend(
        backendType,
        folder.resolve("backend-" + opened++),
        range,
        restored,
        (long) memoryMegabytes << 20);
  }

  private static ValueState<byte[]> stateOf(Backend backend) throws Exception {
    return backend.state(
        new ValueStateDescriptor<>("value", BytePrimitiveArraySerializer.INSTANCE), false);
  }

  @Benchmark
  public void takeOver() throws Exception {
    KeyGroupRange range = rangeOf(instances, 0);
    List<KeyedStateHandle> parts = new ArrayList<>();
    for (KeyedStateHandle checkpoint : checkpoints) {
      KeyedStateHandle part = checkpoint.getIntersection(range);
      if (part != null) {
        parts.add(part);
      }
    }
    takenOver = open(range, parts);
    ValueState<byte[]> state = stateOf(takenOver);
    long key = 0;
    while (!range.contains(Backend.groupOf(key))) {
      ++key;
    }
    takenOver.setKey(key);
    if (state.value().length != VALUE.length) {
      throw new IllegalStateException("a value has been lost");
    }
  }

  @TearDown(Level.Invocation)
  public void close() throws Exception {
    takenOver.close();
  }
}
