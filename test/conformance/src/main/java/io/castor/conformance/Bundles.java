package io.castor.conformance;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/** Looks into job bundles. */
final class Bundles {

  private Bundles() {}

  /** Names of the tables that are scanned, one for each scan. */
  static List<String> scannedTables(JsonNode bundle) {
    List<String> tables = new ArrayList<>();
    for (JsonNode node : bundle.at("/plan/nodes")) {
      JsonNode table = node.at("/scanTableSource/table/identifier");
      if (!table.isMissingNode()) {
        String[] parts = table.asText().split("`");
        tables.add(parts[parts.length - 1]);
      }
    }
    return tables;
  }

  /**
   * Whether Flink itself leaves open by which steps the result comes about. Where rows are
   * aggregated by bundles in two phases, the bundle of the first is handed on in the order of a
   * Java HashMap, and which of its rows share a bundle of the second follows from that. Of two
   * joined inputs either may come first.
   */
  static boolean hasOpenSteps(JsonNode bundle) {
    for (JsonNode node : bundle.at("/plan/nodes")) {
      String type = node.path("type").asText();
      if (type.startsWith("stream-exec-local-group-aggregate")
          || type.startsWith("stream-exec-join")) {
        return true;
      }
    }
    return false;
  }

  /** Whether the clock cuts rows into windows: then it decides when results are there. */
  static boolean hasWindowsOfProcessingTime(JsonNode bundle) {
    for (JsonNode node : bundle.at("/plan/nodes")) {
      String group = node.at("/window/timeField/fieldType/kind").asText();
      String table = node.at("/windowing/timeAttributeType/kind").asText();
      if (group.equals("PROCTIME") || table.equals("PROCTIME")) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a function reads watermarks. Those by which mini-batches without event time are cut are
   * of the clock, and whether there has been one is a matter of time.
   */
  static boolean readsWatermarks(JsonNode bundle) {
    return bundle.at("/plan/nodes").toString().contains("CURRENT_WATERMARK");
  }
}
