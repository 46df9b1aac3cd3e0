package io.castor.flink.state;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.annotation.Nullable;
import org.apache.flink.runtime.state.StateSnapshotTransformer;

/**
 * A table's entries. What has been appended to a list in several calls is one; what a transformer
 * leaves nothing of is none.
 */
final class TableEntries implements StateEntries {
  private final TableScan scan;
  @Nullable private final StateSnapshotTransformer<byte[]> transformer;
  private final int prefixBytes;
  private boolean ahead; // the scan is at an entry that has not been given
  private byte[] key;
  private byte[] value;

  TableEntries(
      TableScan scan, @Nullable StateSnapshotTransformer<byte[]> transformer, int prefixBytes) {
    this.scan = scan;
    this.transformer = transformer;
    this.prefixBytes = prefixBytes;
    ahead = scan.next();
  }

  @Override
  public boolean next(int keyGroup) throws IOException {
    while (ahead && scan.keyGroup() == keyGroup) {
      key = scan.copyOfKeys(prefixBytes);
      for (int i = 0; i < prefixBytes; ++i) {
        key[i] = (byte) (keyGroup >>> 8 * (prefixBytes - 1 - i));
      }
      value = readValue();
      if (transformer != null) {
        value = transformer.filterOrTransform(value);
      }
      if (value != null) {
        return true;
      }
    }
    return false;
  }

  private byte[] readValue() throws IOException {
    byte[] first = scan.copyOfValue();
    ahead = scan.next();
    if (!ahead || !scan.hasKeys(key, prefixBytes)) {
      return first;
    }
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.write(first);
    while (ahead && scan.hasKeys(key, prefixBytes)) {
      joined.write(GeminiListState.DELIMITER);
      joined.write(scan.copyOfValue());
      ahead = scan.next();
    }
    return joined.toByteArray();
  }

  @Override
  public byte[] key() {
    return key;
  }

  @Override
  public byte[] value() {
    return value;
  }

  @Override
  public void close() {
    scan.close();
  }
}
