package org.xrv.core.image.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.random.KeyedRandom;

/**
 * Damaged files lead to a sentence, never to another exception, a lack of memory or a long wait.
 */
class DicomRobustnessTest {
  private static final int STEP = 97;
  private static final int FLIPS = 2000;
  private static final long MOST_BYTES = 256L << 20;

  /** For one file; generous, because other work may hold the processor. */
  private static final Duration MOST_TIME = Duration.ofSeconds(30);

  @TempDir Path folder;

  enum Kind {
    NATIVE,
    RLE,
    JPEG,
    JPEG_2000;

    byte[] bytes() {
      return switch (this) {
        case NATIVE ->
            DicomBytes.xray(24, 32)
                .open(0x0008_1115, "SQ", DicomBytes.items(new byte[6], new byte[8]))
                .bytes();
        case RLE -> DicomBytes.rleXray(24, 32).bytes();
        case JPEG -> DicomBytes.jpegXray(24, 32).bytes();
        case JPEG_2000 -> DicomBytes.jpeg2000Xray(24, 32).bytes();
      };
    }
  }

  /** Returns whether the file was read. */
  private static boolean survives(Path file, String what) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);
    boolean read = true;
    try {
      Dicom.read(file);
    } catch (ProblemException e) {
      read = false;
      assertEquals(ProblemKind.BAD_DATA, e.kind(), what);
      assertEquals(1, e.getMessage().lines().count(), what + ": " + e.getMessage());
      assertTrue(e.getMessage().contains("x.dcm"), what + ": " + e.getMessage());
    } catch (RuntimeException | Error e) {
      throw new AssertionError(what, e);
    }
    long taken = threads.getThreadAllocatedBytes(thread) - before;
    assertTrue(taken < MOST_BYTES, what + " took " + taken + " bytes");
    return read;
  }

  @ParameterizedTest
  @EnumSource
  void shouldSurviveTruncation(Kind kind) throws IOException {
    byte[] bytes = kind.bytes();
    Path file = folder.resolve("x.dcm");
    Files.write(file, bytes);
    assertTrue(survives(file, "the whole file"));
    for (int length = 0; length < bytes.length; length += STEP) {
      Files.write(file, Arrays.copyOf(bytes, length));
      assertThrows(ProblemException.class, () -> Dicom.read(file), kind + " cut at " + length);
      survives(file, kind + " cut at " + length);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldSurviveWrongBytes(Kind kind) throws IOException {
    byte[] bytes = kind.bytes();
    Path file = folder.resolve("x.dcm");
    KeyedRandom random = KeyedRandom.of(97, "flips", kind.name());
    int read = 0;
    for (int i = 0; i < FLIPS; i++) {
      byte[] damaged = bytes.clone();
      int at = 128 + random.nextInt(damaged.length - 128); // the preamble has no meaning
      damaged[at] = (byte) random.nextInt(256);
      Files.write(file, damaged);
      String what = kind + " with " + damaged[at] + " at " + at;
      read += assertTimeoutPreemptively(MOST_TIME, () -> survives(file, what), what) ? 1 : 0;
    }
    assertTrue(read > 0 && read < FLIPS, kind + ": " + read + " of " + FLIPS + " were read");
  }
}
