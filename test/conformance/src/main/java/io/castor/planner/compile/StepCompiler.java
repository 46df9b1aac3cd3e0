package io.castor.planner.compile;

import io.castor.conformance.Step;
import io.castor.planner.PlanException;
import io.castor.planner.Position;
import io.castor.planner.connector.SpecRegistry;
import io.castor.planner.script.ScriptSplitter;
import io.castor.planner.script.Statement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.table.api.Table;

/**
 * {@link ScriptCompiler} for tests that do more than SQL says: between statements they touch the
 * table environment themselves. Stands in the compiler's package to take its steps one by one.
 * Errors are thrown, not reported. Calls are serialised: Flink's planner has static state.
 */
public final class StepCompiler {

  private static final Path HERE = Path.of("").toAbsolutePath();

  private final SpecRegistry registry;

  public StepCompiler(SpecRegistry registry) {
    this.registry = registry;
  }

  /** The bundle, without statements in it that are not SQL. */
  public synchronized ObjectNode compile(
      String name, Map<String, String> settings, List<Step> steps) {
    Request request = new Request("", name, settings, HERE, false);
    Session session = new Session(registry, request);
    StatementInterpreter interpreter = new StatementInterpreter(session);
    List<CompiledStatement> done = new ArrayList<>();
    for (Step step : steps) {
      apply(step, session, interpreter, done);
    }
    List<CompiledStatement> sinks = done.stream().filter(s -> s.sink() != null).toList();
    if (sinks.isEmpty()) {
      throw new PlanException("The test has nothing to run.", "");
    }
    Planned planned = JobPlanner.plan(session, sinks);
    return new BundleWriter(request, session, done, planned).write();
  }

  private static void apply(
      Step step, Session session, StatementInterpreter interpreter, List<CompiledStatement> done) {
    if (step instanceof Step.Setting setting) {
      session.set(setting.key(), setting.value());
    } else if (step instanceof Step.Define define) {
      define.action().accept(session.environment());
    } else if (step instanceof Step.Sql sql) {
      interpret(sql.text(), interpreter, done);
    } else if (step instanceof Step.SqlOf sql) {
      interpret(sql.text().apply(session.environment()), interpreter, done);
    } else if (step instanceof Step.Select select) {
      Table query = select.query().apply(session.environment());
      done.add(
          new CompiledStatement(
              new Statement("SELECT", new Position(1, 1), 1),
              "SELECT",
              null,
              CollectTable.sinkFor(query.getQueryOperation(), session.catalogs())));
    }
  }

  private static void interpret(
      String sql, StatementInterpreter interpreter, List<CompiledStatement> done) {
    for (Statement statement : ScriptSplitter.split(sql)) {
      done.add(interpreter.interpret(statement));
    }
  }
}
