package io.castor.planner.connector;

import io.castor.planner.connector.ConnectorSpec.Abilities;
import io.castor.planner.connector.ConnectorSpec.Changelog;
import io.castor.planner.connector.ConnectorSpec.Metadata;
import io.castor.planner.connector.ConnectorSpec.MetadataColumn;
import io.castor.planner.connector.ConnectorSpec.Partitions;
import io.castor.planner.connector.ConnectorSpec.SinkSpec;
import io.castor.planner.connector.ConnectorSpec.SourceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/** Reads the JSON of an option file (described in {@code spec/options/README.md}). */
final class SpecReader {

  private SpecReader() {}

  static ConnectorSpec connector(JsonNode file) {
    return new ConnectorSpec(
        file.get("connector").asText(),
        file.path("internal").asBoolean(),
        options(file),
        strings(file.path("formats")),
        file.has("source") ? source(file.get("source")) : null,
        file.has("sink") ? sink(file.get("sink")) : null);
  }

  static FormatSpec format(JsonNode file) {
    return new FormatSpec(
        file.get("format").asText(),
        options(file),
        file.has("otherOptions"),
        formatChangelog(file.path("source")),
        formatChangelog(file.path("sink")));
  }

  static List<OptionSpec> options(JsonNode file) {
    List<OptionSpec> options = new ArrayList<>();
    for (JsonNode option : file.path("options")) {
      options.add(
          new OptionSpec(
              option.get("key").asText(),
              option.get("type").asText(),
              text(option, "default"),
              option.path("required").asBoolean(),
              text(option, "scope"),
              option.path("pattern").asBoolean(),
              option.path("needsFormat").asBoolean(),
              strings(option.path("values")),
              strings(option.path("fallbackKeys"))));
    }
    return options;
  }

  private static SourceSpec source(JsonNode side) {
    String projection = side.path("projection").asText("none");
    return new SourceSpec(
        side.get("name").asText(),
        changelog(side.get("changelog")),
        new Abilities(
            !projection.equals("none"),
            projection.equals("nested"),
            side.path("filter").asText().equals("all-remain"),
            side.path("limit").asBoolean(),
            side.path("watermark").asBoolean()),
        text(side, "abilitiesOption"),
        partitions(side.path("partitions")),
        metadata(side),
        side.path("sourceWatermark").asBoolean());
  }

  private static SinkSpec sink(JsonNode side) {
    return new SinkSpec(
        side.get("name").asText(),
        changelog(side.get("changelog")),
        side.path("partitions").asBoolean(),
        side.path("overwrite").asBoolean(),
        side.path("bucketing").asBoolean(),
        metadata(side));
  }

  private static Changelog changelog(JsonNode node) {
    if (node.isArray()) {
      return new Changelog(Changelog.Kind.FIXED, joined(node));
    }
    if (node.isObject()) {
      return new Changelog(Changelog.Kind.OPTION, node.get("option").asText());
    }
    String kind = node.asText().replace('-', '_').toUpperCase(Locale.ROOT);
    return new Changelog(Changelog.Kind.valueOf(kind), null);
  }

  private static String formatChangelog(JsonNode side) {
    return side.isMissingNode() ? null : joined(side.get("changelog"));
  }

  private static Partitions partitions(JsonNode node) {
    return node.isMissingNode()
        ? null
        : new Partitions(
            text(node, "pathOption"), text(node, "defaultNameOption"), text(node, "listOption"));
  }

  private static Metadata metadata(JsonNode side) {
    List<MetadataColumn> columns = new ArrayList<>();
    for (JsonNode column : side.path("metadata")) {
      columns.add(new MetadataColumn(column.get("key").asText(), column.get("type").asText()));
    }
    return new Metadata(columns, text(side, "metadataOption"));
  }

  private static String joined(JsonNode list) {
    return strings(list).stream().collect(Collectors.joining(","));
  }

  private static List<String> strings(JsonNode list) {
    List<String> strings = new ArrayList<>();
    list.forEach(item -> strings.add(item.asText()));
    return strings;
  }

  private static String text(JsonNode node, String field) {
    return node.has(field) ? node.get(field).asText() : null;
  }
}
