package io.castor.nexmark.generator;

/** Log-uniform prices in integer arithmetic, {@code spec/nexmark.md}, section 5. */
final class Prices {
  private static final int STEPS = 1024;
  private static final double RATIO = 0x1.037a2f29726fep+0;
  private static final long[] TABLE = table();

  private Prices() {}

  private static long[] table() {
    long[] table = new long[STEPS + 1];
    double value = 100.0;
    for (int i = 0; i <= STEPS; i++) {
      table[i] = (long) (value * (1 << 20));
      value *= RATIO;
    }
    return table;
  }

  /** The price for a 32-bit draw. */
  static long price(long draw) {
    int i = (int) (draw >>> 22);
    long fraction = draw & ((1 << 22) - 1);
    long low = TABLE[i];
    return (low + ((TABLE[i + 1] - low) * fraction >> 22) + (1 << 19)) >> 20;
  }
}
