package io.castor.planner.compile;

import io.castor.planner.script.Statement;
import java.util.function.Supplier;

/** Remembers for an error the statement it came from. */
final class Located extends RuntimeException {

  private final Statement statement;

  private Located(Statement statement, Throwable cause) {
    super(cause);
    this.statement = statement;
  }

  Statement statement() {
    return statement;
  }

  static <T> T run(Statement statement, Supplier<T> step) {
    try {
      return step.get();
    } catch (Located e) {
      throw e;
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      throw new Located(statement, e);
    }
  }
}
