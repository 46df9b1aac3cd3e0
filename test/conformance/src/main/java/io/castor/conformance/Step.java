package io.castor.conformance;

import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableEnvironment;

/**
 * One thing a test does to a table environment. The same list of steps makes a job bundle and runs
 * on Flink.
 */
public sealed interface Step {

  /** An option of the session, as text. */
  record Setting(String key, String value) implements Step {}

  /** A definition, or an INSERT of the job. */
  record Sql(String text) implements Step {}

  /** A definition that SQL cannot express. */
  record Define(Consumer<TableEnvironment> action) implements Step {}

  /** An INSERT or SELECT whose text needs the environment to be written. */
  record SqlOf(Function<TableEnvironment, String> text) implements Step {}

  /** A query of the Table API; its rows are the job's SELECT. */
  record Select(Function<TableEnvironment, Table> query) implements Step {}
}
