package io.castor.flink.state;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;

/** Backends that tests are run with. */
final class Backends {
  private Backends() {}

  static GeminiStateBackend withCheckpoints(boolean incremental) {
    Configuration configuration = new Configuration();
    configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, incremental);
    return new GeminiStateBackend().configure(configuration, Backends.class.getClassLoader());
  }
}
