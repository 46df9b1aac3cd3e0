package io.castor.oracle.rowtext;

/** Text that is not row text of the expected type; the message names line and column name. */
public final class RowTextException extends RuntimeException {

  public RowTextException(String message) {
    super(message);
  }
}
