package io.castor.flink.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A job in a cluster of processes, one of which is killed. */
@Timeout(value = 5, unit = TimeUnit.MINUTES) // a process that ends by itself is not noticed
class GeminiClusterTest {
  @TempDir private Path folder;

  @Test
  void aJobGoesOnWithoutATaskManagerThatWasKilled() throws Exception {
    Path checkpoints = folder.resolve("checkpoints");
    Path go = folder.resolve("go");
    Configuration configuration = new Configuration();
    configuration.set(StateBackendOptions.STATE_BACKEND, "gemini");
    configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1000);
    try (StandaloneCluster cluster = new StandaloneCluster(folder, 2)) {
      StreamExecutionEnvironment environment =
          StreamExecutionEnvironment.createRemoteEnvironment(
              "localhost", cluster.restPort(), configuration);
      environment.setParallelism(2);
      environment.enableCheckpointing(50);
      CloseableIterator<String> told =
          TallyJob.in(environment, new TallyJob.SlowUntil(go.toString())).executeAndCollect();
      try {
        Checkpoints.await(checkpoints, 3);
        cluster.killTaskManager();
        cluster.startTaskManager();
        Files.createFile(go);
        List<String> result = new ArrayList<>();
        told.forEachRemaining(result::add);
        assertThat(result).containsExactlyInAnyOrderElementsOf(TallyJob.expected());
      } finally {
        told.close();
      }
    }
  }
}
