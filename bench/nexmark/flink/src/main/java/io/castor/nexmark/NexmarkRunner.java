package io.castor.nexmark;

import io.castor.nexmark.source.Milestones;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/**
 * Runs a script of CREATE statements and one INSERT on a Flink mini cluster in this JVM and prints
 * one line of JSON. The settings are those of the Nexmark guide, with objects reused; see {@link
 * #configuration}. Start-up and compilation are in the figures: the caller removes them by the
 * slope between two event counts, of two runs or, with {@code --marks}, of one. (A second job in
 * the same JVM runs at half the speed of the first: its generated classes make call sites
 * megamorphic that were compiled for those of the first.)
 *
 * <p>Flags: {@code --script FILE} and, with defaults, {@code --cores 1 --backend heap|rocksdb
 * --checkpoint-interval 10s --managed-memory 2g --work-dir DIR --set key=value,...}; with {@code
 * --plan FILE} the compiled plan of the INSERT is written there and nothing runs; with {@code
 * --marks N,M} the line says when the generator had come to events N and M.
 */
public final class NexmarkRunner {
  private static final Set<String> FLAGS =
      Set.of(
          "script",
          "plan",
          "cores",
          "backend",
          "checkpoint-interval",
          "managed-memory",
          "marks",
          "work-dir",
          "set");

  private final Map<String, String> flags;
  private final Path workDir;

  private NexmarkRunner(Map<String, String> flags) throws IOException {
    this.flags = flags;
    this.workDir =
        flags.containsKey("work-dir")
            ? Files.createDirectories(Path.of(flags.get("work-dir")))
            : Files.createTempDirectory("nexmark-");
  }

  public static void main(String[] args) throws Exception {
    Map<String, String> flags = new TreeMap<>();
    for (int i = 0; i < args.length; i += 2) {
      if (!args[i].startsWith("--") || !FLAGS.contains(args[i].substring(2))) {
        throw new IllegalArgumentException("unknown flag " + args[i] + "; known: " + FLAGS);
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException("flag " + args[i] + " has no value");
      }
      flags.put(args[i].substring(2), args[i + 1]);
    }
    System.out.println(new NexmarkRunner(flags).run());
    System.exit(0);
  }

  private String run() throws IOException, ExecutionException, InterruptedException {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(configuration());
    StreamTableEnvironment tables = StreamTableEnvironment.create(environment);
    long wallStart = System.nanoTime();
    long cpuStart = cpuNanos();
    List<String> marks = Collections.synchronizedList(new ArrayList<>());
    Milestones.set(
        marksWanted(),
        event ->
            marks.add(
                String.format(
                    "{\"events\":%d,\"wall_s\":%.3f,\"cpu_s\":%.3f}",
                    event, (System.nanoTime() - wallStart) / 1e9, (cpuNanos() - cpuStart) / 1e9)));
    for (String statement : SqlScripts.statements(Path.of(flag("script", null)))) {
      if (flags.containsKey("plan") && statement.startsWith("INSERT")) {
        String plan = tables.compilePlanSql(statement).asJsonString();
        Files.writeString(Path.of(flags.get("plan")), plan);
        continue;
      }
      TableResult result = tables.executeSql(statement);
      if (result.getJobClient().isPresent()) {
        result.await();
      }
    }
    return String.format(
        "{\"engine\":\"flink\",\"backend\":\"%s\",\"cores\":%s,"
            + "\"wall_s\":%.3f,\"cpu_s\":%.3f,\"peak_rss_mb\":%d,\"marks\":%s}",
        flag("backend", "heap"),
        flag("cores", "1"),
        (System.nanoTime() - wallStart) / 1e9,
        (cpuNanos() - cpuStart) / 1e9,
        peakRssMegabytes(),
        marks);
  }

  private List<Long> marksWanted() {
    return Arrays.stream(flag("marks", "").split(","))
        .filter(mark -> !mark.isEmpty())
        .map(Long::valueOf)
        .toList();
  }

  /** The Nexmark guide's settings, on one task manager with a slot per core. */
  private Configuration configuration() {
    Configuration c = new Configuration();
    c.setString("parallelism.default", flag("cores", "1"));
    c.setString("taskmanager.numberOfTaskSlots", flag("cores", "1"));
    c.setString("taskmanager.memory.managed.size", flag("managed-memory", "2g"));
    c.setString("taskmanager.memory.network.min", "128m");
    c.setString("taskmanager.memory.network.max", "128m");
    c.setString("rest.port", "0");
    c.setString("table.exec.mini-batch.enabled", "true");
    c.setString("table.exec.mini-batch.allow-latency", "2s");
    c.setString("table.exec.mini-batch.size", "50000");
    c.setString("table.optimizer.distinct-agg.split.enabled", "true");
    c.setString("state.backend.type", flag("backend", "heap").replace("heap", "hashmap"));
    c.setString("execution.checkpointing.incremental", "true");
    c.setString("state.backend.rocksdb.localdir", workDir.resolve("rocksdb").toString());
    c.setString("execution.checkpointing.dir", workDir.resolve("checkpoints").toUri().toString());
    c.setString("execution.checkpointing.interval", flag("checkpoint-interval", "10s"));
    c.setString("execution.checkpointing.mode", "EXACTLY_ONCE");
    c.setString("execution.checkpointing.checkpoints-after-tasks-finish.enabled", "false");
    c.setString("table.local-time-zone", "UTC");
    c.setString("pipeline.object-reuse", "true");
    for (String setting : flag("set", "").split(",")) {
      if (!setting.isEmpty()) {
        c.setString(setting.split("=", 2)[0], setting.split("=", 2)[1]);
      }
    }
    return c;
  }

  private String flag(String name, String byDefault) {
    String value = flags.getOrDefault(name, byDefault);
    if (value == null) {
      throw new IllegalArgumentException("missing flag --" + name);
    }
    return value;
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long peakRssMegabytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    throw new IOException("/proc/self/status has no VmHWM");
  }
}
