package io.castor.conformance;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.table.test.program.FailingSqlTestStep;
import org.apache.flink.table.test.program.FailingTableApiTestStep;
import org.apache.flink.table.test.program.TableTestProgram;
import org.apache.flink.table.test.program.TestStep;

/**
 * An error a test expects.
 *
 * @param planning whether it is known to be one of planning; otherwise the job may break as well
 */
record Expected(Class<?> type, String message, boolean planning) {

  /** The steps of a program that must fail, with their errors; none: it ends well. */
  static Map<TestStep, Expected> failures(TableTestProgram program) {
    Map<TestStep, Expected> failures = new LinkedHashMap<>();
    for (TestStep step : program.runSteps) {
      if (step instanceof FailingSqlTestStep sql) {
        failures.put(step, new Expected(sql.expectedException, sql.expectedErrorMessage, false));
      } else if (step instanceof FailingTableApiTestStep api) {
        failures.put(step, new Expected(api.expectedException, api.expectedErrorMessage, false));
      }
    }
    return failures;
  }
}
