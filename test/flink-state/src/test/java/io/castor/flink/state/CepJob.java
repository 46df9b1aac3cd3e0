package io.castor.flink.state;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.cep.CEP;
import org.apache.flink.cep.functions.PatternProcessFunction;
import org.apache.flink.cep.functions.TimedOutPartialMatchHandler;
import org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.cep.pattern.conditions.SimpleCondition;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * A program with patterns: of each of some machines, temperatures that rise to an alarm, and those
 * that do not in time. Its argument is the file that it tells its result in.
 */
public final class CepJob {
  private static final long READINGS = 20_000;
  private static final long MACHINES = 40;
  private static final OutputTag<String> CALMED = new OutputTag<>("calmed") {};

  private CepJob() {}

  /** What a machine says; a plain object for Flink. */
  public static final class Reading {
    public long machine;
    public long time;
    public int temperature;
  }

  private static Reading reading(long number) {
    Reading reading = new Reading();
    reading.machine = number * 7 % MACHINES;
    reading.time = number * 10;
    reading.temperature = (int) (number * number / 3 % 100);
    return reading;
  }

  public static void main(String[] arguments) throws Exception {
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
    var readings =
        environment
            .fromSequence(0, READINGS - 1)
            .setParallelism(1)
            .map(CepJob::reading)
            .setParallelism(1)
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<Reading>forBoundedOutOfOrderness(Duration.ofMillis(50))
                    .withTimestampAssigner((reading, ignored) -> reading.time));
    var matches =
        CEP.pattern(readings.keyBy(reading -> reading.machine), risingToAlarm())
            .process(new Told());
    var sink = new LinesSink(arguments[0]);
    matches.sinkTo(sink);
    matches.getSideOutput(CALMED).sinkTo(sink);
    environment.execute();
  }

  private static Pattern<Reading, ?> risingToAlarm() {
    return Pattern.<Reading>begin("warm", AfterMatchSkipStrategy.skipPastLastEvent())
        .where(SimpleCondition.of(reading -> reading.temperature > 50))
        .followedBy("hot")
        .where(SimpleCondition.of(reading -> reading.temperature > 70))
        .oneOrMore()
        .followedBy("alarm")
        .where(SimpleCondition.of(reading -> reading.temperature > 90))
        .within(Duration.ofSeconds(2));
  }

  private static final class Told extends PatternProcessFunction<Reading, String>
      implements TimedOutPartialMatchHandler<Reading> {
    private static final long serialVersionUID = 1;

    @Override
    public void processMatch(
        Map<String, List<Reading>> match, Context context, Collector<String> out) {
      out.collect("alarm " + tell(match));
    }

    @Override
    public void processTimedOutMatch(Map<String, List<Reading>> match, Context context) {
      context.output(CALMED, "calmed " + tell(match));
    }

    private static String tell(Map<String, List<Reading>> match) {
      StringBuilder told = new StringBuilder();
      match.forEach(
          (name, readings) -> {
            told.append(name);
            readings.forEach(
                each -> told.append(' ').append(each.machine).append('@').append(each.time));
            told.append("; ");
          });
      return told.toString();
    }
  }
}
