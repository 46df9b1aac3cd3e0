package io.castor.flink.state;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.asyncprocessing.AsyncRequestContainer;
import org.apache.flink.runtime.asyncprocessing.StateExecutor;
import org.apache.flink.runtime.asyncprocessing.StateRequest;
import org.apache.flink.util.concurrent.ExecutorThreadFactory;

/**
 * Runs batches of requests one after the other in a thread of its own, while the task goes on. A
 * request that must be answered at once is run in the task's thread.
 *
 * <p>Methods are of the task's thread.
 */
final class GeminiStateExecutor<K> implements StateExecutor {
  private static final int MOST_WAITING = 4;

  /** Requests in their order. */
  private static final class Batch implements AsyncRequestContainer<StateRequest<?, ?, ?, ?>> {
    private final List<StateRequest<?, ?, ?, ?>> requests = new ArrayList<>();

    @Override
    public void offer(StateRequest<?, ?, ?, ?> request) {
      requests.add(request);
    }

    @Override
    public boolean isEmpty() {
      return requests.isEmpty();
    }
  }

  private final StateBatch<K> inTask;
  private final StateBatch<K> inThread;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(new ExecutorThreadFactory("gemini-state-executor"));
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile Throwable failure;
  private boolean shutDown;

  GeminiStateExecutor(NativeStore store, TypeSerializer<K> keySerializer) {
    inTask = new StateBatch<>(store, keySerializer);
    inThread = new StateBatch<>(store, keySerializer);
  }

  @Override
  public CompletableFuture<Void> executeBatchRequests(
      AsyncRequestContainer<StateRequest<?, ?, ?, ?>> container) {
    checkWorks();
    List<StateRequest<?, ?, ?, ?>> requests = ((Batch) container).requests;
    CompletableFuture<Void> done = new CompletableFuture<>();
    waiting.incrementAndGet();
    thread.execute(() -> run(requests, done));
    return done;
  }

  private void run(List<StateRequest<?, ?, ?, ?>> requests, CompletableFuture<Void> done) {
    try {
      checkWorks();
      inThread.run(requests);
      done.complete(null);
    } catch (Throwable thrown) {
      failure = thrown;
      fail(requests, thrown);
      done.completeExceptionally(thrown);
    } finally {
      waiting.decrementAndGet();
    }
  }

  /** Nothing is thrown: a task that is being cancelled takes no results any more. */
  private static void fail(List<StateRequest<?, ?, ?, ?>> requests, Throwable thrown) {
    for (StateRequest<?, ?, ?, ?> request : requests) {
      try {
        if (!request.getFuture().isDone()) {
          request.getFuture().completeExceptionally("state in Gemini cannot be accessed", thrown);
        }
      } catch (Throwable second) {
        thrown.addSuppressed(second);
      }
    }
  }

  @Override
  public AsyncRequestContainer<StateRequest<?, ?, ?, ?>> createRequestContainer() {
    checkWorks();
    return new Batch();
  }

  @Override
  public void executeRequestSync(StateRequest<?, ?, ?, ?> request) {
    checkWorks();
    try {
      inTask.run(List.of(request));
    } catch (Exception thrown) {
      failure = thrown;
      throw thrown instanceof GeminiException
          ? (GeminiException) thrown
          : new GeminiException("state in Gemini cannot be accessed", thrown);
    }
  }

  private void checkWorks() {
    if (failure != null) {
      throw new GeminiException("an access to state has failed before", failure);
    }
  }

  @Override
  public boolean fullyLoaded() {
    return waiting.get() >= MOST_WAITING;
  }

  /** Ends when what has been asked for has been done. */
  @Override
  public void shutdown() {
    if (shutDown) {
      return;
    }
    shutDown = true;
    thread.shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        if (thread.awaitTermination(1, TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    inTask.close();
    inThread.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
