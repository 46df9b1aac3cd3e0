package io.castor.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/** Starts workers on job bundles. Thread-safe. */
final class Engine {

  private static final int UNSUPPORTED = 3;
  private static final long TIMEOUT_SECONDS = 60;

  /** What the worker calls a function that has no name but its class. */
  private static final Pattern NAMELESS_FUNCTION =
      Pattern.compile("function  \\([\\w.$]+\\) is not");

  private final Path worker;
  private final List<String> settings;

  /**
   * @param settings options of every job, {@code key=value} each
   */
  Engine(Path worker, List<String> settings) {
    this.worker = worker;
    this.settings = List.copyOf(settings);
  }

  /**
   * How a worker ended.
   *
   * @param printed lines of its standard output
   */
  record End(int exit, String error, List<String> printed) {

    /** Passed if the job finished; what it wrote is another question. */
    Run run() {
      if (exit == 0) {
        return Run.passed("");
      }
      if (exit == UNSUPPORTED && NAMELESS_FUNCTION.matcher(error).find()) {
        return Run.skipped(Causes.INLINE_FUNCTION);
      }
      return new Run("", exit == UNSUPPORTED ? State.UNSUPPORTED : State.FAILED, error);
    }
  }

  /** Runs a job that ends by itself. */
  End run(JsonNode bundle, Path folder, String... arguments) {
    try {
      Process process = start(bundle, folder, arguments);
      return end(process, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Process start(JsonNode bundle, Path folder, String... arguments) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve("job.json");
    Files.write(file, bundle.toString().getBytes(StandardCharsets.UTF_8));
    List<String> command = new ArrayList<>(List.of(worker.toString(), "--bundle", file.toString()));
    command.addAll(List.of("-p", "1", "--threads", "1", "--output", "changelog"));
    // Inputs of a join take turns row by row, as Flink's do.
    command.addAll(List.of("--set", "castor.batch-rows=1"));
    settings.forEach(setting -> command.addAll(List.of("--set", setting)));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectOutput(folder.resolve("stdout").toFile())
        .redirectError(folder.resolve("stderr").toFile())
        .start();
  }

  End end(Process process, Path folder) throws IOException {
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        return new End(-1, "the job did not end within " + TIMEOUT_SECONDS + " s", List.of());
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IllegalStateException(e);
    }
    String error = Files.readString(folder.resolve("stderr")).strip();
    if (process.exitValue() > 130) {
      error = "the worker died of signal " + (process.exitValue() - 128) + "; " + error;
    }
    List<String> printed = Files.readAllLines(folder.resolve("stdout"), StandardCharsets.UTF_8);
    return new End(process.exitValue(), error.replaceFirst("^error: ", ""), printed);
  }

  /** The rows in a folder of a {@code values} sink, in the order in which they became visible. */
  static List<String> rowsOf(Path sink) {
    if (!Files.isDirectory(sink)) {
      return List.of();
    }
    List<String> rows = new ArrayList<>();
    try (Stream<Path> files = Files.list(sink)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".rows")).sorted().toList()) {
        rows.addAll(Files.readAllLines(file, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }
}
