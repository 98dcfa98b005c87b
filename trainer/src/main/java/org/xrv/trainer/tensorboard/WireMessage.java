package org.xrv.trainer.tensorboard;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A protobuf message in its wire format (protobuf.dev/programming-guides/encoding): as much of it
 * as TensorBoard's events need. Fields come in the order in which they are put.
 */
final class WireMessage {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** int32, int64 or enum; of int32 not below 0. */
  WireMessage integer(int field, long value) {
    tag(field, VARINT);
    varint(value);
    return this;
  }

  WireMessage float64(int field, double value) {
    tag(field, FIXED64);
    littleEndian(Double.doubleToLongBits(value), Double.BYTES);
    return this;
  }

  WireMessage float32(int field, float value) {
    tag(field, FIXED32);
    littleEndian(Float.floatToIntBits(value), Float.BYTES);
    return this;
  }

  WireMessage text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  WireMessage bytes(int field, byte[] value) {
    tag(field, LENGTH);
    varint(value.length);
    bytes.writeBytes(value);
    return this;
  }

  WireMessage message(int field, WireMessage value) {
    return bytes(field, value.encoded());
  }

  byte[] encoded() {
    return bytes.toByteArray();
  }

  private void tag(int field, int type) {
    varint(((long) field << 3) | type);
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }

  private void littleEndian(long bits, int count) {
    for (int i = 0; i < count; i++) {
      bytes.write((int) (bits >>> (8 * i)));
    }
  }
}
