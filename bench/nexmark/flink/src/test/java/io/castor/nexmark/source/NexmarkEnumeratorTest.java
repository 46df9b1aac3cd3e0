package io.castor.nexmark.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

class NexmarkEnumeratorTest {
  @Test
  void aReaderThatIsDoneDoesNotGetTheSplitOfOneThatIsLate() {
    List<NexmarkSplit> splits = NexmarkEnumerator.firstSplits(2);
    NexmarkEnumerator enumerator = new NexmarkEnumerator(null, splits);
    assertEquals(splits.get(0), enumerator.take(0, 2));
    assertNull(enumerator.take(0, 2));
    assertEquals(splits.get(1), enumerator.take(1, 2));
  }

  @Test
  void fewerReadersGetAllSplits() {
    NexmarkEnumerator enumerator = new NexmarkEnumerator(null, NexmarkEnumerator.firstSplits(3));
    assertEquals(0, enumerator.take(0, 2).first());
    assertEquals(2, enumerator.take(0, 2).first());
    assertEquals(1, enumerator.take(1, 2).first());
    assertNull(enumerator.take(1, 2));
  }
}
