package io.castor.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.runtime.util.EnvironmentInformation;

/** The page that tells users what works, what differs and what is refused. */
final class Compatibility {

  private static final int LONGEST_REASON = 160;

  private final List<Result> results;
  private final String list;
  private final StringBuilder page = new StringBuilder();

  /**
   * @param list sum of the list of passing tests that the same run wrote
   */
  Compatibility(List<Result> results, String list) {
    this.results = results;
    this.list = list;
  }

  void write(Path file) throws IOException {
    head();
    for (Section section : Section.values()) {
      section(section);
    }
    remarked(
        Run.AS_FLINK,
        "Passed by Flink's own answer",
        "Flink gives the same on the same rows, though the test expects something else.");
    remarked(
        Run.SAME_REMAINS,
        "Passed by what remains",
        "The table in the end is the test's. The steps between are left open by Flink: of bundles "
            + "aggregated in two phases by the order of a Java HashMap, of joins by which input "
            + "comes first.");
    skipped();
    Files.write(file, page.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void head() {
    page.append(
        """
# Compatibility with Apache Flink

Written by `test/conformance/conformance.sh --update`; do not edit. Flink's own tests of version %s, run on Castor. Java's \
behaviour (numbers as text, time zones) is that of JDK %d. The tests that pass are listed in `test/conformance/passing.txt`, \
SHA-256 `%s`.

- **passed**: the result is what Flink's test expects, in every way it was run;
- **refused**: Castor says by name what it does not support, before the job starts;
- **differs**: the result is another one, or the job breaks;
- **Java**: needs a function written in Java, which Castor does not run.

"""
            .formatted(EnvironmentInformation.getVersion(), Runtime.version().feature(), list));
    page.append(TABLE_HEAD.formatted("tests"));
    for (Section section : Section.values()) {
      page.append(row(section.title, of(section)));
    }
    page.append(row("**all**", results)).append('\n');
  }

  private static final String TABLE_HEAD =
      "| %s | tests | passed | refused | differs | Java | of those not Java |\n"
          + "|---|---:|---:|---:|---:|---:|---:|\n";

  private void section(Section section) {
    Map<String, List<Result>> groups =
        of(section).stream()
            .collect(Collectors.groupingBy(Result::group, TreeMap::new, Collectors.toList()));
    String what = section == Section.PROGRAMS ? "plan node" : "family";
    page.append("## ").append(title(section.title)).append("\n\n");
    page.append(TABLE_HEAD.formatted(what));
    groups.forEach((group, members) -> page.append(row(group, members)));
    page.append('\n');
    remarks(groups, State.FAILED, "What differs");
    remarks(groups, State.UNSUPPORTED, "What is refused");
  }

  private void remarks(Map<String, List<Result>> groups, State state, String heading) {
    List<String> lines = new ArrayList<>();
    groups.forEach(
        (group, members) -> {
          Map<String, Set<String>> reasons = new TreeMap<>();
          members.stream()
              .filter(r -> r.state() == state)
              .forEach(
                  r ->
                      reasons
                          .computeIfAbsent(reason(r), k -> new TreeSet<>())
                          .add("`" + r.subject() + "`"));
          reasons.forEach(
              (reason, subjects) ->
                  lines.add("- " + group + ", " + String.join(", ", subjects) + reason));
        });
    if (!lines.isEmpty()) {
      page.append("**").append(heading).append("**\n\n");
      lines.forEach(line -> page.append(line).append('\n'));
      page.append('\n');
    }
  }

  /** Of what differs the rows are not shown: they are the tests' own. */
  private static String reason(Result result) {
    boolean rows = result.detail().matches("(?s)(.*: )?(expected|got) .*");
    if (result.state() == State.FAILED && rows) {
      return ": another result";
    }
    String text = result.detail().replaceAll("^.* at line \\d+, column \\d+: ", "");
    text = text.replace('\n', ' ').replace("|", "\\|");
    return ": "
        + (text.length() > LONGEST_REASON ? text.substring(0, LONGEST_REASON) + " ..." : text);
  }

  private void remarked(String remark, String heading, String meaning) {
    List<String> names =
        results.stream()
            .filter(r -> r.runs().stream().anyMatch(run -> remark.equals(run.detail())))
            .filter(r -> r.state() == State.PASSED)
            .map(r -> "`" + r.id() + "`")
            .sorted()
            .toList();
    page.append("## ").append(heading).append("\n\n").append(meaning).append("\n\n");
    page.append(String.join(",\n", names)).append(names.isEmpty() ? "None.\n\n" : ".\n\n");
  }

  private void skipped() {
    List<String> names =
        results.stream()
            .filter(r -> r.state() == State.SKIPPED)
            .map(r -> "`" + r.subject() + "` (" + r.group() + ")")
            .distinct()
            .sorted()
            .toList();
    page.append("## Not run: functions written in Java\n\n");
    page.append(String.join(",\n", names)).append(names.isEmpty() ? "None.\n" : ".\n");
  }

  private List<Result> of(Section section) {
    return results.stream().filter(r -> r.section() == section).toList();
  }

  private static String row(String name, List<Result> results) {
    return "| %s | %d | %d | %d | %d | %d | %.1f %% |\n"
        .formatted(
            name,
            results.size(),
            count(results, State.PASSED),
            count(results, State.UNSUPPORTED),
            count(results, State.FAILED),
            count(results, State.SKIPPED),
            Report.share(results));
  }

  private static long count(List<Result> results, State state) {
    return results.stream().filter(r -> r.state() == state).count();
  }

  private static String title(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
