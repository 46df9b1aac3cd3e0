package io.castor.planner.compile;

import io.castor.planner.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.table.planner.plan.nodes.exec.ExecEdge;
import org.apache.flink.table.planner.plan.nodes.exec.ExecNode;
import org.apache.flink.table.planner.plan.nodes.exec.ExecNodeGraph;

/**
 * Gives every operator an id that lasts and a fingerprint of its state, by which a snapshot finds
 * its operators again in a changed script. How both are made is specified in {@code
 * spec/job-bundle.md}.
 */
final class OperatorSection {

  private final PlanDocument plan;
  private final IntUnaryOperator statementOfSink;
  private final Map<Integer, OperatorNode> operators = new LinkedHashMap<>();

  /**
   * @param statementOfSink index of the statement that a sink node (by number) belongs to
   */
  OperatorSection(PlanDocument plan, ExecNodeGraph graph, IntUnaryOperator statementOfSink) {
    this.plan = plan;
    this.statementOfSink = statementOfSink;
    for (ExecNode<?> root : graph.getRootNodes()) {
      OperatorNode sink = add(root);
      reach(sink, sink, statementOfSink.applyAsInt(sink.number()));
    }
  }

  private OperatorNode add(ExecNode<?> node) {
    int number = plan.number(node.getId());
    OperatorNode known = operators.get(number);
    if (known != null) {
      return known;
    }
    List<OperatorNode> inputs = new ArrayList<>();
    for (ExecEdge edge : node.getInputEdges()) {
      inputs.add(add(edge.getSource()));
    }
    OperatorNode operator = new OperatorNode(plan.node(number), node, inputs);
    operators.put(number, operator);
    return operator;
  }

  private void reach(OperatorNode operator, OperatorNode sink, int statement) {
    if (operator.addSink(sink.tableName(), statement)) {
      operator.inputs().forEach(input -> reach(input, sink, statement));
    }
  }

  ArrayNode write() {
    Map<String, List<OperatorNode>> byName = new HashMap<>();
    for (OperatorNode operator : operators.values()) {
      byName.computeIfAbsent(operator.baseNames().get(0), n -> new ArrayList<>()).add(operator);
    }
    Map<String, Integer> ordinals = new HashMap<>();
    ArrayNode section = Json.array();
    for (int number : new TreeSet<>(operators.keySet())) {
      OperatorNode operator = operators.get(number);
      boolean shared = byName.get(operator.baseNames().get(0)).size() > 1;
      section.add(describe(operator, shared, ordinals));
    }
    return section;
  }

  private ObjectNode describe(
      OperatorNode operator, boolean ambiguous, Map<String, Integer> ordinals) {
    ObjectNode entry = Json.object();
    entry.put("nodeId", operator.number());
    String name = operator.baseNames().get(0);
    if (ambiguous) {
      name += "~" + operator.contentDigest().substring(0, 8);
      int ordinal = ordinals.merge(name, 1, Integer::sum);
      name = ordinal == 1 ? name : name + "." + ordinal;
    }
    entry.put("uid", name);
    if (!ambiguous && operator.baseNames().size() > 1) {
      ArrayNode aliases = entry.putArray("aliases");
      operator.baseNames().stream().skip(1).forEach(aliases::add);
    }
    String fingerprint = StateLayout.fingerprint(operator);
    entry.put("stateful", fingerprint != null);
    if (fingerprint != null) {
      entry.put("fingerprint", fingerprint);
    }
    ArrayNode statements = entry.putArray("statements");
    operator.statements().forEach(statements::add);
    return entry;
  }
}
