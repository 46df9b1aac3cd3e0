package io.castor.oracle.values;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The rows that sinks of this process received, by run and table. A cluster in the same process is
 * what makes this possible. Thread-safe; rows of one subtask keep their order.
 */
public final class Collected {

  private static final Map<String, List<String>> ROWS = new ConcurrentHashMap<>();

  private Collected() {}

  static void add(String run, String table, String row) {
    ROWS.compute(
        key(run, table),
        (key, rows) -> {
          List<String> list = rows == null ? new ArrayList<>() : rows;
          list.add(row);
          return list;
        });
  }

  /** Takes the rows of a table out. */
  public static List<String> take(String run, String table) {
    List<String> rows = ROWS.remove(key(run, table));
    return rows == null ? List.of() : rows;
  }

  private static String key(String run, String table) {
    return run + "/" + table;
  }
}
