package io.castor.conformance;

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

  /** The error a program ends with; null: it ends well. */
  static Expected failure(TableTestProgram program) {
    for (TestStep step : program.runSteps) {
      if (step instanceof FailingSqlTestStep sql) {
        return new Expected(sql.expectedException, sql.expectedErrorMessage, false);
      }
      if (step instanceof FailingTableApiTestStep api) {
        return new Expected(api.expectedException, api.expectedErrorMessage, false);
      }
    }
    return null;
  }
}
