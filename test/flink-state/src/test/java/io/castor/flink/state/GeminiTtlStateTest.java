package io.castor.flink.state;

import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.ttl.StateBackendTestContext;
import org.apache.flink.runtime.state.ttl.TtlStateTestBase;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;

/** Flink's own tests of state that expires. */
public class GeminiTtlStateTest extends TtlStateTestBase {
  @Override
  protected StateBackendTestContext createStateBackendTestContext(TtlTimeProvider time) {
    return new StateBackendTestContext(time) {
      @Override
      protected StateBackend createStateBackend() {
        return Backends.withCheckpoints(false);
      }
    };
  }

  /** Nothing is cleaned up but what is accessed or snapshot. */
  @Override
  protected boolean incrementalCleanupSupported() {
    return false;
  }
}
