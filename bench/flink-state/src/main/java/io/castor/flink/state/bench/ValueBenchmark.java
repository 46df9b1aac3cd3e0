package io.castor.flink.state.bench;

import java.io.IOException;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.openjdk.jmh.annotations.Benchmark;

/** A value of each key. */
public class ValueBenchmark extends KeyedAccess {
  private ValueState<Long> state;

  @Override
  void register() throws Exception {
    state = backend.state(new ValueStateDescriptor<>("value", LongSerializer.INSTANCE), ttl);
  }

  @Override
  void fill(long key) throws IOException {
    state.update(key);
  }

  @Benchmark
  public Long get() throws IOException {
    setDrawnKey();
    return state.value();
  }

  @Benchmark
  public void update() throws IOException {
    state.update(setDrawnKey());
  }

  @Benchmark
  public void add() throws IOException {
    state.update(setFreshKey());
  }
}
