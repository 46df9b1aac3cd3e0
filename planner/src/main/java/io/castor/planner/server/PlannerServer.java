package io.castor.planner.server;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Serves requests, one JSON line each, on a Unix-domain socket until it has been idle for a while
 * or is told to stop. A lock on {@code SOCKET.lock} (which holds the process id) lasts as long as
 * the process, so of two that start at once one serves and the other leaves, and a socket left
 * behind by a crash is replaced. One thread per connection; the handler serialises what must be.
 */
public final class PlannerServer {

  /** Another process serves this socket already. */
  public static final class AlreadyServing extends IOException {
    AlreadyServing(Path socket) {
      super("another planner serves " + socket);
    }
  }

  private final Path socket;
  private final Duration idle;
  private final RequestHandler handler;
  private final AtomicLong lastActive = new AtomicLong(System.nanoTime());
  private final AtomicInteger busy = new AtomicInteger();
  private volatile boolean stopping;

  public PlannerServer(Path socket, Duration idle, RequestHandler handler) {
    this.socket = socket;
    this.idle = idle;
    this.handler = handler;
  }

  /** Returns when the server has stopped; the socket is gone then. */
  public void serve() throws IOException {
    Path lockFile = Path.of(socket + ".lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        throw new AlreadyServing(socket);
      }
      writeProcessId(channel);
      Files.deleteIfExists(socket);
      try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        server.bind(UnixDomainSocketAddress.of(socket));
        startDaemonThread("idle-watch", () -> closeWhenIdle(server));
        startDaemonThread("warm-up", this::warmUp);
        acceptAll(server);
      } finally {
        Files.deleteIfExists(socket);
      }
    }
  }

  private static void writeProcessId(FileChannel channel) throws IOException {
    channel.truncate(0);
    String id = ProcessHandle.current().pid() + "\n";
    channel.write(ByteBuffer.wrap(id.getBytes(StandardCharsets.US_ASCII)));
  }

  private void warmUp() {
    busy.incrementAndGet();
    try {
      handler.warmUp();
    } finally {
      done();
    }
  }

  private void acceptAll(ServerSocketChannel server) throws IOException {
    while (!stopping) {
      try {
        SocketChannel connection = server.accept();
        startDaemonThread("connection", () -> talk(connection, server));
      } catch (java.nio.channels.ClosedChannelException e) {
        return;
      }
    }
  }

  private void talk(SocketChannel connection, ServerSocketChannel server) {
    try (connection;
        BufferedReader in =
            new BufferedReader(Channels.newReader(connection, StandardCharsets.UTF_8));
        BufferedWriter out =
            new BufferedWriter(Channels.newWriter(connection, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        busy.incrementAndGet();
        RequestHandler.Answer answer;
        try {
          answer = handler.handle(line);
          out.write(answer.line());
          out.write('\n');
          out.flush();
        } finally {
          done();
        }
        if (answer.stop()) {
          stopping = true;
          server.close();
          return;
        }
      }
    } catch (IOException e) {
      // The other side left; its request is of no use to anyone else.
    }
  }

  private void done() {
    lastActive.set(System.nanoTime());
    busy.decrementAndGet();
  }

  private void closeWhenIdle(ServerSocketChannel server) {
    try {
      while (busy.get() > 0 || System.nanoTime() - lastActive.get() < idle.toNanos()) {
        Thread.sleep(Math.max(50, Math.min(1000, idle.toMillis() / 10)));
      }
      stopping = true;
      server.close();
    } catch (InterruptedException | IOException e) {
      stopping = true;
    }
  }

  private static void startDaemonThread(String name, Runnable body) {
    // Optimisation of deep plans recurses; the default stack is small for that.
    Thread thread = new Thread(null, body, name, 16L << 20);
    thread.setDaemon(true);
    thread.start();
  }
}
