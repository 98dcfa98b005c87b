package org.xrv.converter.onnx;

/** Texts of a file within a message. */
final class OneLine {
  private static final int MOST = 400;

  private OneLine() {}

  /** A text without its line breaks and other control characters, cut where it is very long. */
  static String of(String text) {
    String line = String.valueOf(text).replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]+", " ");
    return line.length() <= MOST ? line : line.substring(0, MOST) + " ...";
  }
}
