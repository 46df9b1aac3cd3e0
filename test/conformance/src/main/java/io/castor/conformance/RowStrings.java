package io.castor.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.test.program.SinkTestStep;

/** A changelog that a test gives as the texts of its rows, {@code +I[a, 1]}. */
final class RowStrings {

  private static final int KIND = 2;

  private RowStrings() {}

  /** What is left of it, as {@link Changelog#materialize} does for rows. */
  static List<String> materialize(List<String> changes, SinkTestStep sink, ProgramSteps steps) {
    List<Integer> key = steps.keyOf(sink);
    boolean upsert = !key.isEmpty() && changes.stream().noneMatch(c -> c.startsWith("-U"));
    Map<Object, List<String>> rows = new LinkedHashMap<>();
    for (String change : changes) {
      String row = change.substring(KIND);
      Object at = upsert ? key.stream().map(fields(row)::get).toList() : row;
      List<String> held = rows.computeIfAbsent(at, k -> new ArrayList<>());
      if (upsert) {
        held.clear();
      }
      if (change.startsWith("+")) {
        held.add("+I" + row);
      } else if (!held.isEmpty()) {
        held.remove(held.size() - 1);
      }
    }
    return rows.values().stream().flatMap(List::stream).toList();
  }

  /** The fields of {@code [a, [1, 2], 3]}. */
  private static List<String> fields(String row) {
    List<String> fields = new ArrayList<>();
    int depth = 0;
    int start = 1;
    for (int i = 1; i < row.length() - 1; i++) {
      char c = row.charAt(i);
      depth += "[{(".indexOf(c) >= 0 ? 1 : "]})".indexOf(c) >= 0 ? -1 : 0;
      if (depth == 0 && c == ',') {
        fields.add(row.substring(start, i).strip());
        start = i + 1;
      }
    }
    fields.add(row.substring(start, row.length() - 1).strip());
    return fields;
  }
}
