package io.castor.planner.compile;

import io.castor.planner.Json;
import io.castor.planner.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.planner.plan.nodes.exec.ExecNode;
import org.apache.flink.table.planner.utils.InternalConfigOptions;

/** Writes the job bundle; its form is specified in {@code spec/job-bundle.md}. */
final class BundleWriter {

  static final int VERSION = 1;

  private static final String CURRENT_DATABASE =
      InternalConfigOptions.TABLE_QUERY_CURRENT_DATABASE.key();

  private final Request request;
  private final Session session;
  private final List<CompiledStatement> statements;
  private final List<SinkBranch> branches;
  private final PlanDocument plan;
  private final Planned planned;

  BundleWriter(
      Request request, Session session, List<CompiledStatement> statements, Planned planned) {
    this.request = request;
    this.session = session;
    this.statements = statements;
    this.planned = planned;
    this.plan = PlanDocument.of(planned);
    this.branches = SinkBranch.find(statements, planned.graph());
  }

  ObjectNode write() {
    ObjectNode bundle = Json.object();
    bundle.put("castorBundle", VERSION);
    bundle.put("flinkVersion", EnvironmentInformation.getVersion());
    bundle.put("name", session.written().get(PipelineOptions.NAME, request.name()));
    bundle.put("cacheable", !session.dependsOnFiles());
    ObjectNode configuration = bundle.putObject("configuration");
    EffectiveOptions.of(session.written()).forEach(configuration::put);
    configuration.put(CURRENT_DATABASE, session.environment().getCurrentDatabase());
    ArrayNode userSet = bundle.putArray("userOptions");
    session.written().keySet().stream().sorted().forEach(userSet::add);
    bundle.set("statements", statementSection());
    bundle.set("tables", tableSection());
    Set<ExecNode<?>> insertOnly = InsertOnlyNodes.of(planned);
    bundle.set("operators", new OperatorSection(plan, branches, insertOnly).write());
    JsonNode collect = collectSection();
    if (collect != null) {
      bundle.set("collect", collect);
    }
    bundle.set("plan", plan.json());
    if (request.explain()) {
      bundle.set("explain", Explanation.of(planned));
    }
    return bundle;
  }

  private ArrayNode statementSection() {
    ArrayNode section = Json.array();
    for (CompiledStatement compiled : statements) {
      ObjectNode entry = section.addObject();
      Position start = compiled.statement().start();
      entry.put("kind", compiled.kind());
      entry.put("line", start.line());
      entry.put("column", start.column());
      entry.put("endLine", compiled.statement().endLine());
      entry.put("sql", compiled.statement().sql());
    }
    for (SinkBranch branch : branches) {
      ((ObjectNode) section.get(branch.statement())).put("sinkNodeId", sinkNumber(branch));
    }
    return section;
  }

  private int sinkNumber(SinkBranch branch) {
    return plan.number(branch.sink().getId());
  }

  private ObjectNode tableSection() {
    Map<ObjectIdentifier, Integer> definitions = new HashMap<>();
    for (int i = 0; i < statements.size(); i++) {
      if (statements.get(i).table() != null) {
        definitions.put(statements.get(i).table(), i);
      }
    }
    ObjectNode section = Json.object();
    plan.tables()
        .forEach(
            (identifier, table) -> {
              ObjectNode entry = section.putObject(identifier.asSerializableString());
              entry.put("temporary", table.isTemporary());
              if (definitions.containsKey(identifier)) {
                entry.put("statement", definitions.get(identifier));
              }
              entry.setAll((ObjectNode) plan.describe(table));
            });
    return section;
  }

  private ObjectNode collectSection() {
    for (SinkBranch branch : branches) {
      if (statements.get(branch.statement()).kind().equals("SELECT")) {
        return CollectSection.of(plan.node(sinkNumber(branch)));
      }
    }
    return null;
  }
}
