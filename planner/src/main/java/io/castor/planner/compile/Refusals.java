package io.castor.planner.compile;

import io.castor.planner.PlanException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Statements of Flink's dialect that a job script cannot have, and what to do instead. */
final class Refusals {

  private static final Map<String, String> HINTS = new LinkedHashMap<>();

  static {
    HINTS.put("EXPLAIN", "Use the command `castor explain SCRIPT`.");
    HINTS.put("COMPILE PLAN", "Use the command `castor compile SCRIPT -o JOB.json`.");
    HINTS.put("COMPILE AND EXECUTE", "Use `castor compile` and `castor run`.");
    HINTS.put("EXECUTE PLAN", "Use the command `castor run JOB.json`.");
    HINTS.put("CREATE FUNCTION", functions());
    HINTS.put("CREATE TEMPORARY FUNCTION", functions());
    HINTS.put("CREATE TEMPORARY SYSTEM FUNCTION", functions());
    HINTS.put("DROP FUNCTION", functions());
    HINTS.put("DROP TEMPORARY FUNCTION", functions());
    HINTS.put("ALTER FUNCTION", functions());
    HINTS.put("ADD JAR", functions());
    HINTS.put("REMOVE JAR", functions());
    HINTS.put("CREATE MODEL", "Models are not supported yet.");
    HINTS.put("CREATE TEMPORARY MODEL", "Models are not supported yet.");
    HINTS.put("CREATE MATERIALIZED TABLE", "Write CREATE TABLE and INSERT INTO.");
    HINTS.put("CREATE OR ALTER MATERIALIZED TABLE", "Write CREATE TABLE and INSERT INTO.");
    HINTS.put("CREATE OR REPLACE TABLE", "Write CREATE TABLE and INSERT INTO.");
    HINTS.put("REPLACE TABLE", "Write CREATE TABLE and INSERT INTO.");
    HINTS.put("LOAD MODULE", "All functions of Flink's core module are there already.");
    HINTS.put("UNLOAD MODULE", "Modules are fixed.");
    HINTS.put("USE MODULES", "Modules are fixed.");
    HINTS.put("SHOW", "It does not belong to a job: remove it.");
    HINTS.put("DESCRIBE", "It does not belong to a job: remove it.");
    HINTS.put("DESC", "It does not belong to a job: remove it.");
    HINTS.put("ANALYZE", "It does not belong to a streaming job: remove it.");
    HINTS.put("TRUNCATE", "It does not belong to a streaming job: remove it.");
    HINTS.put("CALL", "Procedures are not supported.");
    HINTS.put("STOP JOB", "Use the command `castor stop`.");
  }

  private Refusals() {}

  private static String functions() {
    return "User-defined functions are not supported yet: use the built-in ones.";
  }

  /** Refuses by the leading words, before Flink's parser sees the statement. */
  static void check(String sql) {
    String words = leadingWords(sql);
    for (var entry : HINTS.entrySet()) {
      if (words.equals(entry.getKey()) || words.startsWith(entry.getKey() + " ")) {
        throw new PlanException(
            entry.getKey() + " cannot stand in a job script.", entry.getValue());
      }
    }
  }

  static PlanException refuse(String sql) {
    return new PlanException(
        "This statement cannot stand in a job script: " + leadingWords(sql),
        "A job script has CREATE, DROP, ALTER, USE, SET, RESET, INSERT and SELECT.");
  }

  private static String leadingWords(String sql) {
    String[] words = sql.strip().split("\\s+", 6);
    int count = Math.min(words.length, 5);
    return String.join(" ", Arrays.copyOf(words, count)).toUpperCase(Locale.ROOT);
  }
}
