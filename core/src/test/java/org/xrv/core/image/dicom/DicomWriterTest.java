package org.xrv.core.image.dicom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.core.random.KeyedRandom;

class DicomWriterTest {
  private static final int ROWS = 7;
  private static final int COLUMNS = 5;

  @TempDir Path directory;

  private static int[] samples(int bits) {
    KeyedRandom random = KeyedRandom.of(bits, "samples");
    int[] samples = new int[ROWS * COLUMNS];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = random.nextInt(1 << bits);
    }
    samples[0] = 0;
    samples[1] = (1 << bits) - 1;
    return samples;
  }

  private static DicomWriter xray(int bits) {
    return new DicomWriter()
        .text(0x0008_0016, "UI", DicomWriter.SECONDARY_CAPTURE)
        .text(0x0008_0018, "UI", DicomWriter.uid("a picture"))
        .text(Tags.PATIENT_ID, "LO", "Jos\u00e9")
        .text(Tags.PATIENT_AGE, "AS", "062Y")
        .text(Tags.PATIENT_SEX, "CS", "F")
        .text(Tags.VIEW_POSITION, "CS", "PA")
        .text(0x0010_0030, "DA")
        .sequence(
            0x0008_2218,
            new DicomWriter().text(0x0008_0100, "SH", "51185008").text(0x0008_0104, "LO", "Chest"))
        .pixels(ROWS, COLUMNS, bits, samples(bits));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 9, 12, 16})
  void shouldBeReadBackBitForBit(int bits) {
    Path file = directory.resolve("x.dcm");
    xray(bits).write(file);
    DicomImage image = Dicom.read(file);
    assertArrayEquals(samples(bits), image.samples());
    DicomHeader header = image.header();
    assertEquals("Jos\u00e9", header.patient());
    assertEquals(62, header.ageInYears().orElseThrow());
    assertEquals("F", header.sex());
    assertEquals("PA", header.view());
    assertEquals("MONOCHROME2", header.format().photometric());
    assertEquals(bits, header.format().bitsStored());
    assertEquals(header, Dicom.header(file));
  }

  @Test
  void shouldBeginAsPartTenSays() {
    byte[] file = xray(12).file();
    assertArrayEquals(new byte[128], Arrays.copyOf(file, 128));
    assertEquals("DICM", new String(file, 128, 4, StandardCharsets.US_ASCII));
    // (0002,0000) UL 4: the length of the meta group, after which group 0008 begins.
    assertArrayEquals(new byte[] {2, 0, 0, 0, 'U', 'L', 4, 0}, Arrays.copyOfRange(file, 132, 140));
    int length = (file[140] & 0xff) | ((file[141] & 0xff) << 8);
    assertArrayEquals(new byte[] {8, 0}, Arrays.copyOfRange(file, 144 + length, 146 + length));
    assertEquals(0, file.length % 2);
    assertArrayEquals(file, xray(12).file());
  }

  @Test
  void shouldNameUidsByTheirName() {
    String uid = DicomWriter.uid("one");
    assertEquals(uid, DicomWriter.uid("one"));
    assertNotEquals(uid, DicomWriter.uid("two"));
    assertTrue(uid.matches("2\\.25\\.[1-9][0-9]*") && uid.length() <= 64, uid);
  }

  @Test
  void shouldRefuseWhatTheTypesCannotHold() {
    DicomWriter writer = new DicomWriter();
    String[][] wrong = {
      {"CS", "lower case"},
      {"CS", "SEVENTEEN_LETTERS"},
      {"AS", "62"},
      {"DA", "2026-01-01"},
      {"UI", "1.2.x"},
      {"IS", "1.5"},
      {"LO", "a\\b"},
      {"LO", "x".repeat(65)},
      {"SH", "bell\u0007"},
      {"UN", "anything"}
    };
    for (String[] pair : wrong) {
      assertThrows(
          IllegalArgumentException.class,
          () -> writer.text(0x0010_4000, pair[0], pair[1]),
          pair[0] + " " + pair[1]);
    }
    assertThrows(IllegalArgumentException.class, () -> writer.numbers(0x0028_0010, "US", -1));
    assertThrows(IllegalArgumentException.class, () -> writer.numbers(0x0028_0010, "SS", 40000));
    assertThrows(IllegalArgumentException.class, () -> writer.pixels(1, 1, 12, new int[] {4096}));
    assertThrows(IllegalArgumentException.class, () -> writer.pixels(2, 1, 12, new int[] {1}));
    assertThrows(IllegalArgumentException.class, () -> writer.pixels(1, 1, 17, new int[] {1}));
    assertThrows(IllegalStateException.class, writer::file);
  }

  @Test
  void shouldBeReadByPydicomBitForBit() throws IOException, InterruptedException {
    String python = System.getProperty("xrv.python", "");
    assumeTrue(!python.isEmpty(), "no -Dxrv.python=PATH of a Python with pydicom");
    Path file = directory.resolve("x.dcm");
    xray(12).write(file);
    String read =
        output(
            python,
            "-c",
            "import pydicom,sys; d=pydicom.dcmread(sys.argv[1]);"
                + "print(d.PatientID, d.PatientAge, d.AnatomicRegionSequence[0].CodeMeaning,"
                + " *d.pixel_array.ravel())",
            file.toString());
    StringBuilder expected = new StringBuilder("Jos\u00e9 062Y Chest");
    for (int sample : samples(12)) {
      expected.append(' ').append(sample);
    }
    assertEquals(expected.toString(), read.strip());
  }

  private static String output(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PYTHONIOENCODING", "utf-8");
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    return text;
  }
}
