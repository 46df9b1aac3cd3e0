package io.castor.flink.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job that fails again and again leaves nothing behind in native code. */
@Timeout(value = 5, unit = TimeUnit.MINUTES) // what is not let go of is waited for
class GeminiLeakTest {
  private static final int RESTARTS = 100;
  private static final AtomicInteger FAILURES = new AtomicInteger();

  @RegisterExtension
  private static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setConfiguration(
                  new Configuration()
                      .set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(64)))
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(1)
              .build());

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aJobThatFailsAHundredTimesEndsWithWhatItBeganWith(boolean asynchronous) throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(StateBackendOptions.STATE_BACKEND, "gemini");
    configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
    configuration.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        folder.resolve("checkpoints").toUri().toString());
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, RESTARTS);
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    environment.setParallelism(1);
    environment.enableCheckpointing(10);
    FAILURES.set(0);
    NativeLibrary.load(folder.toFile());
    long handles = NativeStore.liveHandles(); // other tests, Flink's among them, leave some
    long bytes = NativeStore.usedInProcess();
    TallyJob.Steps fails = new FailsAfterAWhile();
    DataStream<String> told =
        asynchronous
            ? TallyJob.asynchronouslyIn(environment, fails)
            : TallyJob.in(environment, fails);
    // Flink's own collecting sink ends the task manager if it is cancelled before it is open.
    Path result = folder.resolve("result");
    told.sinkTo(new LinesSink(result.toString()));
    environment.execute();
    assertThat(Files.readAllLines(result)).containsExactlyInAnyOrderElementsOf(TallyJob.expected());
    assertThat(FAILURES).hasValue(RESTARTS);
    while (NativeStore.liveHandles() > handles || NativeStore.usedInProcess() > bytes) {
      Thread.sleep(10);
    }
  }

  private static final class FailsAfterAWhile implements TallyJob.Steps {
    private static final long serialVersionUID = 1;

    private transient int steps;

    @Override
    public void step() {
      if (++steps > 100 && FAILURES.get() < RESTARTS) {
        FAILURES.incrementAndGet();
        throw new IllegalStateException("as it was meant to");
      }
    }
  }
}
