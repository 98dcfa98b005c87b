package org.xrv.core.image.png;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import java.util.zip.CRC32;

/**
 * Decodes plain PNG files from memory (<a href="https://www.w3.org/TR/png-3/">specification</a>).
 * Checksums are compared. Safe for several threads.
 */
public final class Png {
  /** As for DICOM; no X-ray is larger. */
  private static final int MOST_PIXELS = 1 << 25;

  /** Deflate cannot pack more than this many times (258 bytes in two bits). */
  private static final int MOST_DEFLATED = 1032;

  /** Buffers up to this size are kept for the thread's next image. */
  private static final int KEPT_BYTES = 1 << 23;

  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454E44;
  private static final int CHUNK = 12;

  private static final ThreadLocal<Buffers> OF_THREAD = ThreadLocal.withInitial(Buffers::new);

  private Png() {}

  /** Whether a file is PNG of a kind that {@link #read} decodes. */
  public static boolean reads(byte[] file) {
    return PngHeader.looksLike(file) && PngHeader.of(file).plain();
  }

  /**
   * Decodes the first channel.
   *
   * @param file the whole file, for which {@link #reads} says yes
   * @throws PngException when it is damaged or larger than any X-ray
   */
  public static PngImage read(byte[] file) throws PngException {
    return read(file, int[]::new);
  }

  /**
   * As {@link #read(byte[])}.
   *
   * @param samples gives an array of so many elements, with anything in them, for the result
   */
  public static PngImage read(byte[] file, IntFunction<int[]> samples) throws PngException {
    PngHeader header = PngHeader.of(file);
    long pixels = (long) header.width() * header.height();
    if (header.width() < 1 || header.height() < 1) {
      throw new PngException("declares no pixels; the file is damaged");
    }
    if (pixels > MOST_PIXELS) {
      throw new PngException(
          "declares "
              + Integer.toUnsignedString(header.height())
              + " x "
              + Integer.toUnsignedString(header.width())
              + " pixels; at most "
              + MOST_PIXELS
              + " are read");
    }
    Buffers buffers = OF_THREAD.get();
    byte[] packed = buffers.packed(file.length + Inflate.SLACK_IN);
    int length = joinData(file, packed);
    int filteredBytes = (int) header.filteredBytes();
    if ((long) length * MOST_DEFLATED < filteredBytes) {
      throw new PngException("the image data are truncated");
    }
    byte[] filtered = buffers.filtered(filteredBytes + Inflate.SLACK_OUT);
    // The packed data have been compared with their chunks' checksums: a second one, of the result,
    // could only tell of a mistake of the program that packed them, and costs a twentieth.
    buffers.inflate.unpack(packed, length, filtered, filteredBytes, false);
    int[] out = samples.apply((int) pixels);
    Filters.firstChannel(filtered, header, out);
    return new PngImage(header.height(), header.width(), out, header.depth() == 8 ? 255 : 65535);
  }

  /** What a thread needs again for its next image. */
  private static final class Buffers {
    private final Inflate inflate = new Inflate();
    private byte[] packed = {};
    private byte[] filtered = {};

    byte[] packed(int size) {
      byte[] enough = packed.length >= size ? packed : new byte[size];
      packed = size <= KEPT_BYTES ? enough : packed;
      return enough;
    }

    byte[] filtered(int size) {
      byte[] enough = filtered.length >= size ? filtered : new byte[size];
      filtered = size <= KEPT_BYTES ? enough : filtered;
      return enough;
    }
  }

  /** Copies the data of all IDAT chunks, one after the other; returns how many bytes they are. */
  private static int joinData(byte[] file, byte[] to) throws PngException {
    ByteBuffer in = ByteBuffer.wrap(file);
    CRC32 crc = new CRC32();
    int length = 0;
    for (int at = 8; at + CHUNK <= file.length; ) {
      int size = in.getInt(at);
      int type = in.getInt(at + 4);
      if (size < 0 || size > file.length - at - CHUNK) {
        throw new PngException("the image is truncated in the chunk at byte " + at);
      }
      // Of the others, a wrong text or time does no harm.
      if (type == IDAT || at == 8) {
        crc.reset();
        crc.update(file, at + 4, size + 4);
        if ((int) crc.getValue() != in.getInt(at + 8 + size)) {
          throw new PngException(
              "the checksum of chunk "
                  + new String(file, at + 4, 4, StandardCharsets.US_ASCII)
                  + " at byte "
                  + at
                  + " is wrong; the file is damaged");
        }
      }
      if (type == IDAT) {
        System.arraycopy(file, at + 8, to, length, size);
        length += size;
      }
      if (type == IEND) {
        break;
      }
      at += CHUNK + size;
    }
    return length;
  }
}
