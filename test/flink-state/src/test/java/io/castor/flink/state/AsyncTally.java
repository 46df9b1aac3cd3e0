package io.castor.flink.state;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.v2.AggregatingState;
import org.apache.flink.api.common.state.v2.AggregatingStateDescriptor;
import org.apache.flink.api.common.state.v2.ListState;
import org.apache.flink.api.common.state.v2.ListStateDescriptor;
import org.apache.flink.api.common.state.v2.MapState;
import org.apache.flink.api.common.state.v2.MapStateDescriptor;
import org.apache.flink.api.common.state.v2.ReducingState;
import org.apache.flink.api.common.state.v2.ReducingStateDescriptor;
import org.apache.flink.api.common.state.v2.ValueState;
import org.apache.flink.api.common.state.v2.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** What {@link TallyJob} tallies, with the asynchronous API of state. */
final class AsyncTally extends KeyedProcessFunction<Long, Long, String>
    implements CheckpointListener {
  private static final long serialVersionUID = 1;

  private transient ValueState<Long> count;
  private transient ReducingState<Long> largest;
  private transient AggregatingState<Long, Long> sum;
  private transient MapState<Long, Boolean> seen;
  private transient ListState<Long> hundreds;

  @Override
  public void open(OpenContext context) {
    count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Types.LONG));
    largest =
        getRuntimeContext()
            .getReducingState(
                new ReducingStateDescriptor<>("largest", (a, b) -> Math.max(a, b), Types.LONG));
    sum =
        getRuntimeContext()
            .getAggregatingState(
                new AggregatingStateDescriptor<>("sum", new TallyJob.Sum(), Types.LONG));
    seen =
        getRuntimeContext()
            .getMapState(new MapStateDescriptor<>("seen", Types.LONG, Types.BOOLEAN));
    hundreds = getRuntimeContext().getListState(new ListStateDescriptor<>("hundreds", Types.LONG));
  }

  @Override
  public void processElement(Long value, Context context, Collector<String> out) {
    count
        .asyncValue()
        .thenCompose(
            before -> {
              long counted = before == null ? 1 : before + 1;
              if (counted % 100 == 0) {
                hundreds.asyncAdd(counted);
              }
              return count.asyncUpdate(counted);
            });
    largest.asyncAdd(value);
    sum.asyncAdd(value);
    seen.asyncPut(value, true);
    context.timerService().registerEventTimeTimer(Long.MAX_VALUE - 1);
  }

  @Override
  public void onTimer(long time, OnTimerContext context, Collector<String> out) {
    long key = context.getCurrentKey();
    long[] entries = new long[1];
    long[] elements = new long[1];
    seen.asyncKeys()
        .thenCompose(
            keys ->
                keys.onNext(
                    each -> {
                      ++entries[0];
                    }))
        .thenCompose(ignored -> hundreds.asyncGet())
        .thenCompose(
            list ->
                list.onNext(
                    each -> {
                      ++elements[0];
                    }))
        .thenCompose(ignored -> count.asyncValue())
        .thenCompose(
            counted ->
                sum.asyncGet()
                    .thenCompose(
                        total ->
                            largest
                                .asyncGet()
                                .thenAccept(
                                    last ->
                                        out.collect(
                                            TallyJob.tell(
                                                key,
                                                counted,
                                                total,
                                                last,
                                                entries[0],
                                                elements[0])))));
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) {
    TallyJob.Pace.COMPLETED.incrementAndGet();
  }
}
