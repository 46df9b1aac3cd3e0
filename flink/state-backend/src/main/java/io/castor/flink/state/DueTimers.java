package io.castor.flink.state;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputDeserializer;

/** What {@link NativeStore#popTimers} has given: the earliest timers of a table, in their order. */
final class DueTimers {
  private final DataInputDeserializer in;
  private final long nextTime;
  private final boolean more;
  private byte[] timer;

  /** The input is read while it is walked. */
  DueTimers(DataInputDeserializer in) {
    this.in = in;
    try {
      nextTime = in.readLong();
      more = in.readInt() != 0;
    } catch (IOException failure) {
      throw new GeminiException("timers cannot be read", failure);
    }
  }

  /** Before this time there are no others. */
  long nextTime() {
    return nextTime;
  }

  /** False: certainly there are no others. */
  boolean mayBeMore() {
    return more;
  }

  /** To the next one. */
  boolean next() {
    if (in.available() == 0) {
      return false;
    }
    try {
      timer = new byte[in.readInt()];
      in.readFully(timer);
    } catch (IOException failure) {
      throw new GeminiException("timers cannot be read", failure);
    }
    return true;
  }

  byte[] timer() {
    return timer;
  }
}
