package io.castor.flink.state;

import java.io.IOException;
import javax.annotation.Nullable;
import org.apache.flink.runtime.asyncprocessing.StateRequest;

/**
 * How a state of the asynchronous API puts requests into a batch and reads the answers. Of whatever
 * thread runs the batch; serializers are the thread's own.
 *
 * @param <K> the key
 */
interface AsyncAccess<K> {
  /**
   * {@code key}: of the request, without its namespace. The number of the first of what was added.
   */
  int add(StateRequest<K, ?, ?, ?> request, CompositeKey<K> key, NativeBatch batch)
      throws IOException;

  /** What the request has asked for. */
  @Nullable
  Object result(StateRequest<K, ?, ?, ?> request, int first, NativeBatch batch) throws IOException;
}
