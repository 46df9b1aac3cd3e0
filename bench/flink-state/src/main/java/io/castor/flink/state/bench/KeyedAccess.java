package io.castor.flink.state.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.util.FileUtils;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What benchmarks of accesses share: a backend, and keys that come in no order. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class KeyedAccess {
  private static final int DRAWN = 1 << 20; // a power of two

  @Param({"gemini", "rocksdb", "hashmap", "forst"})
  public String backendType;

  @Param({"false", "true"})
  public boolean ttl;

  @Param({"100000"})
  public int keys;

  @Param({"512"})
  public int memoryMegabytes;

  protected Backend backend;
  private final Long[] drawn = new Long[DRAWN];
  private int next;
  private long fresh;
  private Path folder;

  @Setup(Level.Trial)
  public void open() throws Exception {
    folder = Files.createTempDirectory("state-benchmark-");
    backend =
        new Backend(
            backendType,
            folder.resolve("backend"),
            KeyGroupRange.of(0, Backend.KEY_GROUPS - 1),
            List.of(),
            (long) memoryMegabytes << 20);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < DRAWN; ++i) {
      drawn[i] = (long) random.nextInt(keys);
    }
    fresh = keys;
    register();
    for (long key = 0; key < keys; ++key) {
      backend.setKey(key);
      fill(key);
    }
  }

  @TearDown(Level.Trial)
  public void close() throws Exception {
    backend.close();
    FileUtils.deleteDirectory(folder.toFile());
  }

  /** Gets the state from the backend. */
  abstract void register() throws Exception;

  /** What the key, which is the current one, has from the beginning. */
  abstract void fill(long key) throws Exception;

  /** Makes one of the keys that are there the current one. */
  protected Long setDrawnKey() {
    Long key = drawn[next++ & DRAWN - 1];
    backend.setKey(key);
    return key;
  }

  /** Makes one the current one that has nothing yet. */
  protected Long setFreshKey() {
    Long key = fresh++;
    backend.setKey(key);
    return key;
  }
}
