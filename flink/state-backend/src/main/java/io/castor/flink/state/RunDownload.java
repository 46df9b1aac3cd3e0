package io.castor.flink.state;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.runtime.state.KeyGroupRange;

/**
 * Brings of a run what an instance with other key groups needs of it. The rest of the file is a
 * hole. Of one thread.
 */
final class RunDownload {
  /** Smaller files are faster to bring than to ask for what is needed of them. */
  static final int SMALL_BYTES = 4 << 20;

  private static final int BUFFER_BYTES = 1 << 16;
  // What a stream reads in the time that it takes to go elsewhere in its file.
  private static final int LEAST_GAP = 1 << 20;

  private final FSDataInputStream in;
  private final long size;

  RunDownload(FSDataInputStream in, long size) {
    this.in = in;
    this.size = size;
  }

  void bring(KeyGroupRange keyGroups, Path to) throws IOException {
    long[] parts =
        partsOf(size, keyGroups.getStartKeyGroup(), keyGroups.getEndKeyGroup(), LEAST_GAP);
    byte[] buffer = new byte[BUFFER_BYTES];
    try (RandomAccessFile file = new RandomAccessFile(to.toFile(), "rw")) {
      file.setLength(size);
      for (int i = 0; i < parts.length; i += 2) {
        in.seek(parts[i]);
        file.seek(parts[i]);
        for (long left = parts[i + 1]; left > 0; ) {
          int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
          if (read < 0) {
            throw new EOFException("a file of the checkpoint is shorter than it says");
          }
          file.write(buffer, 0, read);
          left -= read;
        }
      }
    }
  }

  /** Native code calls it. */
  private byte[] read(long offset, int bytes) throws IOException {
    byte[] read = new byte[bytes];
    in.seek(offset);
    for (int got = 0; got < bytes; ) {
      int more = in.read(read, got, bytes - got);
      if (more < 0) {
        throw new EOFException("a file of the checkpoint is shorter than it says");
      }
      got += more;
    }
    return read;
  }

  /** Where parts begin and how many bytes they have, in turn. */
  private native long[] partsOf(long size, int firstGroup, int lastGroup, long leastGap);
}
