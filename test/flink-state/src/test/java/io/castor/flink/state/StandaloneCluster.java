package io.castor.flink.state;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;

/**
 * A Flink cluster of processes on this machine: a job manager, and task managers of one slot.
 * Everything lies in one folder; each process writes a log there.
 */
final class StandaloneCluster implements AutoCloseable {
  private final Path folder;
  private final int restPort;
  private final String classPath;
  private final Process jobManager;
  private final Deque<Process> taskManagers = new ArrayDeque<>();
  private int started;

  /** A session, with the class path of the tests. */
  StandaloneCluster(Path folder, int taskManagers) throws IOException {
    this(
        folder,
        taskManagers,
        ownClassPath(),
        Map.of(),
        StandaloneSessionClusterEntrypoint.class.getName());
  }

  /** {@code jobManager}: the program and its arguments. {@code more}: of the configuration. */
  StandaloneCluster(
      Path folder,
      int taskManagers,
      String classPath,
      Map<String, Object> more,
      String jobManager,
      String... arguments)
      throws IOException {
    this.folder = folder;
    this.classPath = classPath;
    restPort = freePort();
    Map<String, Object> configuration =
        Map.ofEntries(
            Map.entry("jobmanager.rpc.address", "localhost"),
            Map.entry("jobmanager.rpc.port", freePort()),
            Map.entry("rest.address", "localhost"),
            Map.entry("rest.port", restPort),
            Map.entry("taskmanager.host", "localhost"),
            Map.entry("taskmanager.numberOfTaskSlots", 1),
            Map.entry("taskmanager.cpu.cores", 1),
            // Flink's scripts would work out all of these.
            Map.entry("taskmanager.memory.framework.heap.size", "64 mb"),
            Map.entry("taskmanager.memory.framework.off-heap.size", "64 mb"),
            Map.entry("taskmanager.memory.jvm-metaspace.size", "128 mb"),
            Map.entry("taskmanager.memory.jvm-overhead.min", "64 mb"),
            Map.entry("taskmanager.memory.jvm-overhead.max", "64 mb"),
            Map.entry("taskmanager.memory.task.heap.size", "128 mb"),
            Map.entry("taskmanager.memory.task.off-heap.size", "0 b"),
            Map.entry("taskmanager.memory.network.min", "16 mb"),
            Map.entry("taskmanager.memory.network.max", "16 mb"),
            Map.entry("taskmanager.memory.managed.size", "64 mb"),
            Map.entry("heartbeat.interval", "500 ms"),
            Map.entry("heartbeat.timeout", "10 s"),
            Map.entry("io.tmp.dirs", Files.createDirectories(folder.resolve("tmp"))));
    Map<String, Object> all = new TreeMap<>(configuration);
    all.putAll(more);
    List<String> lines = new ArrayList<>();
    all.forEach((key, value) -> lines.add(key + ": " + value));
    Files.write(folder.resolve("config.yaml"), lines);
    this.jobManager = start(jobManager, arguments);
    for (int i = 0; i < taskManagers; ++i) {
      startTaskManager();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  static String ownClassPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** Whether the job manager has ended by itself, and well, in this time. */
  boolean endsWithin(long time, TimeUnit unit) throws InterruptedException {
    return jobManager.waitFor(time, unit) && jobManager.exitValue() == 0;
  }

  int restPort() {
    return restPort;
  }

  void startTaskManager() throws IOException {
    taskManagers.addLast(start(TaskManagerRunner.class.getName()));
  }

  /** The oldest that runs, with SIGKILL. */
  void killTaskManager() {
    kill(taskManagers.removeFirst());
  }

  private static void kill(Process process) {
    process.destroyForcibly().onExit().join();
  }

  private Process start(String program, String... arguments) throws IOException {
    List<String> command = Distribution.java("256m", classPath);
    command.addAll(List.of(program, "--configDir", folder.toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(new File(folder.toFile(), "process-" + started++ + ".log"))
        .start();
  }

  @Override
  public void close() {
    taskManagers.forEach(StandaloneCluster::kill);
    kill(jobManager);
  }
}
