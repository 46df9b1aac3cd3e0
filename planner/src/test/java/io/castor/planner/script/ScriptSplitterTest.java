package io.castor.planner.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.castor.planner.PlanException;
import io.castor.planner.Position;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptSplitterTest {

  private static List<String> texts(String script) {
    return ScriptSplitter.split(script).stream().map(Statement::sql).toList();
  }

  @Test
  void splitsAtSemicolonsOutsideOfQuotesAndComments() {
    assertEquals(
        List.of("SELECT ';', `a;b`", "SELECT 2 -- not; here\n + 1", "SELECT /* ; */ 3"),
        texts("SELECT ';', `a;b`; SELECT 2 -- not; here\n + 1;\nSELECT /* ; */ 3"));
  }

  @Test
  void doubledQuotesStayInTheString() {
    assertEquals(List.of("SELECT 'it''s; fine'"), texts("SELECT 'it''s; fine';"));
  }

  @Test
  void commentsAroundStatementsAreDropped() {
    assertEquals(List.of("SET 'a' = 'b'"), texts("-- x\n/* y; */ SET 'a' = 'b' -- z\n; -- end"));
  }

  @Test
  void hintsAreNoComments() {
    assertEquals(List.of("/*+ X */ SELECT 1"), texts("/*+ X */ SELECT 1;"));
  }

  @Test
  void emptyStatementsVanish() {
    assertEquals(List.of(), texts(" ;; -- nothing\n ; "));
  }

  @Test
  void knowsPlaces() {
    List<Statement> statements = ScriptSplitter.split("SELECT 1;\n\n  SELECT\n 2;");
    assertEquals(new Position(1, 1), statements.get(0).start());
    assertEquals(new Position(3, 3), statements.get(1).start());
    assertEquals(4, statements.get(1).endLine());
  }

  @Test
  void takesFramesOfStatementSetsOff() {
    List<Statement> statements =
        ScriptSplitter.split(
            "EXECUTE STATEMENT /* x */ SET\n"
                + "BEGIN INSERT INTO a SELECT 1;\n"
                + " INSERT INTO b SELECT 2; END;\n"
                + "begin statement set; INSERT INTO c SELECT 3; end;");
    assertEquals(
        List.of("INSERT INTO a SELECT 1", "INSERT INTO b SELECT 2", "INSERT INTO c SELECT 3"),
        statements.stream().map(Statement::sql).toList());
    assertEquals(new Position(2, 7), statements.get(0).start());
  }

  @Test
  void refusesWhatIsNotClosed() {
    PlanException string = assertThrows(PlanException.class, () -> texts("SELECT 1;\n SELECT 'a"));
    assertEquals(new Position(2, 9), string.position());
    assertThrows(PlanException.class, () -> texts("SELECT /* 1"));
    assertThrows(PlanException.class, () -> texts("BEGIN STATEMENT SET; INSERT INTO a SELECT 1;"));
    assertThrows(PlanException.class, () -> texts("SELECT 1; END;"));
  }
}
