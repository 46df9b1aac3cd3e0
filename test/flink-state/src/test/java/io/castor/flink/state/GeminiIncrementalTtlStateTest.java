package io.castor.flink.state;

import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.ttl.StateBackendTestContext;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;

/** The same with checkpoints of Gemini's own files. */
public class GeminiIncrementalTtlStateTest extends GeminiTtlStateTest {
  @Override
  protected StateBackendTestContext createStateBackendTestContext(TtlTimeProvider time) {
    return new StateBackendTestContext(time) {
      @Override
      protected StateBackend createStateBackend() {
        return Backends.withCheckpoints(true);
      }
    };
  }

  /** Only a full snapshot leaves out what has expired. */
  @Override
  public boolean isSavepoint() {
    return false;
  }
}
