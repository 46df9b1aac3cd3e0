import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.DoubleBinaryOperator;

/** Records results of java.lang.Math, see README.md. The first argument is the file to write. */
public final class JavaMath {
  private static final int ROWS = 1_000_000;
  private static final int LISTED_ROWS = 5_000;

  private long state;
  private final StringBuilder record = new StringBuilder();

  public static void main(String[] args) throws Exception {
    Files.write(Path.of(args[0]), new JavaMath().run().getBytes(StandardCharsets.US_ASCII));
  }

  private String run() {
    record.append("# java.lang.Math of ").append(System.getProperty("java.vm.version"));
    record.append(" on ").append(System.getProperty("os.arch")).append('\n');
    hash("asin", new Range(-30, 0, true), (x, y) -> Math.asin(x));
    hash("acos", new Range(-30, 0, true), (x, y) -> Math.acos(x));
    hash("atan", new Range(-30, 70, true), (x, y) -> Math.atan(x));
    hash("atan2", new Range(-20, 20, true), (x, y) -> Math.atan2(x, y));
    hash("sinh", new Range(-30, 10, true), (x, y) -> Math.sinh(x));
    hash("cosh", new Range(-30, 10, true), (x, y) -> Math.cosh(x));
    hash("tanh", new Range(-30, 6, true), (x, y) -> Math.tanh(x));
    list("log", new Range(-4, 20, false), (x, y) -> Math.log(x));
    list("log10", new Range(-4, 20, false), (x, y) -> Math.log10(x));
    list("exp", new Range(-10, 9, true), (x, y) -> Math.exp(x));
    list("pow", new Range(-5, 5, false), (x, y) -> Math.pow(x, y));
    list("square", new Range(-30, 30, true), (x, y) -> Math.pow(x, 2));
    list("sqrt", new Range(-30, 30, false), (x, y) -> Math.pow(x, 0.5));
    list("sin", new Range(-10, 30, true), (x, y) -> Math.sin(x));
    list("cos", new Range(-10, 30, true), (x, y) -> Math.cos(x));
    list("tan", new Range(-10, 30, true), (x, y) -> Math.tan(x));
    return record.toString();
  }

  /** Doubles with an exponent from {@code from} to before {@code to}. */
  private record Range(int from, int to, boolean signed) {}

  private void hash(String name, Range range, DoubleBinaryOperator function) {
    long hash = 0xcbf29ce484222325L;
    state = 0;
    for (int row = 0; row < ROWS; ++row) {
      double x = next(range);
      long bits = Double.doubleToLongBits(function.applyAsDouble(x, next(range)));
      hash = (hash ^ bits) * 0x100000001b3L;
    }
    start(name, range).append(String.format("hash %d %016x\n", ROWS, hash));
  }

  private void list(String name, Range range, DoubleBinaryOperator function) {
    start(name, range).append(String.format("list %d ", LISTED_ROWS));
    state = 0;
    for (int row = 0; row < LISTED_ROWS; ++row) {
      double x = next(range);
      long bits = Double.doubleToLongBits(function.applyAsDouble(x, next(range)));
      record.append(String.format("%02x", bits & 0xff));
    }
    record.append('\n');
  }

  private StringBuilder start(String name, Range range) {
    record.append(name).append(' ').append(range.from).append(' ').append(range.to);
    return record.append(range.signed ? " signed " : " positive ");
  }

  private double next(Range range) {
    long bits = nextBits();
    long exponent = 1023 + range.from + Long.remainderUnsigned(nextBits(), range.to - range.from);
    long sign = range.signed ? bits & Long.MIN_VALUE : 0;
    return Double.longBitsToDouble(sign | exponent << 52 | bits >>> 12);
  }

  /** SplitMix64: the same in Java and in C++. */
  private long nextBits() {
    state += 0x9e3779b97f4a7c15L;
    long z = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
