package io.castor.conformance;

import java.util.Locale;

/** What became of a test; of two states the later one counts more. */
enum State {
  /** Not run: it needs a function written in Java. */
  SKIPPED,
  PASSED,
  /** Castor refuses it by name. */
  UNSUPPORTED,
  /** The result differs, or the job broke. */
  FAILED;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
