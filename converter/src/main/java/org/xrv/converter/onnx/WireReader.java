package org.xrv.converter.onnx;

import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Goes through protobuf's wire format field by field
 * (https://protobuf.dev/programming-guides/encoding), so that large fields can be left where they
 * are.
 */
final class WireReader {
  private static final int BUFFER = 1 << 16;

  private final ByteSource source;
  private final long size;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).limit(0);
  private long bufferEnd;

  WireReader(ByteSource source) throws IOException {
    this.source = source;
    this.size = source.size();
  }

  long position() {
    return bufferEnd - buffer.remaining();
  }

  long size() {
    return size;
  }

  private void fill() throws IOException {
    int n = (int) Math.min(BUFFER, size - bufferEnd);
    if (n <= 0) {
      throw new MalformedException("it ends early");
    }
    buffer.clear().limit(n);
    source.read(bufferEnd, buffer);
    buffer.flip();
    bufferEnd += n;
  }

  private byte next() throws IOException {
    if (!buffer.hasRemaining()) {
      fill();
    }
    return buffer.get();
  }

  long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte b = next();
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new MalformedException("a number has more than ten bytes");
  }

  /** The length of a field, which must end before a limit. */
  long length(long limit) throws IOException {
    long length = varint();
    if (length < 0 || length > limit - position()) {
      throw new MalformedException("a field is longer than what holds it");
    }
    return length;
  }

  void skip(long n) throws IOException {
    long to = position() + n;
    if (n <= buffer.remaining()) {
      buffer.position(buffer.position() + (int) n);
    } else if (to <= size) {
      buffer.limit(0).position(0);
      bufferEnd = to;
    } else {
      throw new MalformedException("it ends early");
    }
  }

  /** Goes behind the value of a field. */
  void skipValue(int tag, long limit) throws IOException {
    switch (WireFormat.getTagWireType(tag)) {
      case WireFormat.WIRETYPE_VARINT -> varint();
      case WireFormat.WIRETYPE_FIXED64 -> skip(8);
      case WireFormat.WIRETYPE_LENGTH_DELIMITED -> skip(length(limit));
      case WireFormat.WIRETYPE_FIXED32 -> skip(4);
      default -> throw new MalformedException("a field of unknown kind");
    }
    if (position() > limit) {
      throw new MalformedException("a field is longer than what holds it");
    }
  }

  /** The tag of the next field. */
  int tag() throws IOException {
    long tag = varint();
    if (tag >>> 32 != 0 || tag >>> 3 == 0) {
      throw new MalformedException("a field without a number");
    }
    return (int) tag;
  }

  /** Copies what lies between two positions; the position stays as it is. */
  void copy(long from, long to, ByteArrayOutputStream into) throws IOException {
    long left = to - from;
    if (left > Integer.MAX_VALUE - 1024L - into.size()) {
      throw new MalformedException("more than 2 GiB beside its weights");
    }
    long bufferStart = bufferEnd - buffer.limit();
    if (from >= bufferStart && to <= bufferEnd) {
      into.write(buffer.array(), (int) (from - bufferStart), (int) left);
      return;
    }
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(left, BUFFER));
    for (long at = from; at < to; at += chunk.limit()) {
      chunk.clear().limit((int) Math.min(BUFFER, to - at));
      source.read(at, chunk);
      into.write(chunk.array(), 0, chunk.limit());
    }
  }

  /** Bytes that are no protobuf message. */
  static final class MalformedException extends IOException {
    private static final long serialVersionUID = 1;

    MalformedException(String message) {
      super(message);
    }
  }
}
