package io.castor.conformance;

import io.castor.planner.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

/** The results as {@code report.json} and as a text for people. */
final class Report {

  private final List<Result> results;

  Report(List<Result> results) {
    this.results = results.stream().sorted(Comparator.comparing(Result::id)).toList();
  }

  void writeJson(Path file) throws IOException {
    ObjectNode report = Json.object();
    report.put("flinkVersion", EnvironmentInformation.getVersion());
    report.put("jdk", Runtime.version().toString());
    report.set("summary", counts(results));
    for (Section section : Section.values()) {
      report.set(section.key, section(of(section)));
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, writable(Json.printPretty(report)) + "\n");
  }

  private static ObjectNode section(List<Result> results) {
    ObjectNode section = Json.object();
    section.set("summary", counts(results));
    ObjectNode groups = section.putObject("groups");
    byGroup(results)
        .forEach(
            (group, members) -> {
              ObjectNode entry = groups.putObject(group);
              entry.set("summary", counts(members));
              ArrayNode items = entry.putArray("items");
              members.forEach(result -> items.add(item(result)));
            });
    return section;
  }

  private static ObjectNode item(Result result) {
    ObjectNode item = Json.object();
    item.put("id", result.id());
    item.put("title", result.title());
    item.put("state", result.state().toString());
    if (result.detail() != null) {
      item.put("detail", result.detail());
    }
    ArrayNode runs = item.putArray("runs");
    for (Run run : result.runs()) {
      ObjectNode entry = runs.addObject().put("run", run.name()).put("state", "" + run.state());
      if (run.detail() != null) {
        entry.put("detail", run.detail());
      }
    }
    return item;
  }

  private static ObjectNode counts(List<Result> results) {
    Map<State, Long> counts = countStates(results);
    ObjectNode node = Json.object();
    node.put("enumerated", results.size());
    node.put("share", share(results));
    for (State state : List.of(State.PASSED, State.FAILED, State.UNSUPPORTED, State.SKIPPED)) {
      node.put(state.toString(), counts.getOrDefault(state, 0L));
    }
    return node;
  }

  private static Map<State, Long> countStates(List<Result> results) {
    return results.stream()
        .collect(
            Collectors.groupingBy(
                Result::state, () -> new EnumMap<>(State.class), Collectors.counting()));
  }

  private List<Result> of(Section section) {
    return results.stream().filter(r -> r.section() == section).toList();
  }

  private static Map<String, List<Result>> byGroup(List<Result> results) {
    return results.stream()
        .collect(Collectors.groupingBy(Result::group, TreeMap::new, Collectors.toList()));
  }

  /** A line for each group, then the totals. */
  String table() {
    StringBuilder text = new StringBuilder();
    for (Section section : Section.values()) {
      List<Result> members = of(section);
      if (!members.isEmpty()) {
        text.append(header(section.title));
        byGroup(members).forEach((group, list) -> text.append(line(group, list)));
        text.append(line("all " + section.title, members)).append('\n');
      }
    }
    return text.append(header("")).append(line("everything", results)).toString();
  }

  /** Every test that did not pass, with its first difference. */
  String failures() {
    StringBuilder text = new StringBuilder();
    for (Result result : results) {
      if (result.state() == State.PASSED) {
        continue;
      }
      text.append("%-11s %s  (%s)%n".formatted(result.state(), result.id(), result.title()));
      for (Run run : result.runs()) {
        if (run.state() != State.PASSED) {
          text.append("            %s: %s%n".formatted(run.name(), run.detail()));
        }
      }
    }
    return writable(text.toString());
  }

  /** Some tests are about halves of surrogate pairs, which no file can hold. */
  private static String writable(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  /** Tests that pass although the rows are not, one by one, those in the text of the test. */
  String agreements() {
    StringBuilder text = new StringBuilder();
    for (Result result : results) {
      for (Run run : result.runs()) {
        if (run.state() == State.PASSED && Run.AS_FLINK.equals(run.detail())) {
          text.append("as Flink    %s  %s%n".formatted(result.id(), run.name()));
        } else if (run.state() == State.PASSED && Run.SAME_REMAINS.equals(run.detail())) {
          text.append("same remains %s  %s%n".formatted(result.id(), run.name()));
        }
      }
    }
    return text.toString();
  }

  /** Percent of the tests that pass, those left out that need functions written in Java. */
  static double share(List<Result> results) {
    Map<State, Long> counts = countStates(results);
    long counted = results.size() - counts.getOrDefault(State.SKIPPED, 0L);
    long passed = counts.getOrDefault(State.PASSED, 0L);
    return counted == 0 ? 100 : Math.floor(1000.0 * passed / counted) / 10;
  }

  private static String header(String title) {
    return "%-44s %10s %7s %7s %12s %8s %7s%n"
        .formatted(title, "enumerated", "passed", "failed", "unsupported", "skipped", "share");
  }

  private static String line(String name, List<Result> results) {
    Map<State, Long> counts = countStates(results);
    return "  %-42s %10d %7d %7d %12d %8d %5.1f %%%n"
        .formatted(
            name,
            results.size(),
            counts.getOrDefault(State.PASSED, 0L),
            counts.getOrDefault(State.FAILED, 0L),
            counts.getOrDefault(State.UNSUPPORTED, 0L),
            counts.getOrDefault(State.SKIPPED, 0L),
            share(results));
  }
}
