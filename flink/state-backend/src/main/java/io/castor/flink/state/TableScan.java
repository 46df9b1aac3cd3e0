package io.castor.flink.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What one state had when a cut was made, entry by entry, in the order of positions and keys; of a
 * list each call that appended is an entry. Not thread-safe.
 */
final class TableScan implements AutoCloseable {
  private static final int HEAD_BYTES = 20;

  private long handle;
  private byte[] page = new byte[0];
  private ByteBuffer heads = ByteBuffer.wrap(page);
  private int next;
  private long position;
  private int key;
  private int keyLength;
  private int userKeyLength;
  private int valueLength;

  TableScan(long handle) {
    this.handle = handle;
  }

  /** To the next entry. False at the end, which closes the scan. */
  boolean next() {
    if (next == page.length && !nextPage()) {
      return false;
    }
    position = heads.getLong(next);
    keyLength = heads.getInt(next + 8);
    userKeyLength = heads.getInt(next + 12);
    valueLength = heads.getInt(next + 16);
    key = next + HEAD_BYTES;
    next = key + keyLength + userKeyLength + valueLength;
    return true;
  }

  int keyGroup() {
    return (int) (position >>> 32);
  }

  /** Of key and namespace. */
  int keyLength() {
    return keyLength;
  }

  /** As the order of entries has it; the same key has the same in all states. */
  int compareKey(TableScan other) {
    int order = Long.compareUnsigned(position, other.position);
    return order != 0
        ? order
        : Arrays.compareUnsigned(
            page, key, key + keyLength, other.page, other.key, other.key + other.keyLength);
  }

  byte[] copyOfKey() {
    return Arrays.copyOfRange(page, key, key + keyLength);
  }

  boolean hasKey(byte[] bytes) {
    return Arrays.equals(page, key, key + keyLength, bytes, 0, bytes.length);
  }

  /** Whether these are key and user key, behind a prefix. */
  boolean hasKeys(byte[] bytes, int prefixBytes) {
    return Arrays.equals(
        page, key, key + keyLength + userKeyLength, bytes, prefixBytes, bytes.length);
  }

  /** Key and user key behind a prefix, which is left to the caller. */
  byte[] copyOfKeys(int prefixBytes) {
    byte[] copy = new byte[prefixBytes + keyLength + userKeyLength];
    System.arraycopy(page, key, copy, prefixBytes, keyLength + userKeyLength);
    return copy;
  }

  byte[] copyOfValue() {
    int begin = key + keyLength + userKeyLength;
    return Arrays.copyOfRange(page, begin, begin + valueLength);
  }

  private boolean nextPage() {
    byte[] read = handle == 0 ? null : NativeCut.nextPage(handle);
    if (read == null) {
      close();
      return false;
    }
    page = read;
    heads = ByteBuffer.wrap(page).order(ByteOrder.nativeOrder());
    next = 0;
    return true;
  }

  @Override
  public void close() {
    if (handle != 0) {
      NativeCut.closeScan(handle);
      handle = 0;
    }
  }
}
