package io.castor.flink.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Flink as it is distributed, with one jar more in its library folder and one option more in its
 * configuration, and another to see that it counts.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class StockDistributionTest {
  @TempDir private Path folder;
  private Path job;
  private Path localFiles; // made by Gemini, and so the sign that it was there
  private String classPath;
  private Map<String, Object> option;

  @BeforeEach
  void pack() throws IOException {
    classPath = new Distribution(folder).classPath();
    job = Distribution.jarWith(TallyApplication.class, folder.resolve("job.jar"));
    localFiles = folder.resolve("state");
    option =
        Map.of(
            "state.backend.type",
            "gemini",
            "execution.checkpointing.incremental",
            "true",
            "state.backend.gemini.local.dir",
            localFiles,
            "execution.checkpointing.dir",
            folder.resolve("checkpoints").toUri());
  }

  @Test
  void aSessionRunsAJob() throws Exception {
    try (StandaloneCluster cluster =
        new StandaloneCluster(
            folder, 1, classPath, option, StandaloneSessionClusterEntrypoint.class.getName())) {
      StreamExecutionEnvironment environment =
          StreamExecutionEnvironment.createRemoteEnvironment(
              "localhost", cluster.restPort(), job.toString());
      environment.setParallelism(1);
      environment.enableCheckpointing(20);
      List<String> result = new ArrayList<>();
      CloseableIterator<String> told =
          TallyJob.in(environment, TallyJob.Pace.FULL).executeAndCollect();
      try {
        told.forEachRemaining(result::add);
      } finally {
        told.close();
      }
      assertThat(result).containsExactlyInAnyOrderElementsOf(TallyJob.expected());
      assertThat(localFiles).isDirectory();
    }
  }

  @Test
  void anApplicationRuns() throws Exception {
    Path result = folder.resolve("result");
    try (StandaloneCluster cluster =
        new StandaloneCluster(
            folder,
            1,
            classPath + ":" + job,
            option,
            "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint",
            "--job-classname",
            TallyApplication.class.getName(),
            result.toString())) {
      assertThat(cluster.endsWithin(4, TimeUnit.MINUTES)).isTrue();
    }
    assertThat(Files.readAllLines(result)).containsExactlyInAnyOrderElementsOf(TallyJob.expected());
    assertThat(localFiles).isDirectory();
  }
}
