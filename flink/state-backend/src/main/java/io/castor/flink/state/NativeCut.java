package io.castor.flink.state;

/**
 * The state of an instance at a moment.
 *
 * <p>Made in the thread of the instance; from then on of any one thread, but for {@link #giveUp},
 * which any other may call meanwhile. It outlives the instance.
 */
final class NativeCut implements AutoCloseable {
  private long handle;

  NativeCut(long store) {
    handle = start(store);
  }

  /** Until it can be read. {@code byOwner}: in the thread of the instance. */
  void await(boolean byOwner) {
    await(handle(), byOwner);
  }

  /** Whoever waits for it gets an exception. */
  synchronized void giveUp() {
    if (handle != 0) {
      giveUp(handle);
    }
  }

  /** With the paths of its files, which are there until it is closed. After {@link #await}. */
  NativeCheckpoint describe() {
    Object[] described = describe(handle());
    return new NativeCheckpoint((byte[]) described[0], (String[]) described[1]);
  }

  /** All that a state had. */
  TableScan scan(String state) {
    return new TableScan(openScan(handle(), state));
  }

  @Override
  public synchronized void close() {
    if (handle != 0) {
      release(handle);
      handle = 0;
    }
  }

  private long handle() {
    if (handle == 0) {
      throw new GeminiException("the snapshot has been released");
    }
    return handle;
  }

  private static native long start(long store);

  private static native void await(long cut, boolean byOwner);

  private static native void giveUp(long cut);

  private static native void release(long cut);

  /** A byte[] and a String[]. */
  private static native Object[] describe(long cut);

  private static native long openScan(long cut, String state);

  /** Null at the end. */
  static native byte[] nextPage(long scan);

  static native void closeScan(long scan);
}
