package org.xrv.core.dataset.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.ImageFixtures;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** NIH's table: its two editions, labels, views, and broken rows. */
class NihTableTest {
  @TempDir Path root;
  private NihFixture nih;

  @BeforeEach
  void makeImages() {
    nih = new NihFixture(root).standardImages("images");
  }

  private ProblemException problem() {
    ProblemException e = assertThrows(ProblemException.class, () -> nih.open());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    return e;
  }

  @Test
  void shouldReadSamples() {
    TableDataset dataset = nih.standardTable().open();
    Sample first = dataset.samples().get(0);
    assertEquals("nih", first.dataset());
    assertEquals("00000001_000.png", first.id());
    assertEquals("nih:1", first.patient());
    assertEquals("PA", first.view());
    assertEquals(14, first.labels().size());
    assertEquals(Finding.PRESENT, first.label("Cardiomegaly"));
    assertEquals(Finding.PRESENT, first.label("Effusion"));
    assertEquals(Finding.ABSENT, first.label("Hernia"));
    assertEquals(Finding.UNKNOWN, first.label("Fracture"));
    Sample second = dataset.samples().get(1);
    assertEquals(new TreeSet<>(List.of(Finding.ABSENT)), new TreeSet<>(second.labels().values()));
    assertEquals("nih:1", second.patient());
    assertEquals(new Person("M", OptionalDouble.of(57)), dataset.person(first));
  }

  @Test
  void shouldReadTheEditionOf2017WithItsAgesAndTrailingCommas() {
    nih.file(
        NihFixture.TABLE_2017,
        NihFixture.HEADER_2017,
        "00000001_000.png,Cardiomegaly|Infiltrate,0,1,058Y,M,PA,2682,2749,0.143,0.143,",
        "00000002_000.png,No Finding,0,2,006M,F,AP,2682,2749,0.143,0.143,");
    TableDataset dataset = nih.open();
    Sample first = dataset.samples().get(0);
    assertEquals(Finding.PRESENT, first.label("Infiltration"));
    assertEquals(new Person("M", OptionalDouble.of(58)), dataset.person(first));
    assertEquals(new Person("F", OptionalDouble.of(0.5)), dataset.person(dataset.samples().get(1)));
  }

  @Test
  void shouldPreferTheNewerEdition() {
    nih.standardTable()
        .file(
            NihFixture.TABLE_2017,
            NihFixture.HEADER_2017,
            "00000001_000.png,Hernia,0,1,058Y,M,PA,2682,2749,0.143,0.143,");
    assertEquals(4, nih.open().samples().size());
  }

  @Test
  void shouldReadQuotedCellsAByteOrderMarkAndTableOrder() {
    nih.file(
        NihFixture.TABLE_2020,
        "\uFEFF\"Image Index\",\"Finding Labels\",Patient ID,View Position,\"Size [w,h]\"",
        "00000003_000.png,\"No Finding\",3,PA,\"1,2\"",
        "\"00000001_000.png\",\"Mass|Nodule\",\"1\",\"AP\",\"1,2\"",
        "");
    TableDataset dataset = nih.open();
    assertEquals(
        List.of("00000003_000.png", "00000001_000.png"),
        dataset.samples().stream().map(Sample::id).toList());
    assertEquals(Finding.PRESENT, dataset.samples().get(1).label("Nodule"));
    assertEquals(new Person("", OptionalDouble.empty()), dataset.person(dataset.samples().get(0)));
  }

  @Test
  void shouldReadAnImageWithAlphaAsItsGreyTwin() {
    nih.standardTable();
    TableDataset dataset = nih.open();
    Sample sample = dataset.samples().get(0);
    float[] grey = dataset.image(sample, 32).pixels();
    ImageFixtures.rgba(dataset.file(sample).path().orElseThrow(), 32);
    assertArrayEquals(grey, dataset.image(sample, 32).pixels());
  }

  @Test
  void shouldNameATruncatedImageAndStillReadTheOthers() {
    nih.standardTable();
    ImageFixtures.truncated(root.resolve("images/00000002_000.png"), 32);
    TableDataset dataset = nih.open();
    for (Sample sample : dataset.samples()) {
      if (sample.id().equals("00000002_000.png")) {
        ProblemException e = assertThrows(ProblemException.class, () -> dataset.image(sample, 16));
        assertEquals(ProblemKind.BAD_DATA, e.kind());
        assertTrue(e.getMessage().contains("00000002_000.png"), e.getMessage());
      } else {
        assertEquals(16, dataset.image(sample, 16).width());
      }
    }
  }

  @Test
  void shouldTakeTheChosenViewsOnly() {
    nih.standardTable();
    assertEquals(3, nih.open("PA").samples().size());
    assertEquals(1, nih.open("ap").samples().size());
    assertEquals(4, nih.open("PA", "AP").samples().size());
    ProblemException e = assertThrows(ProblemException.class, () -> nih.open("LATERAL"));
    assertEquals(ProblemKind.USAGE, e.kind());
    assertTrue(e.getMessage().endsWith("its views are AP (1 images), PA (3 images)"));
  }

  @Test
  void shouldNotWarnAboutMissingFilesOfOtherViews() {
    new NihFixture(root).file("images/00000001_001.png").standardTable();
    root.resolve("images/00000001_001.png").toFile().delete();
    assertEquals(3, nih.open("PA").samples().size());
    assertEquals(List.of(), nih.warnings);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "00000002_000.png,Card; has 2 columns; expected at least 7",
        "00000002_000.png,Mass,0,,80,F,PA,1,2,3,4; column \"Patient ID\" is empty",
        ",Mass,0,2,80,F,PA,1,2,3,4; column \"Image Index\" is empty",
        "00000002_000.png,,0,2,80,F,PA,1,2,3,4; column \"Finding Labels\" is empty",
        "00000002_000.png,Mas,0,2,80,F,PA,1,2,3,4; unknown finding \"Mas\"",
        "00000001_000.png,Mass,0,2,80,F,PA,1,2,3,4; was in row 2 already",
      })
  void shouldNameABrokenRow(String row, String expected) {
    nih.file(
        NihFixture.TABLE_2020,
        NihFixture.HEADER_2020,
        "00000001_000.png,Mass,0,1,57,M,PA,2682,2749,0.143,0.143",
        row);
    ProblemException e = problem();
    assertEquals(ProblemKind.BAD_DATA, e.kind());
    assertTrue(
        e.getMessage().contains(NihFixture.TABLE_2020 + ", row 3: ")
            && e.getMessage().contains(expected),
        e.getMessage());
  }

  @Test
  void shouldNameAMissingColumn() {
    nih.file(
        NihFixture.TABLE_2020, NihFixture.HEADER_2020.replace("Patient ID", "Person"), "x,y,z");
    String message = problem().getMessage();
    assertTrue(
        message.contains("no column \"Patient ID\"; the columns are Image Index |"), message);
  }

  @Test
  void shouldRefuseAnEmptyTable() {
    nih.file(NihFixture.TABLE_2020, "");
    assertTrue(problem().getMessage().contains("is empty"));
    nih.file(NihFixture.TABLE_2020, NihFixture.HEADER_2020);
    assertTrue(problem().getMessage().contains("no rows below its header"));
    nih.file(NihFixture.TABLE_2020, NihFixture.HEADER_2020, "\"00000001_000.png,Mass");
    assertTrue(problem().getMessage().contains("cannot be read as CSV"));
  }
}
