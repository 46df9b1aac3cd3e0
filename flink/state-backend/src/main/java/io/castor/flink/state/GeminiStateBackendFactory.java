package io.castor.flink.state;

import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.runtime.state.StateBackendFactory;

/** What {@code state.backend.type} names. */
public class GeminiStateBackendFactory implements StateBackendFactory<GeminiStateBackend> {
  @Override
  public GeminiStateBackend createFromConfig(ReadableConfig config, ClassLoader classLoader) {
    return new GeminiStateBackend().configure(config, classLoader);
  }
}
