package io.castor.conformance;

import io.castor.planner.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/**
 * Jobs one after the other, each from the savepoint the last one was stopped with, if there was
 * one. The worker is spoken to as {@code spec/worker-control.md} says.
 */
final class StoppedRun {

  /** More than the longest window of processing time in a test, which are ten seconds. */
  private static final long PATIENCE_MS = 15_000;

  private static final long POLL_MS = 5;

  /** All windows of processing time in the tests begin with one of ten seconds. */
  private static final long LONGEST_WINDOW_MS = 10_000;

  /** For a job to start and give its rows. */
  private static final long WINDOW_BEGINS_MS = 500;

  private final Engine engine;
  private final Path folder;
  private String savepoint;

  StoppedRun(Engine engine, Path folder) {
    this.engine = engine;
    this.folder = folder;
  }

  /**
   * Waits until windows of processing time have just begun: how many fire for rows that come
   * together hangs on where in a window they come.
   */
  static void awaitBeginOfWindows() {
    while (System.currentTimeMillis() % LONGEST_WINDOW_MS > WINDOW_BEGINS_MS) {
      pause();
    }
  }

  /**
   * Starts a job, waits until its tables have given all their rows, and stops it.
   *
   * @param enough what to wait for besides: then the job shows its rows as they come, by
   *     checkpoints; null: nothing
   */
  Run stop(JsonNode bundle, long rows, BooleanSupplier enough) throws IOException {
    Path socket = folder.resolve("control");
    List<String> arguments = new ArrayList<>(List.of("--control", socket.toString()));
    if (enough != null) {
      arguments.addAll(List.of("--checkpoint-interval", "50 ms", "--checkpoint-dir"));
      arguments.add(folder.resolve("checkpoints").toString());
    }
    Process process = start(bundle, arguments.toArray(String[]::new));
    try {
      return stop(process, socket, rows, enough);
    } finally {
      process.destroyForcibly();
    }
  }

  private Run stop(Process process, Path socket, long rows, BooleanSupplier enough)
      throws IOException {
    SocketChannel channel = connect(process, socket);
    if (channel == null) {
      return engine.end(process, folder).run();
    }
    try (channel;
        BufferedReader answers =
            new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
      if (!awaitRows(channel, answers, rows)) {
        Engine.End ended = engine.end(process, folder);
        return ended.exit() == 0
            ? new Run("", State.FAILED, "the job ended before it was stopped")
            : ended.run();
      }
      await(enough);
      JsonNode answer =
          ask(
              channel,
              answers,
              Json.object().put("op", "stop").put("directory", folder.toString()));
      if (answer == null || !answer.path("ok").asBoolean()) {
        String message = answer == null ? "" : answer.at("/error/message").asText();
        Run ended = answer == null ? engine.end(process, folder).run() : null;
        return ended != null && ended.state() != State.PASSED
            ? ended
            : new Run("", State.FAILED, "no savepoint: " + message);
      }
      savepoint = answer.get("path").asText();
    }
    return engine.end(process, folder).run();
  }

  /** Runs a job that ends by itself. */
  Run finish(JsonNode bundle) throws IOException {
    return engine.end(start(bundle), folder).run();
  }

  private Process start(JsonNode bundle, String... arguments) throws IOException {
    if (savepoint == null) {
      return engine.start(bundle, folder, arguments);
    }
    String[] all = new String[arguments.length + 2];
    all[0] = "--from";
    all[1] = savepoint;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return engine.start(bundle, folder, all);
  }

  /** Null: the worker ended before it could be spoken to. */
  private static SocketChannel connect(Process process, Path socket) throws IOException {
    long deadline = System.currentTimeMillis() + PATIENCE_MS;
    while (process.isAlive() && System.currentTimeMillis() < deadline) {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.connect(UnixDomainSocketAddress.of(socket));
        return channel;
      } catch (IOException e) {
        channel.close();
        pause();
      }
    }
    return null;
  }

  /** Waits for the rows; a table with a limit never gives all of them, so not for ever. */
  private static boolean awaitRows(SocketChannel channel, BufferedReader answers, long rows) {
    long deadline = System.currentTimeMillis() + PATIENCE_MS;
    long seen = -1;
    while (System.currentTimeMillis() < deadline) {
      JsonNode answer = ask(channel, answers, Json.object().put("op", "status"));
      if (answer == null || !answer.path("ok").asBoolean()) {
        return false;
      }
      seen = answer.at("/status/recordsIn").asLong();
      if (seen >= rows && answer.at("/status/state").asText().equals("RUNNING")) {
        return true;
      }
      pause();
    }
    return seen >= 0;
  }

  private static void await(BooleanSupplier enough) {
    long deadline = System.currentTimeMillis() + PATIENCE_MS;
    while (enough != null && !enough.getAsBoolean() && System.currentTimeMillis() < deadline) {
      pause();
    }
  }

  private static JsonNode ask(SocketChannel channel, BufferedReader answers, JsonNode request) {
    try {
      channel.write(ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8)));
      String line = answers.readLine();
      return line == null ? null : Json.parse(line);
    } catch (IOException e) {
      return null; // the worker died
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
