package io.castor.planner.compile;

import io.castor.planner.PlanException;
import io.castor.planner.connector.SpecRegistry;
import io.castor.planner.script.ScriptSplitter;
import io.castor.planner.script.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Turns a script into a job bundle, or into an error document; both are specified in {@code
 * spec/job-bundle.md}. Calls are serialised: Flink's planner has static state.
 */
public final class ScriptCompiler {

  private final SpecRegistry registry;

  public ScriptCompiler(SpecRegistry registry) {
    this.registry = registry;
  }

  public synchronized ObjectNode compile(Request request) {
    List<CompiledStatement> done = new ArrayList<>();
    Session[] session = new Session[1];
    try {
      List<Statement> statements = ScriptSplitter.split(request.script());
      request.settings().forEach(SettingCheck::check);
      session[0] = new Session(registry, request);
      return compile(request, session[0], statements, done);
    } catch (RuntimeException | StackOverflowError | AssertionError e) {
      return new ErrorReport(session[0], done).describe(e);
    }
  }

  private static ObjectNode compile(
      Request request, Session session, List<Statement> statements, List<CompiledStatement> done) {
    StatementInterpreter interpreter = new StatementInterpreter(session);
    for (Statement statement : statements) {
      done.add(Located.run(statement, () -> interpreter.interpret(statement)));
    }
    List<CompiledStatement> sinks = done.stream().filter(s -> s.sink() != null).toList();
    if (sinks.isEmpty()) {
      throw new PlanException(
          "The script has nothing to run.", "Add an INSERT INTO ... SELECT, or a SELECT.");
    }
    Planned planned = JobPlanner.plan(session, sinks);
    RowtimeCheck.check(session, sinks, planned.graph());
    return new BundleWriter(request, session, done, planned).write();
  }
}
