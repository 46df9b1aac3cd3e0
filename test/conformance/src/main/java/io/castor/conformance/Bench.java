package io.castor.conformance;

import io.castor.planner.compile.StepCompiler;
import java.util.Map;

/**
 * What tests are run with. Thread-safe.
 *
 * @param flink null: Flink is not asked
 */
record Bench(StepCompiler planner, Engine engine, FlinkOracle flink) {

  /** Options under which everything is compared: one zone, one subtask. */
  static final Map<String, String> SETTINGS =
      Map.of("table.local-time-zone", "UTC", "parallelism.default", "1");

  /** Options under which updates are folded, as Flink folds them. */
  static final Map<String, String> FOLDING =
      Map.of(
          "table.exec.mini-batch.enabled", "true",
          "table.exec.mini-batch.allow-latency", "10 s",
          "table.exec.mini-batch.size", "1000");
}
