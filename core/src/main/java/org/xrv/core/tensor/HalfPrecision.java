package org.xrv.core.tensor;

/** IEEE 754 binary16. */
public final class HalfPrecision {
  /** The largest finite value. */
  public static final float MAX = 65504;

  private HalfPrecision() {}

  /** The value of sixteen bits, exactly; Float.float16ToFloat comes with JDK 20. */
  public static float toFloat(short bits) {
    int exponent = (bits >> 10) & 0x1f;
    int mantissa = bits & 0x3ff;
    float magnitude;
    if (exponent == 0) {
      magnitude = mantissa * 0x1p-24f;
    } else if (exponent == 31) {
      magnitude = mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else {
      magnitude = Math.scalb(1 + mantissa * 0x1p-10f, exponent - 15);
    }
    return bits < 0 ? -magnitude : magnitude;
  }

  /**
   * The nearest sixteen bits, of two equally near ones the even; from 65520 on infinity, up to
   * 2^-25 zero. NaN stays NaN. Float.floatToFloat16 comes with JDK 20.
   */
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      return (short) (sign | 0x7e00);
    } else if (magnitude >= 0x477ff000) { // 65520
      return (short) (sign | 0x7c00);
    } else if (magnitude < 0x38800000) { // 2^-14: subnormal, a whole number of 2^-24
      return (short) (sign | (int) Math.rint(Math.abs((double) value) * 0x1p24));
    }
    int shifted = magnitude - 0x38000000; // the bias is 15 instead of 127
    int even = shifted >> 13 & 1;
    return (short) (sign | (shifted + 0xfff + even) >> 13);
  }
}
