package org.xrv.core.image.dicom;

import com.github.jaiimageio.jpeg2000.J2KImageWriteParam;
import com.github.jaiimageio.jpeg2000.impl.J2KImageWriterSpi;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.xrv.core.random.KeyedRandom;

/** Writes small DICOM files, right ones and wrong ones, in Explicit VR Little Endian. */
final class DicomBytes {
  static final String EXPLICIT = "1.2.840.10008.1.2.1";
  static final String RLE = "1.2.840.10008.1.2.5";
  static final String JPEG = "1.2.840.10008.1.2.4.50";
  static final String JPEG_2000 = "1.2.840.10008.1.2.4.90";

  private final Map<Integer, byte[]> elements = new TreeMap<>(Integer::compareUnsigned);
  private String syntax = EXPLICIT;
  private boolean preamble = true;

  /** A MONOCHROME2 image of 16 bits allocated and 12 stored, sample i being i * 7 % 4096. */
  static DicomBytes xray(int rows, int columns) {
    byte[] pixels = new byte[2 * rows * columns];
    for (int i = 0; i < rows * columns; i++) {
      pixels[2 * i] = (byte) (i * 7 % 4096);
      pixels[2 * i + 1] = (byte) (i * 7 % 4096 >> 8);
    }
    return new DicomBytes()
        .text(Tags.PATIENT_ID, "P1")
        .text(Tags.VIEW_POSITION, "PA")
        .text(Tags.PHOTOMETRIC, "MONOCHROME2")
        .number(Tags.SAMPLES_PER_PIXEL, 1)
        .number(Tags.ROWS, rows)
        .number(Tags.COLUMNS, columns)
        .number(Tags.BITS_ALLOCATED, 16)
        .number(Tags.BITS_STORED, 12)
        .number(Tags.HIGH_BIT, 11)
        .number(Tags.PIXEL_REPRESENTATION, 0)
        .element(Tags.PIXEL_DATA, "OW", pixels);
  }

  /** A noisy image of 8 bits. */
  private static BufferedImage noise(int rows, int columns) {
    BufferedImage image = new BufferedImage(columns, rows, BufferedImage.TYPE_BYTE_GRAY);
    KeyedRandom random = KeyedRandom.of(3, "noise");
    for (int i = 0; i < rows * columns; i++) {
      image.getRaster().setSample(i % columns, i / columns, 0, i % 97 + random.nextInt(60));
    }
    return image;
  }

  private static DicomBytes eightBits(int rows, int columns, String syntax) {
    return xray(rows, columns)
        .syntax(syntax)
        .number(Tags.BITS_ALLOCATED, 8)
        .number(Tags.BITS_STORED, 8)
        .number(Tags.HIGH_BIT, 7);
  }

  static byte[] jpeg(int rows, int columns) {
    try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
      ImageIO.write(noise(rows, columns), "jpeg", out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static DicomBytes jpegXray(int rows, int columns) {
    return eightBits(rows, columns, JPEG).fragments(jpeg(rows, columns));
  }

  static DicomBytes jpeg2000Xray(int rows, int columns) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      ImageWriter writer = new J2KImageWriterSpi().createWriterInstance(null);
      J2KImageWriteParam lossless = (J2KImageWriteParam) writer.getDefaultWriteParam();
      lossless.setWriteCodeStreamOnly(true);
      writer.setOutput(stream);
      writer.write(null, new IIOImage(noise(rows, columns), null, null), lossless);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return eightBits(rows, columns, JPEG_2000).fragments(out.toByteArray());
  }

  /** 16 bits in RLE: the high bytes as runs, the low ones literally. */
  static DicomBytes rleXray(int rows, int columns) {
    int pixels = rows * columns;
    ByteArrayOutputStream high = new ByteArrayOutputStream();
    ByteArrayOutputStream low = new ByteArrayOutputStream();
    for (int done = 0; done < pixels; done += 64) {
      int count = Math.min(64, pixels - done);
      high.write(1 - count);
      high.write(done / 64 % 16);
      low.write(count - 1);
      for (int i = 0; i < count; i++) {
        low.write((done + i) * 7);
      }
    }
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes(little(64).putInt(2).putInt(64).putInt(64 + high.size()).array());
    frame.writeBytes(high.toByteArray());
    frame.writeBytes(low.toByteArray());
    return xray(rows, columns).syntax(RLE).fragments(frame.toByteArray());
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  DicomBytes syntax(String uid) {
    syntax = uid;
    return this;
  }

  DicomBytes withoutPreamble() {
    preamble = false;
    return this;
  }

  DicomBytes number(int tag, int value) {
    return element(tag, "US", little(2).putShort((short) value).array());
  }

  DicomBytes text(int tag, String value) {
    return element(tag, "CS", value.getBytes(StandardCharsets.ISO_8859_1));
  }

  DicomBytes without(int tag) {
    elements.remove(tag);
    return this;
  }

  DicomBytes element(int tag, String vr, byte[] value) {
    byte[] even = Arrays.copyOf(value, value.length + value.length % 2);
    elements.put(tag, encode(tag, vr, even.length, even));
    return this;
  }

  /** A value whose length is left open; the bytes must bring their delimiters. */
  DicomBytes open(int tag, String vr, byte[] value) {
    elements.put(tag, encode(tag, vr, -1, value));
    return this;
  }

  private static byte[] encode(int tag, String vr, int length, byte[] value) {
    boolean wide = vr.startsWith("O") || vr.equals("SQ") || vr.equals("UN");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(little(4).putShort((short) (tag >>> 16)).putShort((short) tag).array());
    out.writeBytes(vr.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(
        wide
            ? little(6).putShort((short) 0).putInt(length).array()
            : little(2).putShort((short) length).array());
    out.writeBytes(value);
    return out.toByteArray();
  }

  /** Items with their tags and lengths, and the delimiter behind them. */
  static byte[] items(byte[]... values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] value : values) {
      int padded = value.length + value.length % 2;
      out.writeBytes(item(Tags.ITEM, padded));
      out.writeBytes(Arrays.copyOf(value, padded));
    }
    out.writeBytes(item(Tags.SEQUENCE_END, 0));
    return out.toByteArray();
  }

  static byte[] item(int tag, int length) {
    return little(8).putShort((short) (tag >>> 16)).putShort((short) tag).putInt(length).array();
  }

  /** Compressed pixel data with an empty offset table. */
  DicomBytes fragments(byte[]... fragments) {
    byte[][] all = new byte[fragments.length + 1][];
    all[0] = new byte[0];
    System.arraycopy(fragments, 0, all, 1, fragments.length);
    return open(Tags.PIXEL_DATA, "OB", items(all));
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (preamble) {
      out.writeBytes(new byte[128]);
      out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
      byte[] uid = syntax.getBytes(StandardCharsets.US_ASCII);
      byte[] even = Arrays.copyOf(uid, uid.length + uid.length % 2);
      out.writeBytes(encode(Tags.TRANSFER_SYNTAX, "UI", even.length, even));
    }
    elements.values().forEach(out::writeBytes);
    return out.toByteArray();
  }

  void write(Path file) {
    try {
      Files.write(file, bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
