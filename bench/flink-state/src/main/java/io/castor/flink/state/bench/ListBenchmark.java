package io.castor.flink.state.bench;

import java.util.List;
import java.util.stream.LongStream;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.infra.Blackhole;

/** A list of each key, of some elements. */
public class ListBenchmark extends KeyedAccess {
  private static final int ELEMENTS = 10;

  private ListState<Long> state;
  private List<Long> elements;

  @Override
  void register() throws Exception {
    state = backend.state(new ListStateDescriptor<>("list", LongSerializer.INSTANCE), ttl);
    elements = LongStream.range(0, ELEMENTS).boxed().toList();
  }

  @Override
  void fill(long key) throws Exception {
    state.addAll(elements);
  }

  @Benchmark
  public void get(Blackhole result) throws Exception {
    setDrawnKey();
    state.get().forEach(result::consume);
  }

  /** Replaces the list. */
  @Benchmark
  public void update() throws Exception {
    setDrawnKey();
    state.update(elements);
  }

  @Benchmark
  public void append() throws Exception {
    state.add(setDrawnKey());
  }

  /** The first element of a list. */
  @Benchmark
  public void add() throws Exception {
    state.add(setFreshKey());
  }
}
