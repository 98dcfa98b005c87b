package org.xrv.core.image.dicom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** One radiograph in 58 encodings, written by pydicom, DCMTK and GDCM, beside its raw samples. */
class DicomFormatsTest {
  private static final Path SHARED = Path.of(System.getProperty("xrv.shared"));
  private static final Path FORMATS = SHARED.resolve("data/xrays/originals/dicom_formats");

  /** Every file that is there must be in one of these three lists. */
  private static final String EXACT =
      """
      m1_12 m1_12_deflated m1_12_explBE m1_12_implLE m1_12_j2kLL m1_12_jpgLL_SV1
      m1_12_jpgLL_p14sv4 m1_12_rle
      m1_14 m1_14_deflated m1_14_explBE m1_14_implLE m1_14_j2kLL m1_14_jpgLL_SV1
      m1_14_jpgLL_p14sv4 m1_14_rle
      m2_12 m2_12_deflated m2_12_explBE m2_12_implLE m2_12_j2kLL m2_12_jpgLL_SV1
      m2_12_jpgLL_p14sv4 m2_12_rle
      m2_16 m2_16_deflated m2_16_explBE m2_16_implLE m2_16_j2kLL m2_16_jpgLL_SV1
      m2_16_jpgLL_p14sv4 m2_16_rle
      m2_8 m2_8_deflated m2_8_explBE m2_8_implLE m2_8_j2kLL m2_8_jpgBase m2_8_jpgLL_SV1
      m2_8_jpgLL_p14sv4 m2_8_rle
      m2_s16 m2_s16_deflated m2_s16_explBE m2_s16_implLE m2_s16_j2kLL m2_s16_jpgLL_SV1
      m2_s16_jpgLL_p14sv4 m2_s16_rle
      """;

  /** Lossy, without an expected result of its own; compared with the image before compression. */
  private static final String LOSSY = "m2_8_j2klossy";

  private static final String REFUSED =
      """
      m1_12_jpegls m1_14_jpegls m2_12_jpegls m2_16_jpegls m2_8_jpegls m2_s16_jpegls
      m1_12_jpgExt12 m2_12_jpgExt12
      """;

  private static Set<String> names(String text) {
    return new TreeSet<>(Set.of(text.strip().split("\\s+")));
  }

  @BeforeEach
  void shared() {
    assumeTrue(Files.exists(FORMATS), "the encodings are not here");
  }

  private static DicomImage read(String name) {
    return Dicom.read(FORMATS.resolve(name + ".dcm"));
  }

  /** Little-endian samples of 8 or 16 bits. */
  private static int[] expected(String name, PixelFormat format) throws IOException {
    byte[] raw;
    try (InputStream in =
        new GZIPInputStream(
            Files.newInputStream(FORMATS.resolve("expected/" + name + ".raw.gz")))) {
      raw = in.readAllBytes();
    }
    int[] samples = new int[format.pixels()];
    assertEquals(raw.length, samples.length * format.bitsAllocated() / 8);
    for (int i = 0; i < samples.length; i++) {
      samples[i] =
          format.bitsAllocated() == 8
              ? raw[i] & 0xff
              : ((format.signed() ? raw[2 * i + 1] : raw[2 * i + 1] & 0xff) << 8)
                  | (raw[2 * i] & 0xff);
    }
    return samples;
  }

  @Test
  void shouldLeaveNoEncodingOut() throws IOException {
    Set<String> all = names(EXACT);
    all.addAll(names(LOSSY));
    all.addAll(names(REFUSED));
    Set<String> there = new TreeSet<>();
    try (Stream<Path> files = Files.list(FORMATS)) {
      files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.endsWith(".dcm"))
          .forEach(f -> there.add(f.substring(0, f.length() - 4)));
    }
    assertEquals(there, all);
    assertEquals(58, all.size());
    assertEquals(49, names(EXACT).size());
  }

  @Test
  void shouldReadEveryLosslessEncodingBitByBit() throws IOException {
    for (String name : names(EXACT)) {
      DicomImage image = read(name);
      // JPEG Baseline is lossy and has a result of its own.
      String original =
          name.endsWith("_jpgBase") ? name : name.replaceFirst("^([^_]+_[^_]+)_.*", "$1");
      assertArrayEquals(expected(original, image.header().format()), image.stored(), name);
      assertEquals("PA", image.header().view(), name);
      assertEquals("H4TEST", image.header().patient(), name);
    }
  }

  @Test
  void shouldReadLossyJpeg2000CloseToTheOriginal() throws IOException {
    DicomImage image = read(LOSSY);
    int[] original = expected("m2_8", image.header().format());
    double sum = 0;
    for (int i = 0; i < original.length; i++) {
      int error = image.stored()[i] - original[i];
      sum += error * error;
    }
    double rootMeanSquare = Math.sqrt(sum / original.length);
    assertTrue(rootMeanSquare < 3, "differs by " + rootMeanSquare);
  }

  @Test
  void shouldNameTheEncodingThatItCannotRead() {
    for (String name : names(REFUSED)) {
      ProblemException e = assertThrows(ProblemException.class, () -> read(name), name);
      assertEquals(ProblemKind.BAD_DATA, e.kind());
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      assertTrue(e.getMessage().contains(name + ".dcm: the encoding JPEG"), e.getMessage());
      assertTrue(
          e.getMessage().contains(name.endsWith("12") ? "Extended" : "JPEG-LS"), e.getMessage());
      assertTrue(e.getMessage().contains("convert the file"), e.getMessage());
    }
  }

  @Test
  void shouldTurnMonochrome1Round() throws IOException {
    DicomImage image = read("m1_12");
    int[] stored = expected("m1_12", image.header().format());
    int[] samples = image.samples();
    assertEquals(4095, image.maxValue());
    for (int i = 0; i < stored.length; i++) {
      assertEquals(4095 - stored[i], samples[i]);
    }
  }

  @Test
  void shouldShiftSignedSamplesIntoTheRangeThatTheyCanHave() {
    DicomImage image = read("m2_s16");
    assertEquals(-1024, image.header().format().rescaleIntercept());
    assertEquals(65535, image.maxValue());
    assertEquals(1030, image.stored()[0]);
    assertEquals(1030 + 32768, image.samples()[0]);
  }
}
