package io.castor.conformance;

/** Judges jobs that must break. */
final class ErrorTest {

  private static final int JOB_FAILED = 1;

  private ErrorTest() {}

  /**
   * That the job breaks on its data is Flink's behaviour; how the message is worded is not part of
   * it.
   */
  static Run judge(Engine.End ended, Expected expected) {
    if (ended.exit() == JOB_FAILED) {
      return Run.passed("");
    }
    return ended.exit() == 0
        ? new Run("", State.FAILED, "expected an error: " + expected.message())
        : ended.run();
  }
}
