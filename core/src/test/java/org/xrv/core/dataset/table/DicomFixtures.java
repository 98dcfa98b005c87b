package org.xrv.core.dataset.table;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The least DICOM that holds an X-ray: 8 bits, Explicit VR Little Endian. */
final class DicomFixtures {
  private DicomFixtures() {}

  static Path gray(Path file, int rows, int columns) {
    byte[] pixels = new byte[rows * columns];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 7 % 251);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[128]);
    out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
    text(out, 0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1\0");
    number(out, 0x0028, 0x0002, 1);
    text(out, 0x0028, 0x0004, "CS", "MONOCHROME2 ");
    number(out, 0x0028, 0x0010, rows);
    number(out, 0x0028, 0x0011, columns);
    number(out, 0x0028, 0x0100, 8);
    number(out, 0x0028, 0x0101, 8);
    number(out, 0x0028, 0x0102, 7);
    number(out, 0x0028, 0x0103, 0);
    ByteBuffer head = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    head.putShort((short) 0x7FE0)
        .putShort((short) 0x0010)
        .put("OW".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(head.putShort((short) 0).putInt(pixels.length).array());
    out.writeBytes(pixels);
    try {
      Files.createDirectories(file.getParent());
      return Files.write(file, out.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void text(
      ByteArrayOutputStream out, int group, int element, String vr, String value) {
    element(out, group, element, vr, value.getBytes(StandardCharsets.US_ASCII));
  }

  private static void number(ByteArrayOutputStream out, int group, int element, int value) {
    element(out, group, element, "US", new byte[] {(byte) value, (byte) (value >> 8)});
  }

  private static void element(
      ByteArrayOutputStream out, int group, int element, String vr, byte[] value) {
    out.writeBytes(
        ByteBuffer.allocate(8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putShort((short) group)
            .putShort((short) element)
            .put(vr.getBytes(StandardCharsets.US_ASCII))
            .putShort((short) value.length)
            .array());
    out.writeBytes(value);
  }
}
