package io.castor.oracle.rowtext;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.function.Predicate;

/**
 * Floating-point numbers with the fewest digits that read back as the same value, laid out as Java
 * does. JDK 17's own conversion is not always the shortest.
 */
final class ShortestDecimal {

  private static final int DOUBLE_DIGITS = 17;
  private static final int FLOAT_DIGITS = 9;

  private ShortestDecimal() {}

  static String print(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return Double.toString(value);
    }
    BigDecimal exact = new BigDecimal(value);
    return layout(shortest(exact, DOUBLE_DIGITS, d -> d.doubleValue() == value));
  }

  static String print(float value) {
    if (value == 0 || !Float.isFinite(value)) {
      return Float.toString(value);
    }
    BigDecimal exact = new BigDecimal(value);
    return layout(shortest(exact, FLOAT_DIGITS, d -> d.floatValue() == value));
  }

  private static BigDecimal shortest(BigDecimal exact, int most, Predicate<BigDecimal> same) {
    for (int digits = 1; digits < most; digits++) {
      BigDecimal below = exact.round(new MathContext(digits, RoundingMode.FLOOR));
      BigDecimal above = exact.round(new MathContext(digits, RoundingMode.CEILING));
      boolean belowFits = same.test(below);
      boolean aboveFits = same.test(above);
      if (belowFits && aboveFits) {
        boolean belowIsNearer = exact.subtract(below).compareTo(above.subtract(exact)) <= 0;
        return belowIsNearer ? below : above;
      }
      if (belowFits || aboveFits) {
        return belowFits ? below : above;
      }
    }
    return exact.round(new MathContext(most, RoundingMode.HALF_EVEN));
  }

  private static String layout(BigDecimal number) {
    String digits = number.unscaledValue().abs().toString().replaceFirst("0+$", "");
    String sign = number.signum() < 0 ? "-" : "";
    int exponent = number.precision() - number.scale() - 1;
    if (exponent < -3 || exponent > 6) {
      String fraction = digits.length() == 1 ? "0" : digits.substring(1);
      return sign + digits.charAt(0) + "." + fraction + "E" + exponent;
    }
    if (exponent < 0) {
      return sign + "0." + "0".repeat(-exponent - 1) + digits;
    }
    String padded = digits + "0".repeat(Math.max(0, exponent + 2 - digits.length()));
    return sign + padded.substring(0, exponent + 1) + "." + padded.substring(exponent + 1);
  }
}
