package io.castor.planner.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.utils.LogicalTypeParser;
import org.apache.flink.table.types.logical.utils.LogicalTypeUtils;

/**
 * Fingerprints of what an operator's state looks like. Column positions are replaced by the types
 * of the columns, so that a column more upstream does not change the fingerprint of an aggregation
 * that does not use it. A kind that is not known here is hashed whole: too strict rather than too
 * lax.
 */
final class StateLayout {

  /** Kinds without state of their own between checkpoints. */
  private static final Set<String> STATELESS =
      Set.of(
          "calc",
          "correlate",
          "exchange",
          "union",
          "expand",
          "drop-update-before",
          "watermark-assigner",
          "mini-batch-assigner",
          "local-group-aggregate",
          "local-window-aggregate",
          "window-table-function");

  /** Process table functions without state: those that are Flink's own. */
  private static final Set<String> STATELESS_FUNCTIONS =
      Set.of("$TO_CHANGELOG$1", "$FROM_CHANGELOG$1");

  /** Kinds whose state is accumulators per key. */
  private static final Set<String> AGGREGATES =
      Set.of(
          "group-aggregate",
          "global-group-aggregate",
          "incremental-group-aggregate",
          "window-aggregate",
          "global-window-aggregate",
          "group-window-aggregate");

  /** Kinds whose state is whole input rows, and the fields that say how they are kept. */
  private static final Map<String, List<String>> ROW_KEEPERS =
      Map.ofEntries(
          Map.entry("join", List.of("/joinSpec/joinType", "/leftUpsertKeys", "/rightUpsertKeys")),
          Map.entry("interval-join", List.of("/intervalJoinSpec/joinSpec/joinType")),
          Map.entry("temporal-join", List.of("/joinSpec/joinType", "/isTemporalFunctionJoin")),
          Map.entry("window-join", List.of("/joinSpec/joinType")),
          Map.entry("rank", List.of("/rankType", "/rankStrategy/type")),
          Map.entry("sort-limit", List.of("/rankType", "/rankStrategy/type")),
          Map.entry("limit", List.of("/rankType", "/rankStrategy/type")),
          Map.entry("window-rank", List.of("/rankType")),
          Map.entry("deduplicate", List.of("/isRowtime", "/keepLastRow")),
          Map.entry("window-deduplicate", List.of("/keepLastRow")),
          Map.entry("changelog-normalize", List.of()),
          Map.entry("temporal-sort", List.of()),
          Map.entry("sort", List.of()));

  private static final List<String> KEY_POINTERS =
      List.of(
          "/grouping", "/finalAggGrouping", "/uniqueKeys", "/partitionKeys", "/partition/fields");

  private final OperatorNode operator;
  private final List<String> parts = new ArrayList<>();

  private StateLayout(OperatorNode operator) {
    this.operator = operator;
  }

  /** Null for an operator without state. */
  static String fingerprint(OperatorNode operator) {
    if (isStateless(operator)) {
      return null;
    }
    StateLayout layout = new StateLayout(operator);
    layout.parts.add(operator.kind());
    layout.describe(operator.kind());
    return Digest.of(String.join("\n", layout.parts));
  }

  private static boolean isStateless(OperatorNode operator) {
    return STATELESS.contains(operator.kind())
        || STATELESS_FUNCTIONS.contains(operator.json().at("/functionCall/internalName").asText());
  }

  private void describe(String kind) {
    if (kind.equals("table-source-scan")) {
      parts.add(
          operator.json().at("/scanTableSource/table/resolvedTable/options/connector").asText());
    } else if (kind.equals("sink")) {
      sink();
    } else if (AGGREGATES.contains(kind)) {
      aggregate();
    } else if (ROW_KEEPERS.containsKey(kind)) {
      rows(kind);
    } else {
      parts.add(operator.contentDigest());
    }
  }

  private void sink() {
    parts.add(
        operator.json().at("/dynamicTableSink/table/resolvedTable/options/connector").asText());
    boolean materializes = operator.json().path("requireUpsertMaterialize").asBoolean();
    parts.add("materialize " + materializes);
    if (materializes) {
      parts.add(types(operator.inputType(0)));
      parts.add(keyTypes(operator.json().path("inputUpsertKey"), operator.inputType(0)));
      parts.add(
          operator.json().at("/dynamicTableSink/table/resolvedTable/schema/primaryKey").toString());
      parts.add(operator.json().path("upsertMaterializeStrategy").asText());
    }
  }

  private void aggregate() {
    RowType input = argumentRow();
    keys(operator.inputType(0));
    for (JsonNode call : operator.json().path("aggCalls")) {
      parts.add(
          call.path("internalName").asText(call.path("catalogName").asText())
              + keyTypes(call.path("argList"), input)
              + " distinct "
              + call.path("distinct").asBoolean()
              + " filter "
              + (call.path("filterArg").asInt(-1) >= 0)
              + " "
              + call.path("type"));
    }
    parts.add(operator.json().path("aggCallNeedRetractions").toString());
    parts.add("retract " + operator.json().path("needRetraction").asBoolean());
    window();
  }

  /** What the arguments of the calls refer to: the input, or what the local phase reads. */
  private RowType argumentRow() {
    JsonNode local = operator.json().path("localAggInputRowType");
    if (local.isTextual()) {
      return (RowType) LogicalTypeParser.parse(local.asText(), getClass().getClassLoader());
    }
    return local.isMissingNode()
        ? operator.inputType(0)
        : operator.localInputType().orElse(operator.inputType(0));
  }

  private void rows(String kind) {
    for (int i = 0; i < operator.inputCount(); i++) {
      parts.add(types(operator.inputType(i)));
    }
    keys(operator.inputType(0));
    joinKeys("/joinSpec");
    joinKeys("/intervalJoinSpec/joinSpec");
    if (kind.equals("join") && operator.inputs().stream().anyMatch(OperatorNode::insertOnly)) {
      // Rows that are never taken back are kept in another form.
      parts.add("inserts " + operator.inputs().stream().map(OperatorNode::insertOnly).toList());
    }
    for (String pointer : ROW_KEEPERS.get(kind)) {
      parts.add(pointer + " " + operator.json().at(pointer));
    }
    for (JsonNode field : operator.json().at("/orderBy/fields")) {
      parts.add(
          "order "
              + field.path("isAscending")
              + field.path("nullIsLast")
              + type(operator.inputType(0).getTypeAt(field.get("index").asInt())));
    }
    window();
  }

  private void joinKeys(String spec) {
    JsonNode join = operator.json().at(spec);
    if (join.isObject()) {
      parts.add(keyTypes(join.path("leftKeys"), operator.inputType(0)));
      parts.add(keyTypes(join.path("rightKeys"), operator.inputType(1)));
    }
  }

  private void keys(RowType input) {
    for (String pointer : KEY_POINTERS) {
      JsonNode indexes = operator.json().at(pointer);
      if (indexes.isArray()) {
        parts.add("key " + keyTypes(indexes, input));
      }
    }
  }

  private void window() {
    for (String field : List.of("windowing", "leftWindowing", "rightWindowing", "window")) {
      JsonNode window = operator.json().path(field);
      if (window instanceof ObjectNode) {
        ObjectNode copy = window.deepCopy();
        if (copy.has("strategy")) {
          JsonNode strategy = copy.remove("strategy");
          parts.add(strategy.path("type").asText());
        }
        parts.add(copy.toString());
      }
    }
  }

  private static String keyTypes(JsonNode indexes, RowType row) {
    List<String> types = new ArrayList<>();
    for (JsonNode index : indexes) {
      types.add(type(row.getTypeAt(index.asInt())));
    }
    return types.toString();
  }

  private static String types(RowType row) {
    return row.getChildren().stream().map(StateLayout::type).toList().toString();
  }

  private static String type(LogicalType type) {
    return LogicalTypeUtils.removeTimeAttributes(type).asSummaryString();
  }
}
