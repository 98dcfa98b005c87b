package org.xrv.core.image.png;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import org.xrv.core.random.KeyedRandom;

/** PNG and JPEG files of a few hundred bytes, one of each kind that is read. */
public final class SmallPictures {
  private static final int GREY_16 = BufferedImage.TYPE_USHORT_GRAY;

  private SmallPictures() {}

  /** By what they are. */
  public static Map<String, byte[]> all() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("8-bit grey PNG", png(8, 0));
    files.put("16-bit grey PNG", png(16, 0));
    files.put("8-bit RGB PNG", png(8, 2));
    files.put("16-bit RGB PNG", png(16, 2));
    files.put("8-bit grey and alpha PNG", png(8, 4));
    files.put("8-bit RGBA PNG", png(8, 6));
    files.put("1-bit PNG", written("png", BufferedImage.TYPE_BYTE_BINARY));
    files.put("palette PNG", written("png", BufferedImage.TYPE_BYTE_INDEXED));
    files.put("grey JPEG", written("jpeg", BufferedImage.TYPE_BYTE_GRAY));
    files.put("RGB JPEG", written("jpeg", BufferedImage.TYPE_INT_RGB));
    return files;
  }

  private static byte[] png(int depth, int colour) {
    PngBytes png = new PngBytes(12, 9, depth, colour);
    return png.file(png.rows(KeyedRandom.of(5, "small")), 6, 0, 1, 2, 3, 4);
  }

  private static byte[] written(String format, int type) {
    BufferedImage image = new BufferedImage(16, 16, type);
    KeyedRandom random = KeyedRandom.of(GREY_16, format, "type " + type);
    for (int i = 0; i < 256; i++) {
      int sample = random.nextInt(type == BufferedImage.TYPE_BYTE_BINARY ? 2 : 100);
      for (int band = 0; band < image.getRaster().getNumBands(); band++) {
        image.getRaster().setSample(i % 16, i / 16, band, sample);
      }
    }
    try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
      ImageIO.write(image, format, out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same PNG with right checksums of its chunks, which a fuzzer would not find. */
  public static byte[] repaired(byte[] file) {
    byte[] repaired = file.clone();
    java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(repaired);
    java.util.zip.CRC32 crc = new java.util.zip.CRC32();
    for (int at = 8; at + 12 <= file.length; ) {
      int size = buffer.getInt(at);
      if (size < 0 || size > file.length - at - 12) {
        break;
      }
      crc.reset();
      crc.update(repaired, at + 4, size + 4);
      buffer.putInt(at + 8 + size, (int) crc.getValue());
      at += 12 + size;
    }
    return repaired;
  }

  /** The same file with another size in its header, the checksum being right. */
  public static byte[] declaring(int width, int height, int depth, int colour, int interlace) {
    java.nio.ByteBuffer header =
        java.nio.ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put((byte) depth)
            .put((byte) colour)
            .put(12, (byte) interlace);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(new byte[] {(byte) 137, 'P', 'N', 'G', 13, 10, 26, 10});
    file.writeBytes(PngBytes.chunk("IHDR", header.array()));
    if (colour == 3) {
      file.writeBytes(PngBytes.chunk("PLTE", new byte[6]));
    }
    file.writeBytes(
        PngBytes.chunk(
            "IDAT", PngBytes.deflate(new byte[1 << 16], 9, java.util.zip.Deflater.FILTERED)));
    file.writeBytes(PngBytes.chunk("IEND", new byte[0]));
    return file.toByteArray();
  }
}
