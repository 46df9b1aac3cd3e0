package io.castor.conformance;

import java.util.Comparator;
import java.util.List;

/**
 * What became of one test.
 *
 * @param id lasting name: test class and program, or test class and positions
 * @param group plan node or function family
 * @param subject the function, or the program
 * @param title what a reader recognises it by
 */
record Result(
    String id, Section section, String group, String subject, String title, List<Run> runs) {

  State state() {
    return worst().state();
  }

  /** Reason or first difference; null if there is none. */
  String detail() {
    return worst().detail();
  }

  private Run worst() {
    return runs.stream().max(Comparator.comparing(Run::state)).orElseThrow();
  }
}
