package io.castor.flink.state.bench;

import java.util.Map;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.DoubleSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.infra.Blackhole;

/** A map of each key, of some entries. */
public class MapBenchmark extends KeyedAccess {
  private static final int ENTRIES = 10;

  private MapState<Long, Double> state;
  private long entry;

  @Override
  void register() throws Exception {
    state =
        backend.state(
            new MapStateDescriptor<>("map", LongSerializer.INSTANCE, DoubleSerializer.INSTANCE),
            ttl);
  }

  @Override
  void fill(long key) throws Exception {
    for (long i = 0; i < ENTRIES; ++i) {
      state.put(i, (double) key);
    }
  }

  private Long drawnEntry() {
    return entry++ % ENTRIES;
  }

  @Benchmark
  public Double get() throws Exception {
    setDrawnKey();
    return state.get(drawnEntry());
  }

  @Benchmark
  public boolean contains() throws Exception {
    setDrawnKey();
    return state.contains(drawnEntry());
  }

  @Benchmark
  public void update() throws Exception {
    setDrawnKey();
    state.put(drawnEntry(), 1.5);
  }

  /** The first entry of a map. */
  @Benchmark
  public void add() throws Exception {
    setFreshKey();
    state.put(1L, 1.5);
  }

  /** Of an entry of a map that is walked as a whole. */
  @Benchmark
  @OperationsPerInvocation(ENTRIES)
  public void iterate(Blackhole result) throws Exception {
    setDrawnKey();
    for (Map.Entry<Long, Double> each : state.entries()) {
      result.consume(each.getKey());
      result.consume(each.getValue());
    }
  }
}
