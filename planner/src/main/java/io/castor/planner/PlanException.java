package io.castor.planner;

import java.util.Objects;

/**
 * An error of the user's script. Carries what a report needs beyond the message: a remedy, and
 * either a position in the script or the table option that is wrong (whose position the compiler
 * then finds in the table's DDL).
 */
public final class PlanException extends RuntimeException {

  private final String hint;
  private Position position;
  private String tableIdentifier;
  private String optionKey;

  public PlanException(String message, String hint) {
    this(message, hint, null);
  }

  public PlanException(String message, String hint, Throwable cause) {
    super(Objects.requireNonNull(message), cause);
    this.hint = hint;
  }

  public PlanException at(Position position) {
    this.position = position;
    return this;
  }

  /** Names the table option that is wrong; a null key means the table as a whole. */
  public PlanException inTable(String tableIdentifier, String optionKey) {
    this.tableIdentifier = tableIdentifier;
    this.optionKey = optionKey;
    return this;
  }

  public String hint() {
    return hint;
  }

  public Position position() {
    return position;
  }

  public String tableIdentifier() {
    return tableIdentifier;
  }

  public String optionKey() {
    return optionKey;
  }
}
