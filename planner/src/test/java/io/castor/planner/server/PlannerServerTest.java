package io.castor.planner.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.castor.planner.Compiling;
import io.castor.planner.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PlannerServerTest {

  @TempDir Path folder;

  private Thread start(Duration idle) throws Exception {
    PlannerServer server =
        new PlannerServer(socket(), idle, new RequestHandler(Compiling.COMPILER));
    Thread thread =
        new Thread(
            () -> {
              try {
                server.serve();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    thread.start();
    awaitListening(thread);
    return thread;
  }

  /** The file is there a moment before connections are taken, and may be gone again. */
  private void awaitListening(Thread server) throws InterruptedException {
    while (server.isAlive()) {
      try {
        connect().close();
        return;
      } catch (IOException e) {
        Thread.sleep(5);
      }
    }
  }

  private Path socket() {
    return folder.resolve("s");
  }

  private SocketChannel connect() throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(socket()));
  }

  private static JsonNode ask(SocketChannel channel, String request) throws IOException {
    channel.write(ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8)));
    BufferedReader in = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    return Json.parse(in.readLine());
  }

  @Test
  void answersAndStops() throws Exception {
    Thread server = start(Duration.ofMinutes(1));
    try (SocketChannel channel = connect()) {
      assertTrue(ask(channel, "{\"op\":\"ping\"}").get("ok").asBoolean());
      String script = Json.print(Json.object().put("op", "explain").put("script", "SELECT 1"));
      JsonNode bundle = ask(channel, script);
      assertEquals(1, bundle.get("castorBundle").asInt());
      assertTrue(bundle.at("/explain/optimized").asText().contains("Values"));
      assertTrue(ask(channel, "{\"op\":\"dance\"}").has("error"));
      assertTrue(ask(channel, "nonsense").has("error"));
      assertTrue(ask(channel, "{\"op\":\"shutdown\"}").get("ok").asBoolean());
    }
    server.join();
    assertFalse(Files.exists(socket()));
  }

  @Test
  void leavesWhenIdle() throws Exception {
    start(Duration.ofMillis(100)).join();
    assertFalse(Files.exists(socket()));
  }

  @Test
  void onlyOneServes() throws Exception {
    Thread server = start(Duration.ofMinutes(1));
    PlannerServer second =
        new PlannerServer(socket(), Duration.ofMinutes(1), new RequestHandler(Compiling.COMPILER));
    // Within one process Java reports the lock's owner itself; between two tryLock gives null.
    assertThrows(OverlappingFileLockException.class, second::serve);
    try (SocketChannel channel = connect()) {
      ask(channel, "{\"op\":\"shutdown\"}");
    }
    server.join();
  }

  @Test
  void replacesASocketLeftBehind() throws Exception {
    Files.createFile(socket());
    PlannerServer server =
        new PlannerServer(socket(), Duration.ofMillis(50), new RequestHandler(Compiling.COMPILER));
    server.serve();
    assertFalse(Files.exists(socket()));
  }
}
