package io.castor.planner.compile;

import io.castor.planner.Json;
import io.castor.planner.PlanException;
import io.castor.planner.Position;
import io.castor.planner.Suggestions;
import io.castor.planner.script.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

/** Makes of an exception a short message with a place in the script and, if known, a remedy. */
final class ErrorReport {

  private static final int LONGEST_MESSAGE = 600;
  private static final Pattern PLACE_IN_TEXT = Pattern.compile(" at line \\d+, column \\d+");
  private static final Pattern MISSING_OBJECT = Pattern.compile("Object '([^']+)' not found");
  private static final Pattern MISSING_COLUMN = Pattern.compile("Column '([^']+)' not found");
  private static final Pattern MISSING_FUNCTION =
      Pattern.compile("No match found for function signature ([^(]+)");
  private static final Pattern EXPECTED =
      Pattern.compile("Was expecting(?: one of)?:?\\s*(.*)", Pattern.DOTALL);

  private final Session session;
  private final List<CompiledStatement> done;

  private Statement statement;
  private Position position;
  private String message;
  private String hint;

  /**
   * @param session may be null when there was none yet
   * @param done statements that took effect, to find the DDL of a table with a wrong option
   */
  ErrorReport(Session session, List<CompiledStatement> done) {
    this.session = session;
    this.done = done;
  }

  ObjectNode describe(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      visit(t);
    }
    if (position == null && statement != null) {
      position = statement.start();
    }
    return document();
  }

  /** Outer exceptions come first; an inner one that knows more wins. */
  private void visit(Throwable t) {
    if (t instanceof Located located) {
      statement = located.statement();
    } else if (t instanceof PlanException own) {
      fromOwn(own);
    } else if (t instanceof CalciteContextException context) {
      placeInStatement(context.getPosLine(), context.getPosColumn());
      message = shortened(context.getCause() == null ? context : context.getCause());
      suggest();
    } else if (t instanceof SqlParseException parse) {
      fromParser(parse);
    } else if (t.getMessage() != null && hint == null && position == null) {
      message = shortened(t);
    } else if (message == null) {
      message = "Flink's planner failed with " + t.getClass().getSimpleName() + ".";
    }
  }

  private void fromOwn(PlanException own) {
    message = own.getMessage();
    hint = own.hint();
    position = own.position();
    if (own.tableIdentifier() != null) {
      for (CompiledStatement ddl : done) {
        if (ddl.table() != null && ddl.table().asSummaryString().equals(own.tableIdentifier())) {
          statement = ddl.statement();
          position = placeOf(statement, "'" + own.optionKey() + "'");
        }
      }
    }
  }

  private void fromParser(SqlParseException parse) {
    if (parse.getPos() != null) {
      placeInStatement(parse.getPos().getLineNum(), parse.getPos().getColumnNum());
    }
    String text = parse.getMessage();
    message = PLACE_IN_TEXT.matcher(text.lines().findFirst().orElse("")).replaceAll("");
    Matcher expected = EXPECTED.matcher(text);
    if (expected.find()) {
      List<String> tokens =
          Arrays.stream(expected.group(1).split("\\n"))
              .map(String::strip)
              .filter(s -> s.startsWith("\"") || s.startsWith("<"))
              .map(s -> s.replace(" ...", ""))
              .distinct()
              .toList();
      hint =
          tokens.isEmpty() || tokens.size() > 8
              ? "The statement is not valid SQL here."
              : "Expected here: " + String.join(" ", tokens);
    }
  }

  private void placeInStatement(int line, int column) {
    if (statement != null && line > 0) {
      position = statement.start().plus(line, column);
    }
  }

  private void suggest() {
    if (session != null) {
      suggest(MISSING_OBJECT, List.of(session.environment().listTables()), "tables and views");
      suggest(MISSING_COLUMN, session.columnNames(), null);
      suggest(MISSING_FUNCTION, List.of(session.environment().listFunctions()), null);
    }
  }

  /**
   * @param noun what the candidates are if all of them may be listed, else null
   */
  private void suggest(Pattern missing, List<String> candidates, String noun) {
    Matcher matcher = missing.matcher(message);
    if (!matcher.find()) {
      return;
    }
    if (candidates.isEmpty() || noun != null) {
      hint =
          candidates.isEmpty()
              ? "Define it with CREATE TABLE before its use."
              : Suggestions.hint(matcher.group(1), candidates, noun);
    } else if (!Suggestions.nearest(matcher.group(1), candidates).isEmpty()) {
      hint = Suggestions.hint(matcher.group(1), candidates, "names");
    }
  }

  private static Position placeOf(Statement statement, String text) {
    int at = statement.sql().indexOf(text);
    if (at < 0) {
      return statement.start();
    }
    String before = statement.sql().substring(0, at);
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    return statement.start().plus(line, at - before.lastIndexOf('\n'));
  }

  private static String shortened(Throwable t) {
    String text = t.getMessage() == null ? t.getClass().getSimpleName() : t.getMessage();
    int paragraph = text.indexOf("\n\n");
    text = paragraph > 0 ? text.substring(0, paragraph) : text;
    return text.length() > LONGEST_MESSAGE ? text.substring(0, LONGEST_MESSAGE) + " ..." : text;
  }

  private ObjectNode document() {
    ObjectNode error = Json.object();
    error.put("message", message);
    if (position != null) {
      error.put("line", position.line());
      error.put("column", position.column());
    }
    if (statement != null) {
      error.put("statement", statement.sql());
    }
    if (hint != null) {
      error.put("hint", hint);
    }
    if (session != null) {
      error.set("tables", DefinedTables.of(session));
    }
    return Json.object().set("error", error);
  }
}
