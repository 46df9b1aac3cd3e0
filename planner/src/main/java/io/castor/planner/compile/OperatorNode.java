package io.castor.planner.compile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.table.planner.plan.nodes.exec.ExecNode;
import org.apache.flink.table.types.logical.RowType;

/** One operator while ids are given: its JSON, its row types, and what it reads and feeds. */
final class OperatorNode {

  /** Where each node type keeps the columns it is keyed by: JSON pointer, and input. */
  private record KeyField(String pointer, int input) {}

  private static final List<KeyField> KEY_FIELDS =
      List.of(
          new KeyField("/grouping", 0),
          new KeyField("/finalAggGrouping", 0),
          new KeyField("/uniqueKeys", 0),
          new KeyField("/partitionKeys", 0),
          new KeyField("/partition/fields", 0),
          new KeyField("/overSpec/partition/fields", 0),
          new KeyField("/matchSpec/partition/fields", 0),
          new KeyField("/joinSpec/leftKeys", 0),
          new KeyField("/intervalJoinSpec/joinSpec/leftKeys", 0),
          new KeyField("/joinSpec/rightKeys", 1),
          new KeyField("/intervalJoinSpec/joinSpec/rightKeys", 1));

  private final ObjectNode json;
  private final ExecNode<?> node;
  private final List<OperatorNode> inputs;
  private final boolean insertOnly;
  private final Set<String> sinks = new LinkedHashSet<>();
  private final Set<Integer> statements = new LinkedHashSet<>();
  private String digest;

  OperatorNode(ObjectNode json, ExecNode<?> node, List<OperatorNode> inputs, boolean insertOnly) {
    this.json = json;
    this.node = node;
    this.inputs = inputs;
    this.insertOnly = insertOnly;
  }

  int number() {
    return json.get("id").asInt();
  }

  ObjectNode json() {
    return json;
  }

  List<OperatorNode> inputs() {
    return inputs;
  }

  /** Whether only +I comes out. */
  boolean insertOnly() {
    return insertOnly;
  }

  Set<Integer> statements() {
    return statements;
  }

  /** The node type without prefix and version: {@code group-aggregate}. */
  String kind() {
    return json.get("type").asText().replaceAll("^stream-exec-|_\\d+$", "");
  }

  RowType inputType(int input) {
    return (RowType) node.getInputEdges().get(input).getOutputType();
  }

  int inputCount() {
    return inputs.size();
  }

  /** What the local phase above this operator reads; global phases refer to its columns. */
  Optional<RowType> localInputType() {
    for (OperatorNode at = this; at.inputs.size() == 1; at = at.inputs.get(0)) {
      if (at.kind().startsWith("local-")) {
        return Optional.of(at.inputType(0));
      }
    }
    return Optional.empty();
  }

  boolean addSink(String sink, int statement) {
    return sinks.add(sink) | statements.add(statement);
  }

  /** Name of the table that a scan reads or a sink writes; null for other operators. */
  String tableName() {
    JsonNode table = json.at("/scanTableSource/table/identifier");
    if (table.isMissingNode()) {
      table = json.at("/dynamicTableSink/table/identifier");
    }
    return table.isMissingNode() ? null : shortName(table.asText());
  }

  private static String shortName(String identifier) {
    return identifier.replace("`default_catalog`.`default_database`.", "").replace("`", "");
  }

  /**
   * The id this operator has if no other has the same, one for each table it feeds: its kind, the
   * table it feeds, the tables it comes from, its key columns.
   */
  List<String> baseNames() {
    if (tableName() != null) {
      return List.of(kind() + ":" + tableName());
    }
    Set<String> sources = new TreeSet<>();
    collectSources(sources);
    String from = String.join("+", sources);
    String keys = String.join(",", keyNames());
    List<String> names = new ArrayList<>();
    for (String sink : sinks) {
      names.add(kind() + ":" + sink + "<" + from + (keys.isEmpty() ? "" : "[" + keys + "]"));
    }
    return names;
  }

  private void collectSources(Set<String> sources) {
    if (inputs.isEmpty()) {
      sources.add(tableName() == null ? kind() : tableName());
    }
    inputs.forEach(input -> input.collectSources(sources));
  }

  private List<String> keyNames() {
    List<String> names = new ArrayList<>();
    for (KeyField field : KEY_FIELDS) {
      for (JsonNode index : json.at(field.pointer())) {
        names.add(columnName(inputType(field.input()), index.asInt()));
      }
    }
    return names;
  }

  /** Names that the planner made up shift with every edit: such a column goes by its type. */
  private static String columnName(RowType row, int index) {
    String name = row.getFieldNames().get(index);
    boolean madeUp = name.startsWith("$") || name.startsWith("EXPR$");
    return madeUp ? row.getTypeAt(index).asSummaryString() : name;
  }

  /** A digest of all this operator computes, its inputs included; not of names, ids and options. */
  String contentDigest() {
    if (digest == null) {
      ObjectNode content = json.deepCopy();
      content.remove(List.of("id", "description", "configuration", "inputProperties", "state"));
      for (String side : List.of("scanTableSource", "dynamicTableSink")) {
        if (content.has(side)) {
          ((ObjectNode) content.get(side).get("table")).remove("resolvedTable");
        }
      }
      String upstream =
          inputs.stream().map(OperatorNode::contentDigest).collect(Collectors.joining());
      digest = Digest.of(content + upstream);
    }
    return digest;
  }
}
