package io.castor.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SuggestionsTest {

  private static final List<String> FEW = List.of("path", "format");

  private static final List<String> MANY =
      Stream.concat(
              Stream.of("table.exec.emit.early", "table.exec.emit.late"),
              IntStream.range(0, 30).mapToObj(i -> "table.exec.sink.option-" + i))
          .toList();

  @Test
  void namesWhatIsNear() {
    assertEquals("Did you mean 'path'?", Suggestions.hint("pth", FEW, "options"));
  }

  @Test
  void listsAFewWhenNoneIsNear() {
    assertEquals("Known options: 'format', 'path'.", Suggestions.hint("connector", FEW, "options"));
  }

  @Test
  void listsTheGroupWhenThereAreMany() {
    assertEquals(
        "Known options that begin with 'table.exec.emit.': 'table.exec.emit.early',"
            + " 'table.exec.emit.late'.",
        Suggestions.hint("table.exec.emit.something-else", MANY, "options"));
    assertEquals(
        "There are 30 options that begin with 'table.exec.sink.'.",
        Suggestions.hint("table.exec.sink.unheard-of-thing", MANY, "options"));
    assertEquals(
        "There are 32 options, none of them like it.",
        Suggestions.hint("something else altogether", MANY, "options"));
  }
}
