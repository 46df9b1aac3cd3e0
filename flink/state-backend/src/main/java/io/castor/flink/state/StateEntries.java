package io.castor.flink.state;

import java.io.IOException;

/** What one state has to say in a canonical snapshot: entries by ascending key groups. */
interface StateEntries extends AutoCloseable {
  /** To the next entry of the key group, if there is one. Groups are asked for in their order. */
  boolean next(int keyGroup) throws IOException;

  /** With the key group in front. The caller's from then on. */
  byte[] key();

  byte[] value();

  @Override
  void close();
}
