package org.xrv.core.image.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * Reads DICOM X-rays: uncompressed, deflated, RLE, JPEG Baseline, JPEG Lossless and JPEG 2000. Of
 * several frames the first is read, of colours the first channel.
 */
public final class Dicom {
  /** No X-ray is larger; the file is read into memory. */
  private static final long MOST_BYTES = 1L << 28;

  /** The attributes of real files end long before. */
  private static final int HEADER = 1 << 16;

  private Dicom() {}

  /**
   * Whether a file that begins with these bytes is DICOM, with or without the preamble.
   *
   * @param head the first 132 bytes of the file, or all it has
   */
  public static boolean looksLike(byte[] head) {
    return DicomFile.looksLike(head);
  }

  /**
   * Reads the attributes only.
   *
   * @throws ProblemException BAD_DATA, naming the file, when it is no DICOM image or damaged
   */
  public static DicomHeader header(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(HEADER);
      try {
        return DicomHeader.of(DicomFile.parse(head, true));
      } catch (DicomException e) {
        if (head.length < HEADER) {
          throw e;
        }
        return DicomHeader.of(DicomFile.parse(bytes(file), true));
      }
    } catch (IOException e) {
      throw problem(file.toString(), e);
    }
  }

  /**
   * Reads the attributes only, of bytes that are in memory.
   *
   * @param name what messages call the file
   * @param content the file, or so much of its beginning that the attributes are in it
   * @throws ProblemException BAD_DATA, with that name, when it is no DICOM image, cut off or
   *     damaged
   */
  public static DicomHeader header(String name, byte[] content) {
    try {
      return DicomHeader.of(DicomFile.parse(content, true));
    } catch (DicomException e) {
      throw problem(name, e);
    }
  }

  /**
   * Reads the attributes and the stored samples.
   *
   * @throws ProblemException BAD_DATA, naming the file, when it is no DICOM image, damaged, or in
   *     an encoding that is not read
   */
  public static DicomImage read(Path file) {
    try {
      return image(bytes(file));
    } catch (IOException e) {
      throw problem(file.toString(), e);
    }
  }

  /**
   * As {@link #read(Path)}, of a file's content that is in memory.
   *
   * @param name what messages call it
   * @throws ProblemException BAD_DATA, with that name
   */
  public static DicomImage read(String name, byte[] content) {
    try {
      return image(content);
    } catch (DicomException e) {
      throw problem(name, e);
    }
  }

  private static DicomImage image(byte[] content) throws DicomException {
    DicomFile elements = DicomFile.parse(content, false);
    DicomHeader header = DicomHeader.of(elements);
    return new DicomImage(header, StoredSamples.of(elements, header.format()));
  }

  private static byte[] bytes(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MOST_BYTES) {
      throw new DicomException(size + " bytes; at most " + MOST_BYTES + " are read");
    }
    return Files.readAllBytes(file);
  }

  private static ProblemException problem(String name, IOException e) {
    String reason =
        e instanceof DicomException ? e.getMessage() : "cannot be read: " + e; // names what failed
    return new ProblemException(
        ProblemKind.BAD_DATA, name + ": " + reason.replaceAll("\\s+", " "), e);
  }
}
