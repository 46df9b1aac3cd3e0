package io.castor.planner.compile;

import io.castor.planner.Json;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.table.catalog.ContextResolvedTable;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.planner.plan.nodes.exec.ExecEdge;
import org.apache.flink.table.planner.plan.nodes.exec.ExecNode;
import org.apache.flink.table.planner.plan.nodes.exec.common.CommonExecSink;
import org.apache.flink.table.planner.plan.nodes.exec.common.CommonExecTableSourceScan;

/**
 * The compiled plan as JSON, made whole: Flink writes temporary tables by name only, here they get
 * their schema and options as permanent ones have; and node ids run from 1 in the plan's order, so
 * that equal scripts give equal plans.
 */
final class PlanDocument {

  private final Planned planned;
  private final ObjectNode json;
  private final Map<Integer, Integer> numbers = new HashMap<>();
  private final Map<Integer, ContextResolvedTable> tableOfNode = new LinkedHashMap<>();

  private PlanDocument(Planned planned) {
    this.planned = planned;
    this.json = (ObjectNode) serialize(planned.graph());
  }

  static PlanDocument of(Planned planned) {
    PlanDocument document = new PlanDocument(planned);
    document.renumber();
    planned.graph().getRootNodes().forEach(document::findTables);
    document.tableOfNode.forEach(document::completeTable);
    return document;
  }

  ObjectNode json() {
    return json;
  }

  /** The number in this document of a node of the graph. */
  int number(int graphId) {
    return numbers.get(graphId);
  }

  ObjectNode node(int number) {
    return (ObjectNode) json.get("nodes").get(number - 1);
  }

  /** Tables that are read or written, by identifier; options as their DDL has them. */
  Map<ObjectIdentifier, ContextResolvedTable> tables() {
    Map<ObjectIdentifier, ContextResolvedTable> tables =
        new TreeMap<>(java.util.Comparator.comparing(ObjectIdentifier::asSummaryString));
    tableOfNode.values().forEach(t -> tables.put(t.getIdentifier(), t));
    return tables;
  }

  /** A table in the form the plan has: schema, partitionKeys, options. */
  JsonNode describe(ContextResolvedTable table) {
    return serialize(ContextResolvedTable.anonymous(table.<ResolvedCatalogTable>getResolvedTable()))
        .get("resolvedTable");
  }

  private JsonNode serialize(Object value) {
    try {
      return Json.parse(PlanWriter.of(planned.serdeContext()).writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void renumber() {
    for (JsonNode node : json.get("nodes")) {
      numbers.put(node.get("id").asInt(), numbers.size() + 1);
      ((ObjectNode) node).put("id", numbers.size());
    }
    for (JsonNode edge : json.get("edges")) {
      ((ObjectNode) edge).put("source", number(edge.get("source").asInt()));
      ((ObjectNode) edge).put("target", number(edge.get("target").asInt()));
    }
  }

  private void findTables(ExecNode<?> node) {
    if (node instanceof CommonExecTableSourceScan scan) {
      tableOfNode.put(number(node.getId()), scan.getTableSourceSpec().getContextResolvedTable());
    } else if (node instanceof CommonExecSink sink) {
      tableOfNode.put(number(node.getId()), sink.getTableSinkSpec().getContextResolvedTable());
    }
    node.getInputEdges().stream().map(ExecEdge::getSource).forEach(this::findTables);
  }

  private void completeTable(int number, ContextResolvedTable table) {
    ObjectNode node = node(number);
    JsonNode spec =
        node.has("scanTableSource") ? node.get("scanTableSource") : node.get("dynamicTableSink");
    ObjectNode written = (ObjectNode) spec.get("table");
    if (!written.has("resolvedTable")) {
      written.set("resolvedTable", describe(table));
    }
  }
}
