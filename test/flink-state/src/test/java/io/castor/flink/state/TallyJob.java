package io.castor.flink.state;

import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.AggregatingState;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReducingState;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * A job whose result shows whether all of its state has come through: a sequence, keyed, tallied in
 * every kind of state, and told at the end by a timer of each key.
 */
final class TallyJob {
  static final long KEYS = 50;
  static final long VALUES = 20_000;

  private TallyJob() {}

  /** What is told of each key if nothing was lost or counted twice. */
  static List<String> expected() {
    List<String> expected = new ArrayList<>();
    for (long key = 0; key < KEYS; ++key) {
      long count = VALUES / KEYS;
      long sum = count * key + KEYS * (count * (count - 1) / 2);
      long largest = key + KEYS * (count - 1);
      expected.add(tell(key, count, sum, largest, count, count / 100));
    }
    return expected;
  }

  static String tell(long key, long count, long sum, long largest, long entries, long elements) {
    return key + ": " + count + " of " + sum + " up to " + largest + ", " + entries + ", "
        + elements;
  }

  static DataStream<String> in(StreamExecutionEnvironment environment, Steps pace) {
    return keyed(environment, pace).process(new Tally()).uid("tally");
  }

  /** The same with the asynchronous API of state. */
  static DataStream<String> asynchronouslyIn(StreamExecutionEnvironment environment, Steps pace) {
    return keyed(environment, pace).enableAsyncState().process(new AsyncTally()).uid("tally");
  }

  private static KeyedStream<Long, Long> keyed(StreamExecutionEnvironment environment, Steps pace) {
    return environment
        .fromSequence(0, VALUES - 1)
        .map(new Paced(pace))
        .assignTimestampsAndWatermarks(WatermarkStrategy.noWatermarks())
        .keyBy(value -> value % KEYS);
  }

  /** How a run goes: what is done before each value. */
  interface Steps extends Serializable {
    void step() throws InterruptedException;
  }

  /** Slowly until there is such a file, then at full pace. */
  static final class SlowUntil implements Steps {
    private static final long serialVersionUID = 1;

    private final String file;
    private transient boolean seen;

    SlowUntil(String file) {
      this.file = file;
    }

    @Override
    public void step() throws InterruptedException {
      if (!seen) {
        Thread.sleep(1);
        seen = Files.exists(Path.of(file));
      }
    }
  }

  /** What is static is shared with the cluster, which is in this process. */
  enum Pace implements Steps {
    FULL,
    SLOW,
    /** Slowly, until it fails when some checkpoints are complete; then at full pace. */
    FAILS_ONCE;

    static final AtomicInteger STEPS = new AtomicInteger();
    static final AtomicInteger COMPLETED = new AtomicInteger(); // of each subtask
    static final AtomicInteger FAILURES = new AtomicInteger();

    @Override
    public void step() throws InterruptedException {
      if (this == FULL || (this == FAILS_ONCE && FAILURES.get() > 0)) {
        return;
      }
      Thread.sleep(1);
      STEPS.incrementAndGet();
      if (this == FAILS_ONCE && COMPLETED.get() >= 4 && FAILURES.getAndIncrement() == 0) {
        throw new IllegalStateException("as it was meant to");
      }
    }
  }

  /** In the task of the source, so that barriers do not queue behind what is on its way. */
  private static final class Paced implements MapFunction<Long, Long> {
    private static final long serialVersionUID = 1;

    private final Steps pace;

    Paced(Steps pace) {
      this.pace = pace;
    }

    @Override
    public Long map(Long value) throws InterruptedException {
      pace.step();
      return value;
    }
  }

  private static final class Tally extends KeyedProcessFunction<Long, Long, String>
      implements CheckpointListener {
    private static final long serialVersionUID = 1;

    private transient ValueState<Long> count;
    private transient ReducingState<Long> largest;
    private transient AggregatingState<Long, Long> sum;
    private transient MapState<Long, Boolean> seen;
    private transient ListState<Long> hundreds;

    @Override
    public void open(OpenContext context) {
      count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Long.class));
      largest =
          getRuntimeContext()
              .getReducingState(
                  new ReducingStateDescriptor<>("largest", (a, b) -> Math.max(a, b), Long.class));
      sum =
          getRuntimeContext()
              .getAggregatingState(new AggregatingStateDescriptor<>("sum", new Sum(), Long.class));
      seen =
          getRuntimeContext()
              .getMapState(new MapStateDescriptor<>("seen", Long.class, Boolean.class));
      hundreds =
          getRuntimeContext().getListState(new ListStateDescriptor<>("hundreds", Long.class));
    }

    @Override
    public void processElement(Long value, Context context, Collector<String> out)
        throws Exception {
      long counted = count.value() == null ? 1 : count.value() + 1;
      count.update(counted);
      largest.add(value);
      sum.add(value);
      seen.put(value, true);
      if (counted % 100 == 0) {
        hundreds.add(counted);
      }
      context.timerService().registerEventTimeTimer(Long.MAX_VALUE - 1);
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<String> out) throws Exception {
      long entries = 0;
      for (Long ignored : seen.keys()) {
        ++entries;
      }
      long elements = 0;
      for (Long ignored : hundreds.get()) {
        ++elements;
      }
      out.collect(
          tell(
              context.getCurrentKey(), count.value(), sum.get(), largest.get(), entries, elements));
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
      Pace.COMPLETED.incrementAndGet();
    }
  }

  static final class Sum implements AggregateFunction<Long, Long, Long> {
    private static final long serialVersionUID = 1;

    @Override
    public Long createAccumulator() {
      return 0L;
    }

    @Override
    public Long add(Long value, Long accumulator) {
      return accumulator + value;
    }

    @Override
    public Long getResult(Long accumulator) {
      return accumulator;
    }

    @Override
    public Long merge(Long a, Long b) {
      return a + b;
    }
  }
}
