package io.castor.flink.state;

import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** {@link TallyJob} as a program: its argument is the file that it tells its result in. */
public final class TallyApplication {
  private TallyApplication() {}

  public static void main(String[] arguments) throws Exception {
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
    environment.setParallelism(1);
    environment.enableCheckpointing(20);
    TallyJob.in(environment, TallyJob.Pace.FULL).sinkTo(new LinesSink(arguments[0]));
    environment.execute();
  }
}
