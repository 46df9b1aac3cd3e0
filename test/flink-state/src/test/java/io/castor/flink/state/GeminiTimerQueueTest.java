package io.castor.flink.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.apache.flink.runtime.state.InternalPriorityQueue;
import org.apache.flink.runtime.state.InternalPriorityQueueTestBase;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flink's own tests of priority queues, with most of what is in the queue in native code. */
public class GeminiTimerQueueTest extends InternalPriorityQueueTestBase {
  private static final int KEY_GROUPS = KEY_GROUP_RANGE.getNumberOfKeyGroups();

  @TempDir private Path folder;
  private NativeMemory memory;
  private NativeStore store;
  private int queues;

  int cacheSize() {
    return 2;
  }

  @BeforeEach
  void open() throws IOException {
    NativeLibrary.load(folder.toFile());
    memory = new NativeMemory(64 << 20);
    File files = Files.createDirectory(folder.resolve("files")).toFile();
    store =
        new NativeStore(
            files, KEY_GROUPS, KEY_GROUP_RANGE, memory, TtlTimeProvider.DEFAULT, List.of());
  }

  @AfterEach
  void close() {
    store.close();
    memory.close();
  }

  @Override
  protected InternalPriorityQueue<TestElement> newPriorityQueue(int initialCapacity) {
    return newQueue();
  }

  private GeminiTimerQueue<TestElement> newQueue() {
    String name = "queue " + queues++;
    return new GeminiTimerQueue<>(
        store,
        name,
        store.addTable(name, NativeStore.TIMERS),
        TestElementSerializer.INSTANCE,
        KEY_GROUP_RANGE,
        KEY_GROUPS,
        cacheSize());
  }

  @Override
  protected boolean testSetSemanticsAgainstDuplicateElements() {
    return true;
  }

  /** Many at the same time, and some near the bounds of what a time can be. */
  @Test
  void itGoesAsASetOnTheHeap() {
    Random random = new Random(7);
    GeminiTimerQueue<TestElement> queue = newQueue();
    Comparator<TestElement> order = TEST_ELEMENT_PRIORITY_COMPARATOR::comparePriority;
    TreeSet<TestElement> model = new TreeSet<>(order.thenComparingLong(TestElement::getKey));
    for (int step = 0; step < 20_000; ++step) {
      TestElement element = new TestElement(random.nextInt(20), timeOf(random.nextInt(25)));
      switch (random.nextInt(step % 1000 < 500 ? 4 : 6)) {
        case 0:
        case 1:
          queue.add(element);
          model.add(element);
          break;
        case 2:
          queue.remove(element);
          model.remove(element);
          break;
        case 3:
          if (random.nextInt(20) == 0) {
            queue.writeBack();
          }
          break;
        default:
          TestElement polled = queue.poll();
          assertThat(polled == null).isEqualTo(model.isEmpty());
          if (polled != null) {
            assertThat(polled.getPriority()).isEqualTo(model.first().getPriority());
            assertThat(model.remove(polled)).isTrue();
          }
      }
    }
    assertThat(queue.size()).isEqualTo(model.size());
    for (int group : KEY_GROUP_RANGE) {
      assertThat(queue.getSubsetForKeyGroup(group))
          .allMatch(
              timer ->
                  KeyGroupRangeAssignment.assignToKeyGroup(timer.getKey(), KEY_GROUPS) == group
                      && model.remove(timer));
    }
    assertThat(model).isEmpty();
  }

  private static long timeOf(int choice) {
    switch (choice) {
      case 0:
        return Long.MAX_VALUE;
      case 1:
        return Long.MIN_VALUE;
      default:
        return choice < 15 ? choice : (choice - 20) * 1_000_000L;
    }
  }
}
