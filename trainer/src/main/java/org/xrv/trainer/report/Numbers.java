package org.xrv.trainer.report;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers for people. */
final class Numbers {
  private Numbers() {}

  /** With so many significant digits at most, without trailing zeros. */
  static String text(double value, int digits) {
    if (!Double.isFinite(value)) {
      return String.valueOf(value);
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (rounded.signum() == 0) {
      return "0";
    }
    if (exponent >= -4 && exponent < 7) {
      return rounded.toPlainString();
    }
    BigDecimal mantissa = rounded.scaleByPowerOfTen(-exponent).stripTrailingZeros();
    return mantissa.toPlainString() + "e" + exponent;
  }

  /** Short, for axes: 20000 is 20k. */
  static String axis(double value) {
    double size = Math.abs(value);
    if (size >= 1e6 && size < 1e10) {
      return text(value / 1e6, 4) + "M";
    }
    return size >= 1e4 && size < 1e6 ? text(value / 1e3, 4) + "k" : text(value, 4);
  }
}
