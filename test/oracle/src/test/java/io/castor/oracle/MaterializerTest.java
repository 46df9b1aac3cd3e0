package io.castor.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.utils.LogicalTypeParser;
import org.junit.jupiter.api.Test;

class MaterializerTest {

  private static ResultTable table(Integer... key) {
    RowType type =
        (RowType)
            LogicalTypeParser.parse(
                "ROW<k INT, v STRING>", MaterializerTest.class.getClassLoader());
    return new ResultTable("t", type, List.of(key));
  }

  @Test
  void retractsWholeRowsAndKeepsCopies() {
    assertEquals(
        List.of("+I[1, \"b\"]", "+I[2, \"x\"]", "+I[2, \"x\"]"),
        table()
            .materialize(
                List.of(
                    "+I[2, \"x\"]",
                    "+I[1, \"a\"]",
                    "+I[2, \"x\"]",
                    "-U[1, \"a\"]",
                    "+U[1, \"b\"]")));
  }

  @Test
  void upsertsByKey() {
    assertEquals(
        List.of("+I[1, \"b\"]"),
        table(0)
            .materialize(
                List.of(
                    "+I[1, \"a\"]", "+U[1, \"b\"]", "+I[2, \"x\"]", "-D[2, NULL]", "-D[3, NULL]")));
  }

  @Test
  void aKeyDoesNotMatterWithFullRetraction() {
    List<String> changes = List.of("+I[1, \"a\"]", "-U[1, \"a\"]", "+U[1, \"b\"]");
    assertEquals(List.of("+I[1, \"b\"]"), table(0).materialize(changes));
  }

  @Test
  void refusesToRemoveWhatIsNotThere() {
    List<String> changes = List.of("+I[1, \"a\"]", "-D[1, \"b\"]");
    assertThrows(IllegalStateException.class, () -> table().materialize(changes));
  }
}
