package org.xrv.converter.torch;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** The bytes of pickles, counted. */
final class PickleInput {
  private static final int LONGEST_LINE = 4096;

  private final InputStream in;
  private final long most;
  private long position;

  /**
   * @param most bytes that may be read
   */
  PickleInput(InputStream in, long most) {
    this.in = in;
    this.most = most;
  }

  long position() {
    return position;
  }

  int octet() throws IOException {
    int b = in.read();
    if (b < 0) {
      throw Unreadable.damaged("its pickle ends early; the file may be truncated");
    }
    advance(1);
    return b;
  }

  byte[] bytes(long n) throws IOException {
    if (n < 0 || n > most - position) {
      throw Unreadable.damaged("a value of " + n + " bytes in its pickle");
    }
    // Grows with what is there: a length that is not true takes no memory
    byte[] bytes = in.readNBytes((int) n);
    if (bytes.length != n) {
      throw Unreadable.damaged("its pickle ends early; the file may be truncated");
    }
    advance(n);
    return bytes;
  }

  private void advance(long n) {
    position += n;
    if (position > most) {
      throw Unreadable.damaged("its pickle is longer than " + most + " bytes");
    }
  }

  /** A little-endian number without sign. */
  long unsigned(int width) throws IOException {
    long value = 0;
    for (int i = 0; i < width; i++) {
      value |= (long) octet() << (8 * i);
    }
    return value;
  }

  int signed32() throws IOException {
    return (int) unsigned(4);
  }

  /** A little-endian number in two's complement of any length; as Long where it fits. */
  Number integer(long width) throws IOException {
    if (width > 64) {
      throw Unreadable.damaged("a whole number of " + width + " bytes in its pickle");
    }
    byte[] little = bytes(width);
    byte[] big = new byte[little.length];
    for (int i = 0; i < little.length; i++) {
      big[i] = little[little.length - 1 - i];
    }
    return big.length == 0 ? 0L : fitting(new BigInteger(big));
  }

  private static Number fitting(BigInteger value) {
    return value.bitLength() < 64 ? (Number) value.longValue() : value;
  }

  double real() throws IOException {
    long bits = 0;
    for (int i = 0; i < 8; i++) {
      bits = (bits << 8) | octet();
    }
    return Double.longBitsToDouble(bits);
  }

  String text(long n) throws IOException {
    return new String(bytes(n), StandardCharsets.UTF_8);
  }

  /** Up to the next line break. */
  String line() throws IOException {
    var line = new java.io.ByteArrayOutputStream();
    for (int b = octet(); b != '\n'; b = octet()) {
      line.write(b);
      if (line.size() > LONGEST_LINE) {
        throw Unreadable.damaged("a line of more than " + LONGEST_LINE + " bytes in its pickle");
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /** A whole number in decimals. */
  Number decimal(String line) {
    String digits = line.endsWith("L") ? line.substring(0, line.length() - 1) : line;
    if (!digits.matches("-?\\d{1,100}")) {
      throw Unreadable.damaged("'" + line + "' in its pickle is no number");
    }
    return fitting(new BigInteger(digits));
  }
}
