package io.castor.nexmark.generator;

/** Counter-based random numbers of {@code spec/nexmark.md}, section 4. */
final class Draws {
  private static final long G = 0x9E3779B97F4A7C15L;
  private static final int WORDS_PER_EVENT_LOG2 = 6;

  private final long key;

  Draws(long seed) {
    this.key = mix(seed + G);
  }

  static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Word {@code k} of event {@code n}. */
  long word(long n, int k) {
    return mix(key + ((n << WORDS_PER_EVENT_LOG2) + k) * G);
  }

  /** Words for the texts that do not depend on an event. */
  long fixedWord(long i) {
    return mix(key + (-1 - i) * G);
  }

  /** Maps the upper half of a word to {@code 0 .. bound - 1}. */
  static long pickHigh(long word, long bound) {
    return ((word >>> 32) * bound) >>> 32;
  }

  /** Maps the lower half of a word to {@code 0 .. bound - 1}. */
  static long pickLow(long word, long bound) {
    return ((word & 0xFFFFFFFFL) * bound) >>> 32;
  }
}
