package io.castor.conformance;

/**
 * One way in which a test was run.
 *
 * @param name row-for-row, folded, restore, ...
 * @param detail why it did not pass, or a remark; null: nothing to say
 */
record Run(String name, State state, String detail) {

  /** The remark of a run that gives what Flink gives on the same rows. */
  static final String AS_FLINK = "as Flink on the same rows, other than the test expects";

  /** The remark of a run whose changelog says the same in other steps. */
  static final String SAME_REMAINS = "the same remains; Flink leaves the steps between open";

  static Run skipped(String reason) {
    return new Run("-", State.SKIPPED, reason);
  }

  static Run passed(String name) {
    return new Run(name, State.PASSED, null);
  }
}
