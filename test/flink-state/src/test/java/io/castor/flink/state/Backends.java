package io.castor.flink.state;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;

/** Backends that tests are run with. */
final class Backends {
  private Backends() {}

  static GeminiStateBackend withCheckpoints(boolean incremental) {
    return with(incremental, GeminiOptions.TIMER_SERVICE.defaultValue());
  }

  static GeminiStateBackend with(boolean incremental, GeminiOptions.TimerService timers) {
    Configuration configuration = new Configuration();
    configuration.set(GeminiOptions.TIMER_SERVICE, timers);
    configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, incremental);
    return new GeminiStateBackend().configure(configuration, Backends.class.getClassLoader());
  }
}
