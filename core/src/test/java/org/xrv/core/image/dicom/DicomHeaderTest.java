package org.xrv.core.image.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DicomHeaderTest {
  private static final Path ORIGINALS =
      Path.of(System.getProperty("xrv.shared"), "data/xrays/originals");

  @TempDir Path folder;

  private static List<DicomHeader> headersBelow(Path folder) throws IOException {
    assumeTrue(Files.exists(folder), folder + " is not here");
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(f -> f.toString().endsWith(".dcm")).map(Dicom::header).toList();
    }
  }

  @Test
  void shouldTellThePatientOfTheSiimFile() throws IOException {
    DicomHeader header = headersBelow(ORIGINALS.resolve("SIIM")).get(0);
    assertEquals("PA", header.view());
    assertEquals("16d7f894-55d7-4d95-8957-d18987f0e981", header.patient());
    assertEquals("62", header.age());
    assertEquals(OptionalDouble.of(62), header.ageInYears());
    assertEquals("M", header.sex());
    assertEquals("JPEG Baseline (1.2.840.10008.1.2.4.50)", header.encoding());
    assertEquals(1024, header.format().columns());
  }

  @Test
  void shouldTellTheViewsOfTheRsnaFiles() throws IOException {
    Map<String, Long> views =
        headersBelow(ORIGINALS.resolve("RSNA")).stream()
            .collect(Collectors.groupingBy(DicomHeader::view, Collectors.counting()));
    assertEquals(12, views.values().stream().mapToLong(n -> n).sum());
    assertEquals(java.util.Set.of("PA", "AP"), views.keySet());
  }

  @ParameterizedTest
  @CsvSource({"062Y,62", "62,62", "155,155", "018M,1.5", "003D,0.008214", "010W,0.191650"})
  void shouldUnderstandAges(String text, double years) {
    assertEquals(years, header(text).ageInYears().orElseThrow(), 1e-6);
  }

  @ParameterizedTest
  @CsvSource({"''", "unknown", "1Y2", "-3", "1234"})
  void shouldNotGuessAges(String text) {
    assertEquals(OptionalDouble.empty(), header(text).ageInYears());
  }

  private DicomHeader header(String age) {
    Path file = folder.resolve("x.dcm");
    DicomBytes.xray(4, 4).text(Tags.PATIENT_AGE, age).write(file);
    return Dicom.header(file);
  }

  @Test
  void shouldReadTheHeaderBehindALongPrivateElement() {
    Path file = folder.resolve("long.dcm");
    DicomBytes.xray(4, 4).element(0x0009_1010, "OB", new byte[300_000]).write(file);
    assertEquals("PA", Dicom.header(file).view());
  }

  @Test
  void shouldReadNamesInUnicodeAndKeepMessagesInOneLine() {
    Path file = folder.resolve("x.dcm");
    DicomBytes.xray(4, 4)
        .text(Tags.CHARACTER_SET, "ISO_IR 192")
        .element(
            Tags.PATIENT_ID, "LO", "Zo\u00eb\n1".getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .write(file);
    assertEquals("Zo\u00eb 1", Dicom.header(file).patient());
  }
}
