package io.castor.nexmark.generator;

import java.nio.charset.StandardCharsets;
import org.apache.flink.core.memory.MemorySegment;
import org.apache.flink.core.memory.MemorySegmentFactory;
import org.apache.flink.table.data.binary.BinaryStringData;

/**
 * The texts of {@code spec/nexmark.md}, sections 5 and 6. Texts that exist once (channels, URLs,
 * the pool) are shared by all rows, so a row costs no copy of them.
 */
final class Texts {
  static final int CHANNELS = 10_000;
  static final int HOT_CHANNELS = 4;

  private static final int POOL_SIZE = 1 << 16;
  private static final int FIRST_CHANNEL_WORD = 8192;
  private static final int CUTS = 169;
  private static final byte[] LETTERS = letters();
  private static final String[] HOT_NAMES = {"Google", "Facebook", "Baidu", "Apple"};

  final BinaryStringData[] channels = new BinaryStringData[HOT_CHANNELS + CHANNELS];
  final BinaryStringData[] urls = new BinaryStringData[HOT_CHANNELS + CHANNELS];
  private final MemorySegment[] pool;

  /**
   * @param longestExtra the longest piece that is ever asked of the pool
   */
  Texts(Draws draws, int longestExtra) {
    pool = new MemorySegment[] {MemorySegmentFactory.wrap(poolBytes(draws, longestExtra))};
    for (int slot = 0; slot < channels.length; slot++) {
      channels[slot] = binary(channel(slot));
      urls[slot] = binary(url(draws, slot));
    }
  }

  /** A piece of the pool, not copied. */
  BinaryStringData extra(int offset, int length) {
    return BinaryStringData.fromAddress(pool, offset, length);
  }

  /** Writes {@code length} characters of {@code word}s starting at {@code firstWord}. */
  static void write(
      Draws draws, long n, int firstWord, int length, byte special, byte[] to, int at) {
    for (int j = 0; j < length; j += 4) {
      long word = draws.word(n, firstWord + (j >>> 2));
      int end = Math.min(length - j, 4);
      for (int lane = 0; lane < end; lane++, word >>>= 16) {
        to[at + j + lane] = letter(word, special);
      }
    }
  }

  private static byte letter(long word, byte special) {
    byte letter = LETTERS[(int) ((word & 0xFFFF) * CUTS >>> 16)];
    return letter == 0 ? special : letter;
  }

  private static byte[] letters() {
    byte[] letters = new byte[CUTS];
    for (int v = 13; v < CUTS; v++) {
      letters[v] = (byte) ('a' + (v - 13) / 6);
    }
    return letters;
  }

  /** The pool, repeated far enough that every piece is contiguous. */
  private static byte[] poolBytes(Draws draws, int longestExtra) {
    byte[] bytes = new byte[POOL_SIZE + longestExtra];
    int at = 0;
    for (long i = 0; at < POOL_SIZE; i++) {
      long word = draws.fixedWord(i);
      at = appendSix((int) (word >>> 32), bytes, at);
      at = appendSix((int) word, bytes, at);
    }
    for (int i = POOL_SIZE; i < bytes.length; i++) {
      bytes[i] = bytes[i - POOL_SIZE];
    }
    return bytes;
  }

  private static int appendSix(int r, byte[] to, int at) {
    for (int i = 0; i < 6 && at < POOL_SIZE; i++, at++) {
      to[at] = (byte) ('a' + r % 26);
      r /= 26;
    }
    return at;
  }

  private static String channel(int slot) {
    return slot < HOT_CHANNELS ? HOT_NAMES[slot] : "channel-" + (slot - HOT_CHANNELS);
  }

  private static String url(Draws draws, int slot) {
    long first = FIRST_CHANNEL_WORD + 4L * slot;
    long shape = draws.fixedWord(first);
    StringBuilder url = new StringBuilder("https://www.nexmark.com/");
    for (int part = 0; part < 3; part++) {
      int length = 3 + (int) (lane(shape, part) * 2 >>> 16);
      long word = draws.fixedWord(first + 1 + part);
      for (int j = 0; j < length; j++) {
        url.append((char) letter(word >>> (16 * j), (byte) '_'));
      }
      url.append('/');
    }
    url.append("item.htm?query=1");
    if (slot >= HOT_CHANNELS && lane(shape, 3) * 10 >>> 16 > 0) {
      url.append("&channel_id=").append(Math.abs(Integer.reverse(slot - HOT_CHANNELS)));
    }
    return url.toString();
  }

  private static long lane(long word, int lane) {
    return (word >>> (16 * lane)) & 0xFFFF;
  }

  static BinaryStringData binary(String text) {
    return BinaryStringData.fromBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
