package org.xrv.trainer.tensorboard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/** Reads event files the plain way, with every checksum. */
final class EventFile {
  /**
   * An event with at most one value.
   *
   * @param scalar NaN when it has none
   * @param image empty when it has none
   */
  record Event(
      double time,
      long step,
      String version,
      boolean start,
      String tag,
      float scalar,
      long height,
      long width,
      ByteBuffer image) {}

  private EventFile() {}

  static List<Event> read(Path file) throws IOException {
    byte[] all = Files.readAllBytes(file);
    ByteBuffer bytes = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
    List<Event> events = new ArrayList<>();
    while (bytes.hasRemaining()) {
      int at = bytes.position();
      long length = bytes.getLong();
      check(all, at, 8, bytes.getInt());
      int data = bytes.position();
      byte[] record = new byte[Math.toIntExact(length)];
      bytes.get(record);
      check(all, data, record.length, bytes.getInt());
      events.add(event(record));
    }
    return events;
  }

  private static void check(byte[] bytes, int from, int length, int masked) throws IOException {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    long value = crc.getValue();
    long expected = (((value >>> 15) | (value << 17)) + 0xa282ead8L) & 0xffffffffL;
    if (expected != (masked & 0xffffffffL)) {
      throw new IOException("checksum of " + length + " bytes at " + from);
    }
  }

  private static Event event(byte[] record) throws IOException {
    Map<Integer, Object> event = fields(record);
    Map<Integer, Object> value = Map.of();
    if (event.get(5) instanceof byte[] summary) {
      value = fields((byte[]) fields(summary).get(1));
    }
    Map<Integer, Object> image =
        value.get(4) instanceof byte[] picture ? fields(picture) : Map.of();
    boolean start =
        event.get(7) instanceof byte[] log && Long.valueOf(1).equals(fields(log).get(1));
    return new Event(
        Double.longBitsToDouble((long) event.get(1)),
        (long) event.getOrDefault(2, 0L),
        text(event.get(3)),
        start,
        text(value.get(1)),
        value.containsKey(2) ? Float.intBitsToFloat((int) value.get(2)) : Float.NaN,
        (long) image.getOrDefault(1, 0L),
        (long) image.getOrDefault(2, 0L),
        ByteBuffer.wrap((byte[]) image.getOrDefault(4, new byte[0])));
  }

  private static String text(Object bytes) {
    return bytes == null ? "" : new String((byte[]) bytes, StandardCharsets.UTF_8);
  }

  private static Map<Integer, Object> fields(byte[] message) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    Map<Integer, Object> fields = new HashMap<>();
    while (in.hasRemaining()) {
      long tag = varint(in);
      Object value;
      switch ((int) (tag & 7)) {
        case 0 -> value = varint(in);
        case 1 -> value = in.getLong();
        case 5 -> value = in.getInt();
        case 2 -> {
          byte[] bytes = new byte[Math.toIntExact(varint(in))];
          in.get(bytes);
          value = bytes;
        }
        default -> throw new IOException("wire type " + (tag & 7));
      }
      fields.put((int) (tag >>> 3), value);
    }
    return fields;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = in.get();
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }
}
