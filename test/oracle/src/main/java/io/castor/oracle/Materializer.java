package io.castor.oracle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Applies a changelog in row text to an empty table, by the rules of {@code spec/row-text.md}. */
final class Materializer {

  private static final int KIND_LENGTH = 2;

  private Materializer() {}

  /**
   * @param key picks the key of a row; null: rows are taken as a whole
   */
  static List<String> apply(List<String> changelog, RowKey key) {
    boolean upsert = key != null && changelog.stream().noneMatch(r -> r.startsWith("-U"));
    List<String> rows = upsert ? applyByKey(changelog, key) : applyWhole(changelog);
    rows.sort(
        (a, b) ->
            Arrays.compareUnsigned(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)));
    return rows;
  }

  private static List<String> applyByKey(List<String> changelog, RowKey key) {
    Map<String, String> rows = new LinkedHashMap<>();
    for (String change : changelog) {
      String row = change.substring(KIND_LENGTH);
      if (change.startsWith("-")) {
        rows.remove(key.of(row));
      } else {
        rows.put(key.of(row), "+I" + row);
      }
    }
    return new ArrayList<>(rows.values());
  }

  private static List<String> applyWhole(List<String> changelog) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (String change : changelog) {
      String row = change.substring(KIND_LENGTH);
      int count = counts.merge(row, change.startsWith("-") ? -1 : 1, Integer::sum);
      if (count < 0) {
        throw new IllegalStateException("The changelog removes a row that is not there: " + change);
      }
    }
    List<String> rows = new ArrayList<>();
    counts.forEach((row, count) -> rows.addAll(Collections.nCopies(count, "+I" + row)));
    return rows;
  }

  /** Picks the key out of a row in row text. */
  interface RowKey {
    String of(String row);
  }
}
