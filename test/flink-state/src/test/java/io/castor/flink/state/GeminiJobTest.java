package io.castor.flink.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole jobs in a cluster in this process. */
class GeminiJobTest {
  @RegisterExtension
  private static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setConfiguration(
                  new Configuration()
                      .set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(128)))
              .setNumberTaskManagers(2)
              .setNumberSlotsPerTaskManager(2)
              .build());

  @TempDir private Path folder;

  private Configuration configuration(String backend, boolean incremental) {
    Configuration configuration = new Configuration();
    configuration.set(StateBackendOptions.STATE_BACKEND, backend.split(" ")[0]);
    if (backend.endsWith("on the heap")) {
      configuration.set(GeminiOptions.TIMER_SERVICE, GeminiOptions.TimerService.HEAP);
    }
    configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, incremental);
    configuration.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        folder.resolve("checkpoints").toUri().toString());
    return configuration;
  }

  private static List<String> resultOf(StreamExecutionEnvironment environment, TallyJob.Pace pace)
      throws Exception {
    return TallyJob.in(environment, pace).executeAndCollect((int) TallyJob.KEYS + 1);
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void aJobThatFailsGoesOnFromItsCheckpoint(boolean incremental, boolean asynchronous)
      throws Exception {
    Configuration configuration = configuration("gemini", incremental);
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    TallyJob.Pace.COMPLETED.set(0);
    TallyJob.Pace.FAILURES.set(0);
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    environment.setParallelism(2);
    environment.enableCheckpointing(20);
    DataStream<String> told =
        asynchronous
            ? TallyJob.asynchronouslyIn(environment, TallyJob.Pace.FAILS_ONCE)
            : TallyJob.in(environment, TallyJob.Pace.FAILS_ONCE);
    assertThat(told.executeAndCollect((int) TallyJob.KEYS + 1))
        .containsExactlyInAnyOrderElementsOf(TallyJob.expected());
    assertThat(TallyJob.Pace.FAILURES).hasValueGreaterThan(0);
  }

  /** After a failure, too; and it stays what it is unless the job owns it from then on. */
  @ParameterizedTest
  @EnumSource(
      value = RecoveryClaimMode.class,
      names = {"CLAIM", "NO_CLAIM"})
  void aCheckpointThatWasRetainedIsRestored(RecoveryClaimMode mode) throws Exception {
    TallyJob.Pace.STEPS.set(0);
    Configuration retained = configuration("gemini", true);
    retained.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    StreamExecutionEnvironment before =
        StreamExecutionEnvironment.getExecutionEnvironment(retained);
    before.setParallelism(2);
    before.enableCheckpointing(20);
    TallyJob.in(before, TallyJob.Pace.SLOW).sinkTo(new DiscardingSink<>());
    JobClient job = before.executeAsync();
    while (TallyJob.Pace.STEPS.get() < 500) {
      Thread.sleep(10);
    }
    Path first = folder.resolve("checkpoints");
    Checkpoints.await(first, 3);
    job.cancel().get();
    while (!job.getJobStatus().get().isGloballyTerminalState()) {
      Thread.sleep(10);
    }
    Path checkpoint = Checkpoints.await(first, 3);

    TallyJob.Pace.COMPLETED.set(0);
    TallyJob.Pace.FAILURES.set(0);
    Configuration configuration = from(checkpoint, mode);
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    StreamExecutionEnvironment after =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    after.setParallelism(2);
    after.enableCheckpointing(20);
    assertThat(resultOf(after, TallyJob.Pace.FAILS_ONCE))
        .containsExactlyInAnyOrderElementsOf(TallyJob.expected());
    assertThat(TallyJob.Pace.FAILURES).hasValueGreaterThan(0);
    if (mode == RecoveryClaimMode.NO_CLAIM) {
      StreamExecutionEnvironment again =
          StreamExecutionEnvironment.getExecutionEnvironment(from(checkpoint, mode));
      again.setParallelism(1);
      assertThat(resultOf(again, TallyJob.Pace.FULL))
          .containsExactlyInAnyOrderElementsOf(TallyJob.expected());
    }
  }

  private Configuration from(Path checkpoint, RecoveryClaimMode mode) {
    Configuration configuration = configuration("gemini", true);
    configuration.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.resolve("later").toUri().toString());
    configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, checkpoint.toUri().toString());
    configuration.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
    configuration.set(StateRecoveryOptions.RESTORE_MODE, mode);
    return configuration;
  }

  /** At another parallelism. */
  @ParameterizedTest
  @CsvSource({
    "gemini, gemini, CANONICAL",
    "gemini, gemini, NATIVE",
    "gemini, gemini with timers on the heap, NATIVE",
    "gemini with timers on the heap, gemini, NATIVE",
    "gemini with timers on the heap, gemini, CANONICAL",
    "gemini, hashmap, CANONICAL",
    "hashmap, gemini, CANONICAL",
    "gemini, rocksdb, CANONICAL",
    "rocksdb, gemini, CANONICAL"
  })
  void aSavepointIsRestored(String from, String to, SavepointFormatType format) throws Exception {
    TallyJob.Pace.STEPS.set(0);
    StreamExecutionEnvironment before =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration(from, true));
    before.setParallelism(1);
    TallyJob.in(before, TallyJob.Pace.SLOW).sinkTo(new DiscardingSink<>());
    JobClient job = before.executeAsync();
    while (TallyJob.Pace.STEPS.get() < 500) {
      Thread.sleep(10);
    }
    String savepoint =
        job.stopWithSavepoint(false, folder.resolve("savepoints").toUri().toString(), format).get();

    Configuration configuration = configuration(to, true);
    configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    configuration.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
    StreamExecutionEnvironment after =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    after.setParallelism(2);
    assertThat(resultOf(after, TallyJob.Pace.FULL))
        .containsExactlyInAnyOrderElementsOf(TallyJob.expected());
  }
}
