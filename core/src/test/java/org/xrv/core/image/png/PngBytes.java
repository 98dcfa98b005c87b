package org.xrv.core.image.png;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.xrv.core.random.KeyedRandom;

/** Writes PNG files for tests, every filter and kind as asked; slow and plain. */
record PngBytes(int width, int height, int depth, int colour) {
  private int pixelBytes() {
    return new PngHeader(width, height, depth, colour, 0).pixelBytes();
  }

  /** Rows of smooth noise in all channels: [height][width * pixelBytes]. */
  byte[][] rows(KeyedRandom random) {
    byte[][] rows = new byte[height][width * pixelBytes()];
    int value = 0;
    for (byte[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        value += random.nextInt(9) - 4;
        row[i] = (byte) (random.nextInt(50) == 0 ? random.nextInt(256) : value);
      }
    }
    return rows;
  }

  /** Filters row r with {@code filters[r % filters.length]}, packs and wraps. */
  byte[] file(byte[][] rows, int level, int... filters) {
    ByteArrayOutputStream filtered = new ByteArrayOutputStream();
    for (int row = 0; row < height; row++) {
      int filter = filters[row % filters.length];
      filtered.write(filter);
      for (int i = 0; i < rows[row].length; i++) {
        filtered.write(at(rows, row, i) - predicted(rows, row, i, filter));
      }
    }
    byte[] packed = deflate(filtered.toByteArray(), level, Deflater.DEFAULT_STRATEGY);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(new byte[] {(byte) 137, 'P', 'N', 'G', 13, 10, 26, 10});
    byte[] header =
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put((byte) depth)
            .put((byte) colour)
            .array();
    file.writeBytes(chunk("IHDR", header));
    file.writeBytes(chunk("tEXt", new byte[] {'a', 0, 'b'}));
    int half = packed.length / 2;
    file.writeBytes(chunk("IDAT", java.util.Arrays.copyOf(packed, half)));
    file.writeBytes(chunk("IDAT", java.util.Arrays.copyOfRange(packed, half, packed.length)));
    file.writeBytes(chunk("IEND", new byte[0]));
    return file.toByteArray();
  }

  private static int at(byte[][] rows, int row, int i) {
    return row < 0 || i < 0 ? 0 : rows[row][i] & 0xff;
  }

  private int predicted(byte[][] rows, int row, int i, int filter) {
    int a = at(rows, row, i - pixelBytes());
    int b = at(rows, row - 1, i);
    int c = at(rows, row - 1, i - pixelBytes());
    return switch (filter) {
      case 1 -> a;
      case 2 -> b;
      case 3 -> (a + b) / 2;
      case 4 -> {
        int p = a + b - c; // as the specification writes it
        int pa = Math.abs(p - a);
        int pb = Math.abs(p - b);
        int pc = Math.abs(p - c);
        yield pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
      }
      default -> 0;
    };
  }

  static byte[] deflate(byte[] data, int level, int strategy) {
    Deflater deflater = new Deflater(level);
    deflater.setStrategy(strategy);
    deflater.setInput(data);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return out.toByteArray();
  }

  static byte[] chunk(String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    return ByteBuffer.allocate(12 + data.length)
        .putInt(data.length)
        .put(name)
        .put(data)
        .putInt((int) crc.getValue())
        .array();
  }
}
