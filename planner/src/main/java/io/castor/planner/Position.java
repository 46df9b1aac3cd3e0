package io.castor.planner;

/** A place in the whole script: line and column, both from 1; columns count UTF-16 units. */
public record Position(int line, int column) {

  /** Turns a place inside a text that itself starts at this position into a place of the script. */
  public Position plus(int innerLine, int innerColumn) {
    return innerLine <= 1
        ? new Position(line, column + Math.max(innerColumn, 1) - 1)
        : new Position(line + innerLine - 1, innerColumn);
  }
}
