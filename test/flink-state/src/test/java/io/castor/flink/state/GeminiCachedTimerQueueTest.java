package io.castor.flink.state;

/** The same with most of what is in the queue on the heap. */
public class GeminiCachedTimerQueueTest extends GeminiTimerQueueTest {
  @Override
  int cacheSize() {
    return 128;
  }
}
