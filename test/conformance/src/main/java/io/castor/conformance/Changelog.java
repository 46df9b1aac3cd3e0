package io.castor.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;

/** What is left of a changelog, and how two results differ. */
final class Changelog {

  private Changelog() {}

  /**
   * Applies a changelog to an empty table, as the sinks of Flink's test connector do: by key if
   * there is one and nothing says {@code -U}, else by whole rows.
   */
  static List<Row> materialize(List<Row> changes, List<Integer> key) {
    boolean upsert =
        !key.isEmpty() && changes.stream().noneMatch(c -> c.getKind() == RowKind.UPDATE_BEFORE);
    Map<Object, List<Row>> rows = new LinkedHashMap<>();
    for (Row change : changes) {
      Object at = upsert ? key.stream().map(change::getField).toList() : plain(change);
      boolean adds = change.getKind() == RowKind.INSERT || change.getKind() == RowKind.UPDATE_AFTER;
      List<Row> held = rows.computeIfAbsent(at, k -> new ArrayList<>());
      if (upsert) {
        held.clear();
      }
      if (adds) {
        held.add(plain(change));
      } else if (!upsert && held.isEmpty()) {
        throw new IllegalStateException("the changelog removes a row that is not there: " + change);
      } else if (!upsert) {
        held.remove(held.size() - 1);
      }
    }
    return rows.values().stream().flatMap(List::stream).toList();
  }

  private static Row plain(Row row) {
    Row copy = Row.copy(row);
    copy.setKind(RowKind.INSERT);
    return copy;
  }

  /** First differences of two results whose order does not matter; null: they are equal. */
  static String difference(List<?> actual, List<?> expected) {
    List<Object> missing = new ArrayList<>(expected);
    List<Object> extra = new ArrayList<>();
    for (Object row : actual) {
      if (!remove(missing, row)) {
        extra.add(row);
      }
    }
    if (missing.isEmpty() && extra.isEmpty()) {
      return null;
    }
    List<String> parts = new ArrayList<>();
    if (!missing.isEmpty()) {
      parts.add("expected " + missing.get(0) + count(missing));
    }
    if (!extra.isEmpty()) {
      parts.add("got " + extra.get(0) + count(extra));
    }
    return String.join(", ", parts);
  }

  private static boolean remove(List<Object> rows, Object row) {
    for (int i = 0; i < rows.size(); i++) {
      if (equal(rows.get(i), row)) {
        rows.remove(i);
        return true;
      }
    }
    return false;
  }

  /** {@link Row#equals} also looks into arrays and maps. */
  static boolean equal(Object a, Object b) {
    return Objects.equals(a, b);
  }

  private static String count(List<?> rows) {
    return rows.size() == 1 ? "" : " (and " + (rows.size() - 1) + " more)";
  }
}
