package io.castor.nexmark.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.castor.nexmark.generator.NexmarkConfig;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.table.data.RowData;
import org.junit.jupiter.api.Test;

class NexmarkReaderTest {
  private final NexmarkConfig config = new NexmarkConfig();
  private final List<String> read = new ArrayList<>();

  NexmarkReaderTest() {
    config.eventsNum = 1_017;
  }

  @Test
  void theUnionIsTheSameAtAnyParallelism() throws Exception {
    List<String> all = allEvents();
    assertEquals(1_017, all.size());
    for (int parallelism : new int[] {2, 3, 100}) {
      read.clear();
      for (NexmarkSplit split : NexmarkEnumerator.firstSplits(parallelism)) {
        assertEquals(InputStatus.END_OF_INPUT, drain(reader(List.of(split))));
      }
      assertEquals(all, sorted(), "parallelism " + parallelism);
    }
  }

  @Test
  void aRestoredReaderGoesOnWhereTheSnapshotStood() throws Exception {
    List<String> all = allEvents();
    read.clear();
    List<NexmarkSplit> snapshot = new ArrayList<>();
    for (NexmarkSplit split : NexmarkEnumerator.firstSplits(2)) {
      NexmarkReader reader = reader(List.of(split));
      for (int i = 0; i < 123; i++) {
        reader.pollNext(output());
      }
      for (NexmarkSplit left : reader.snapshotState(1)) {
        snapshot.add(
            NexmarkSplit.SERIALIZER.deserialize(1, NexmarkSplit.SERIALIZER.serialize(left)));
      }
    }
    assertEquals(InputStatus.END_OF_INPUT, drain(reader(snapshot)));
    assertEquals(all, sorted());
  }

  @Test
  void lingersAndKeepsAlive() throws Exception {
    config.lingerMillis = 50;
    NexmarkReader reader = reader(NexmarkEnumerator.firstSplits(1));
    assertEquals(InputStatus.NOTHING_AVAILABLE, drain(reader));
    assertFalse(reader.isAvailable().isDone());
    reader.isAvailable().get(10, TimeUnit.SECONDS);
    assertEquals(InputStatus.END_OF_INPUT, drain(reader));

    config.keepAlive = true;
    NexmarkReader alive = reader(NexmarkEnumerator.firstSplits(1));
    assertEquals(InputStatus.NOTHING_AVAILABLE, drain(alive));
    assertFalse(alive.isAvailable().isDone());
  }

  @Test
  void keepsThePace() throws Exception {
    config.paced = true;
    config.rate = 10;
    NexmarkReader reader = reader(NexmarkEnumerator.firstSplits(1));
    assertEquals(InputStatus.NOTHING_AVAILABLE, drain(reader));
    assertTrue(read.size() < 20, read.size() + " events at once at 10 a second");
    int before = read.size();
    reader.isAvailable().get(10, TimeUnit.SECONDS);
    assertEquals(InputStatus.NOTHING_AVAILABLE, drain(reader));
    assertTrue(read.size() > before);
  }

  private List<String> allEvents() throws Exception {
    assertEquals(InputStatus.END_OF_INPUT, drain(reader(NexmarkEnumerator.firstSplits(1))));
    return sorted();
  }

  private List<String> sorted() {
    return read.stream().sorted().toList();
  }

  /** A reader that has been given its splits and told that there will be no more. */
  private NexmarkReader reader(List<NexmarkSplit> splits) {
    NexmarkReader reader = new NexmarkReader(stub(SourceReaderContext.class), config);
    reader.addSplits(splits);
    reader.start();
    reader.notifyNoMoreSplits();
    return reader;
  }

  /** Polls until nothing is available. */
  private InputStatus drain(NexmarkReader reader) throws Exception {
    InputStatus status = InputStatus.MORE_AVAILABLE;
    while (status == InputStatus.MORE_AVAILABLE) {
      status = reader.pollNext(output());
    }
    return status;
  }

  @SuppressWarnings("unchecked")
  private ReaderOutput<RowData> output() {
    return (ReaderOutput<RowData>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ReaderOutput.class},
            (proxy, method, arguments) -> {
              assertEquals("collect", method.getName());
              read.add(arguments[0].toString());
              return null;
            });
  }

  /** Answers every call with null: the reader only sends requests, which need no answer here. */
  private static <T> T stub(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null));
  }
}
