package org.xrv.core.dataset.cache;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * What follows the pixels in a shard: of each image its number and a checksum, and why some could
 * not be read. The last 12 bytes are the length of this, its CRC-32C, and a mark.
 */
@SuppressWarnings("ArrayRecordComponent") // private to the package, never changed
record ShardTrailer(int[] checksums, int[] items, Map<Integer, String> problems) {
  static final int FOOTER_BYTES = 12;
  private static final int MARK = 0x58525653; // XRVS

  ShardTrailer {
    problems = Collections.unmodifiableMap(new TreeMap<>(problems));
  }

  /** CRC-32C (RFC 3720), which processors compute. */
  static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /** Bytes of a trailer and its footer without problems. */
  static long bytes(long items) {
    return 4 * (2 * items + 2) + FOOTER_BYTES;
  }

  /**
   * Bytes of the trailer and its footer, by the footer.
   *
   * @throws IllegalArgumentException when it is none
   */
  static long bytes(ByteBuffer footer) {
    ByteBuffer in = footer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int length = in.getInt();
    in.getInt();
    if (length < 0 || in.getInt() != MARK) {
      throw new IllegalArgumentException("not a shard");
    }
    return (long) length + FOOTER_BYTES;
  }

  byte[] encode() {
    int length = 4 * (2 * checksums.length + 2);
    for (String problem : problems.values()) {
      length += 8 + problem.getBytes(StandardCharsets.UTF_8).length;
    }
    ByteBuffer out = ByteBuffer.allocate(length + FOOTER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(checksums.length);
    for (int checksum : checksums) {
      out.putInt(checksum);
    }
    for (int item : items) {
      out.putInt(item);
    }
    out.putInt(problems.size());
    problems.forEach(
        (slot, problem) -> {
          byte[] utf8 = problem.getBytes(StandardCharsets.UTF_8);
          out.putInt(slot).putInt(utf8.length).put(utf8);
        });
    out.putInt(length).putInt(checksum(out.slice(0, length))).putInt(MARK);
    return out.array();
  }

  /**
   * Reads the end of a shard.
   *
   * @throws IllegalArgumentException when it does not end as a shard does
   */
  static ShardTrailer decode(ByteBuffer shard) {
    try {
      ByteBuffer footer =
          shard.slice(shard.limit() - FOOTER_BYTES, FOOTER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      int length = footer.getInt();
      int expected = footer.getInt();
      if (footer.getInt() != MARK) {
        throw new IllegalArgumentException("not a shard");
      }
      ByteBuffer in =
          shard.slice(shard.limit() - FOOTER_BYTES - length, length).order(ByteOrder.LITTLE_ENDIAN);
      if (checksum(in.duplicate()) != expected) {
        throw new IllegalArgumentException("the trailer is damaged");
      }
      int[] checksums = new int[count(in, Integer.BYTES)];
      in.asIntBuffer().get(checksums);
      in.position(in.position() + 4 * checksums.length);
      int[] items = new int[checksums.length];
      in.asIntBuffer().get(items);
      in.position(in.position() + 4 * items.length);
      Map<Integer, String> problems = new TreeMap<>();
      for (int n = in.getInt(); n > 0; n--) {
        int slot = in.getInt();
        byte[] utf8 = new byte[count(in, 1)];
        in.get(utf8);
        problems.put(slot, new String(utf8, StandardCharsets.UTF_8));
      }
      return new ShardTrailer(checksums, items, problems);
    } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
      throw new IllegalArgumentException("not a shard", e);
    }
  }

  /** Compared with what is left before memory is taken for so many. */
  private static int count(ByteBuffer in, int bytesEach) {
    int count = in.getInt();
    if (count < 0 || count > in.remaining() / bytesEach) {
      throw new IllegalArgumentException("not a shard");
    }
    return count;
  }
}
