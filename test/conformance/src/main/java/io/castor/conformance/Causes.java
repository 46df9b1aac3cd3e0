package io.castor.conformance;

import io.castor.planner.PlanException;

/** The part of an exception that tells something. */
final class Causes {

  /** Why a test is skipped whose query names a Java class instead of a function. */
  static final String INLINE_FUNCTION = "Java user functions, inline";

  private static final int LONGEST = 300;

  private Causes() {}

  static String message(Throwable thrown) {
    Throwable best = thrown;
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t.getMessage() != null) {
        best = t;
      }
    }
    String text = best.getMessage() == null ? "" : best.getMessage().strip();
    int paragraph = text.indexOf("\n\n");
    text = (paragraph > 0 ? text.substring(0, paragraph) : text).replace('\n', ' ');
    String cut = text.length() > LONGEST ? text.substring(0, LONGEST) + " ..." : text;
    return cut.isEmpty() ? best.getClass().getSimpleName() : cut;
  }

  /** A test that could not be planned. */
  static Run notPlanned(String run, Throwable thrown) {
    String message = message(thrown);
    if (message.contains("Only functions that have been registered before are serializable")) {
      return Run.skipped(INLINE_FUNCTION);
    }
    // Flink 2.3 cannot write a plan with such a type (FLINK-40255), or model.
    boolean noPlan =
        message.contains("Unsupported RelDataType")
            || message.contains("Anonymous models cannot be serialized");
    PlanException refusal = refusal(thrown);
    return new Run(
        run,
        refusal != null || noPlan ? State.UNSUPPORTED : State.FAILED,
        "planner: " + (refusal == null ? message : refusal.getMessage()));
  }

  private static PlanException refusal(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof PlanException refusal) {
        return refusal;
      }
    }
    return null;
  }

  /** Whether the exception or one of its causes is of a class and has a text in its message. */
  static boolean matches(Throwable thrown, Class<?> type, String text) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      boolean said = text == null || (t.getMessage() != null && t.getMessage().contains(text));
      if ((type == null || type.isInstance(t)) && said) {
        return true;
      }
    }
    return false;
  }
}
