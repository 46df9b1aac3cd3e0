package io.castor.conformance;

/** A test needs something that Castor has not; the message names it. */
final class Unsupported extends RuntimeException {

  Unsupported(String what) {
    super(what);
  }
}
