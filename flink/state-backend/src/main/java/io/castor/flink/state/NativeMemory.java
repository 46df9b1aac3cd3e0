package io.castor.flink.state;

/** What all state of a slot may take together. Thread-safe. */
final class NativeMemory implements AutoCloseable {
  private final long handle;

  NativeMemory(long bytes) {
    handle = NativeStore.openMemory(bytes);
  }

  long handle() {
    return handle;
  }

  long usedBytes() {
    return NativeStore.usedMemory(handle);
  }

  /** After that of every store that uses it. */
  @Override
  public void close() {
    NativeStore.closeMemory(handle);
  }
}
