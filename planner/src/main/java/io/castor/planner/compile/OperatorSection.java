package io.castor.planner.compile;

import io.castor.planner.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.table.planner.plan.nodes.exec.ExecEdge;
import org.apache.flink.table.planner.plan.nodes.exec.ExecNode;

/**
 * Gives every operator an id that lasts and a fingerprint of its state, by which a snapshot finds
 * its operators again in a changed script. How both are made is specified in {@code
 * spec/job-bundle.md}.
 */
final class OperatorSection {

  private final PlanDocument plan;
  private final Set<ExecNode<?>> insertOnly;
  private final Map<Integer, OperatorNode> operators = new LinkedHashMap<>();

  /** How many operators have a name at all, and how many have it as their first. */
  private final Map<String, Integer> uses = new HashMap<>();

  private final Map<String, Integer> primaryUses = new HashMap<>();

  OperatorSection(PlanDocument plan, List<SinkBranch> branches, Set<ExecNode<?>> insertOnly) {
    this.plan = plan;
    this.insertOnly = insertOnly;
    for (SinkBranch branch : branches) {
      OperatorNode sink = add(branch.sink());
      mark(sink, add(branch.top()), sink.tableName(), branch.statement());
    }
  }

  /** Marks what lies between a sink and the top of a branch, and the branch. */
  private void mark(OperatorNode at, OperatorNode top, String table, int statement) {
    if (at == top) {
      reach(top, table, statement);
    } else {
      at.addSink(table, statement);
      at.inputs().stream()
          .filter(input -> input == top || input.inputs().contains(top))
          .forEach(input -> mark(input, top, table, statement));
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
    OperatorNode operator =
        new OperatorNode(plan.node(number), node, inputs, insertOnly.contains(node));
    operators.put(number, operator);
    return operator;
  }

  private void reach(OperatorNode operator, String table, int statement) {
    if (operator.addSink(table, statement)) {
      operator.inputs().forEach(input -> reach(input, table, statement));
    }
  }

  ArrayNode write() {
    for (OperatorNode operator : operators.values()) {
      operator.baseNames().forEach(name -> uses.merge(name, 1, Integer::sum));
      primaryUses.merge(operator.baseNames().get(0), 1, Integer::sum);
    }
    Map<String, Integer> ordinals = new HashMap<>();
    ArrayNode section = Json.array();
    for (int number : new TreeSet<>(operators.keySet())) {
      section.add(describe(operators.get(number), ordinals));
    }
    return section;
  }

  private ObjectNode describe(OperatorNode operator, Map<String, Integer> ordinals) {
    ObjectNode entry = Json.object();
    entry.put("nodeId", operator.number());
    String name = operator.baseNames().get(0);
    boolean ambiguous = primaryUses.get(name) > 1;
    if (ambiguous) {
      String exact = name + "~" + operator.contentDigest().substring(0, 8);
      int ordinal = ordinals.merge(exact, 1, Integer::sum);
      name = ordinal == 1 ? exact : exact + "." + ordinal;
    }
    entry.put("uid", name);
    List<String> aliases = ambiguous ? List.of() : unsharedAliases(operator);
    if (!aliases.isEmpty()) {
      ArrayNode list = entry.putArray("aliases");
      aliases.forEach(list::add);
    }
    String fingerprint = StateLayout.fingerprint(operator);
    if (operator.insertOnly()) {
      entry.put("insertOnly", true);
    }
    entry.put("stateful", fingerprint != null);
    if (fingerprint != null) {
      entry.put("fingerprint", fingerprint);
    }
    ArrayNode statements = entry.putArray("statements");
    operator.statements().forEach(statements::add);
    return entry;
  }

  private List<String> unsharedAliases(OperatorNode operator) {
    return operator.baseNames().stream().skip(1).filter(name -> uses.get(name) == 1).toList();
  }
}
