package io.castor.planner.script;

import io.castor.planner.PlanException;
import io.castor.planner.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Cuts a script into statements at semicolons that stand outside of strings, quoted identifiers and
 * comments. The frames of statement sets ({@code EXECUTE STATEMENT SET BEGIN ... END;}, {@code
 * BEGIN STATEMENT SET; ... END;}) are taken off: all INSERTs of a script form one job anyway, and
 * so each INSERT keeps its own position.
 */
public final class ScriptSplitter {

  private static final String[] EXECUTE_SET = {"EXECUTE", "STATEMENT", "SET", "BEGIN"};
  private static final String[] BEGIN_SET = {"BEGIN", "STATEMENT", "SET"};
  private static final String[] END_SET = {"END"};

  private final String script;
  private final List<Statement> statements = new ArrayList<>();
  private int offset;
  private int line = 1;
  private int lineStart;
  private Position openSet;

  private ScriptSplitter(String script) {
    this.script = script;
  }

  public static List<Statement> split(String script) {
    ScriptSplitter splitter = new ScriptSplitter(script);
    splitter.run();
    return splitter.statements;
  }

  private void run() {
    while (skipBlank()) {
      takeStatement();
    }
    if (openSet != null) {
      throw new PlanException("The statement set is not closed.", "Close it with END;").at(openSet);
    }
  }

  private void takeStatement() {
    Position start = here();
    int begin = offset;
    if (script.charAt(offset) == ';') {
      offset++;
      return;
    }
    int frame = frameLength(EXECUTE_SET);
    if (frame > 0) {
      openSet(start);
      moveTo(begin + frame);
      return;
    }
    int end = begin;
    int endLine = line;
    while (offset < script.length() && script.charAt(offset) != ';') {
      if (!skipComment()) {
        skipToken();
        end = offset;
        endLine = line;
      }
      skipSpace();
    }
    if (offset < script.length()) {
      offset++;
    }
    add(script.substring(begin, end), start, endLine);
  }

  private void add(String sql, Position start, int endLine) {
    if (matches(sql, BEGIN_SET)) {
      openSet(start);
    } else if (matches(sql, END_SET)) {
      if (openSet == null) {
        throw new PlanException("END without a statement set.", "Remove it.").at(start);
      }
      openSet = null;
    } else {
      statements.add(new Statement(sql, start, endLine));
    }
  }

  private void openSet(Position start) {
    if (openSet != null) {
      throw new PlanException("Statement sets cannot be nested.", "Close the first one with END;")
          .at(start);
    }
    openSet = start;
  }

  /** Length of the text from here that consists of these words, or 0. */
  private int frameLength(String[] words) {
    int at = offset;
    for (String word : words) {
      at = blankEnd(at);
      int end = at + word.length();
      if (!script.regionMatches(true, at, word, 0, word.length())
          || (end < script.length() && Character.isJavaIdentifierPart(script.charAt(end)))) {
        return 0;
      }
      at = end;
    }
    return at - offset;
  }

  /** Where white space and comments that begin at a place end. */
  private int blankEnd(int at) {
    while (at < script.length()) {
      int comment = commentEnd(at);
      if (comment > at) {
        at = comment;
      } else if (Character.isWhitespace(script.charAt(at))) {
        at++;
      } else {
        break;
      }
    }
    return at;
  }

  private static boolean matches(String sql, String[] words) {
    return String.join(" ", words)
        .equals(sql.strip().replaceAll("\\s+", " ").toUpperCase(Locale.ROOT));
  }

  /** Skips white space and comments; false at the end of the script. */
  private boolean skipBlank() {
    do {
      skipSpace();
    } while (skipComment());
    return offset < script.length();
  }

  private void skipSpace() {
    while (offset < script.length() && Character.isWhitespace(script.charAt(offset))) {
      step();
    }
  }

  private boolean skipComment() {
    int begin = offset;
    int end = commentEnd(begin);
    if (end < 0) {
      throw new PlanException("The comment is not closed.", "Close it with */").at(here());
    }
    moveTo(end);
    return end > begin;
  }

  /** Where the comment that begins at a place ends: there if none does, -1 if it is not closed. */
  private int commentEnd(int at) {
    if (script.startsWith("--", at)) {
      int end = script.indexOf('\n', at);
      return end < 0 ? script.length() : end;
    }
    // A hint is no comment.
    if (script.startsWith("/*", at) && !script.startsWith("/*+", at)) {
      int end = script.indexOf("*/", at + 2);
      return end < 0 ? -1 : end + 2;
    }
    return at;
  }

  /** Skips a quoted text or a single character. */
  private void skipToken() {
    char quote = script.charAt(offset);
    if (quote != '\'' && quote != '`' && quote != '"') {
      step();
      return;
    }
    int end = script.indexOf(quote, offset + 1);
    if (end < 0) {
      throw new PlanException(
              quote == '\'' ? "The string is not closed." : "The quoted name is not closed.",
              "Close it with " + quote)
          .at(here());
    }
    moveTo(end + 1);
  }

  private Position here() {
    return new Position(line, offset - lineStart + 1);
  }

  private void moveTo(int end) {
    while (offset < end) {
      step();
    }
  }

  private void step() {
    if (script.charAt(offset++) == '\n') {
      line++;
      lineStart = offset;
    }
  }
}
