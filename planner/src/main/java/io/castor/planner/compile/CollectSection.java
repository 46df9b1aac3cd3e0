package io.castor.planner.compile;

import io.castor.planner.Json;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

/** What a front end needs to show the rows of a SELECT. */
final class CollectSection {

  private CollectSection() {}

  static ObjectNode of(JsonNode sinkNode) {
    ObjectNode section = Json.object();
    section.put("nodeId", sinkNode.get("id").asInt());
    JsonNode table = sinkNode.at("/dynamicTableSink/table/resolvedTable");
    section.set("columns", table.at("/schema/columns"));
    JsonNode kinds = sinkNode.path("inputChangelogMode");
    section.put("insertOnly", kinds.size() == 1 && kinds.get(0).asText().equals("INSERT"));
    section.set("changelogMode", kinds);
    if (sinkNode.path("inputUpsertKey").size() > 0) {
      ArrayNode key = section.putArray("upsertKey");
      sinkNode.get("inputUpsertKey").forEach(key::add);
    }
    return section;
  }
}
