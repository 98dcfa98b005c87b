package org.xrv.core.dataset.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xrv.core.dataset.table.Layouts.each;
import static org.xrv.core.dataset.table.Layouts.present;
import static org.xrv.core.dataset.table.Layouts.sample;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.manifest.DataManifests;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;

/** PadChest: terms, filters, line breaks in cells, and both layouts of its images. */
class PadChestTest {
  private static final String TABLE = "PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv";
  private static final String HEADER =
      ",ImageID,ImageDir,StudyDate_DICOM,StudyID,PatientID,PatientBirth,PatientSex_DICOM,"
          + "ViewPosition_DICOM,Projection,MethodProjection,Pediatric,Modality_DICOM,"
          + "Manufacturer_DICOM,PhotometricInterpretation_DICOM,PixelRepresentation_DICOM,"
          + "PixelAspectRatio_DICOM,SpatialResolution_DICOM,BitsStored_DICOM,WindowCenter_DICOM,"
          + "WindowWidth_DICOM,Rows_DICOM,Columns_DICOM,XRayTubeCurrent_DICOM,Exposure_DICOM,"
          + "ExposureInuAs_DICOM,ExposureTime,RelativeXRayExposure_DICOM,ReportID,Report,"
          + "MethodLabel,Labels,Localizations,LabelsLocalizationsBySentence,labelCUIS,"
          + "LocalizationsCUIS";

  @TempDir Path root;
  private Layouts padChest;

  @BeforeEach
  void makeImages() {
    padChest = new Layouts("pc", root).images("0/a.png", "53/b.png");
  }

  private static String row(
      String image, String patient, String birth, String projection, String labels) {
    return "0,"
        + image
        + ",0,20100101,1,"
        + patient
        + ","
        + birth
        + ",F,POSTEROANTERIOR,"
        + projection
        + ",Manual,No,CR,X,MONOCHROME2,0,,,16,,,480,512,,,,,,7,\"dos\n\nlineas , con coma\",Physician,"
        + (labels.isEmpty() ? "" : "\"" + labels + "\"")
        + ",[],[],\"['C1' \n 'C2']\",[]";
  }

  private Layouts table(String... rows) {
    String[] lines = Arrays.copyOf(new String[] {HEADER}, rows.length + 1);
    System.arraycopy(rows, 0, lines, 1, rows.length);
    return padChest.file(TABLE, lines);
  }

  private Sample labelled(String labels) {
    return table(row("a.png", "7", "1950.0", "PA", labels)).open().samples().get(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "['normal']; ''",
        "['infiltrates']; Infiltration",
        "['interstitial pattern']; Infiltration",
        "['ground glass pattern']; Infiltration",
        "['reticular interstitial pattern']; Infiltration",
        "['reticulonodular interstitial pattern']; Infiltration",
        "['pulmonary artery enlargement']; Hilar Enlargement",
        "['device']; Support Devices",
        "['cardiomegaly', 'aortic elongation']; Aortic Elongation,Cardiomegaly",
        "['subcutaneous emphysema']; ''",
        "['Emphysema ']; Emphysema",
        "['pleural effusion']; Effusion",
        "['pericardial effusion']; ''",
        "['alveolar pattern', 'unchanged']; Infiltration",
        "['consolidation']; Consolidation,Infiltration",
        "['air bronchogram']; Consolidation,Infiltration",
        "['pleural thickening']; Pleural_Thickening",
        "['adenopathy']; Hilar Enlargement",
        "['pacemaker']; Support Devices",
        "['multiple nodules', 'pseudonodule']; Nodule",
        "['pseudonodule']; ''",
      })
  void shouldMatchWholeTerms(String labels, String expected) {
    Sample sample = labelled(labels);
    assertEquals(expected, present(sample));
    assertEquals(27, sample.labels().size());
    assertEquals("", Layouts.with(sample, Finding.UNKNOWN));
  }

  @Test
  void shouldMatchPartsOfTermsAsThePeerDoes() {
    table(
        row("a.png", "7", "1950", "PA", "['subcutaneous emphysema', 'pericardial effusion']"),
        row("b.png", "8", "1950", "PA", "['electrical device', 'pseudonodule']"));
    TableDataset dataset = padChest.variant("pc/substring");
    assertEquals(
        List.of("Effusion,Emphysema", "Nodule,Support Devices"), each(dataset, Layouts::present));
    assertEquals("pc/substring", dataset.samples().get(0).dataset());
    assertEquals("pc:7", dataset.samples().get(0).patient());
    assertTrue(dataset.provenance().contains("pc.yaml, variant substring sha256 "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"['unchanged']", "['suboptimal study', 'exclude']", "[]"})
  void shouldNotCallAbsentWhatAReportDoesNotSay(String labels) {
    assertEquals(Finding.UNKNOWN, labelled(labels).label("Cardiomegaly"));
  }

  @Test
  void shouldNameARowWhoseLabelsAreNoList() {
    ProblemException e = assertThrows(ProblemException.class, () -> labelled("cardiomegaly"));
    assertEquals(ProblemKind.BAD_DATA, e.kind());
    assertTrue(
        e.getMessage().contains(TABLE + ", row 2: column \"Labels\" is \"cardiomegaly\"; expected"),
        e.getMessage());
  }

  @Test
  void shouldReadCellsWithLineBreaks() {
    TableDataset dataset =
        table(
                row("a.png", "7", "1950.0", "PA", "['normal']"),
                row("b.png", "8", "1960", "AP_horizontal", "['mass']"))
            .open();
    assertEquals(List.of("a.png", "b.png"), each(dataset, Sample::id));
    assertEquals(List.of("pc:7", "pc:8"), each(dataset, Sample::patient));
    assertEquals(List.of("PA", "AP Supine"), each(dataset, Sample::view));
    assertEquals(new Person("F", OptionalDouble.of(67)), dataset.person(dataset.samples().get(0)));
    assertEquals(List.of(), padChest.warnings);
  }

  @Test
  void shouldFindImagesInTheirFoldersOrInOne() {
    table(row("a.png", "7", "1950", "PA", "['mass']"), row("b.png", "8", "1950", "PA", "['mass']"));
    assertEquals(2, padChest.open().samples().size());
    Layouts flat = new Layouts("pc", root.resolve("flat")).images("a.png");
    flat.file(TABLE, HEADER, row("a.png", "7", "1950", "PA", "['mass']"));
    assertEquals(1, flat.open().samples().size());
    flat = new Layouts("pc", root.resolve("resized")).images("images-224/a.png");
    flat.file(TABLE, HEADER, row("a.png", "7", "1950", "PA", "['mass']"));
    assertEquals(1, flat.open().samples().size());
  }

  @Test
  void shouldReadTheTablePackedWithAByteOrderMarkAndCarriageReturns() {
    String row = row("a.png", "7", "1950", "PA", "['mass']");
    for (Layouts packed :
        List.of(
            padChest.gzipped(TABLE + ".gz", HEADER, row),
            new Layouts("pc", root.resolve("zip"))
                .images("0/a.png")
                .zipped(TABLE + ".zip", HEADER, row),
            new Layouts("pc", root.resolve("crlf"))
                .images("0/a.png")
                .file(TABLE, "\uFEFF" + HEADER + "\r", row + "\r", ""))) {
      assertEquals(List.of("Mass"), each(packed.open(), Layouts::present));
    }
  }

  @Test
  void shouldNameADamagedPackedTable() {
    padChest.bytes(TABLE + ".gz", new byte[] {31, (byte) 139, 8, 0, 1});
    ProblemException e = assertThrows(ProblemException.class, () -> padChest.open());
    assertEquals(ProblemKind.BAD_DATA, e.kind());
    assertTrue(
        e.getMessage().contains(TABLE + ".gz: cannot be read as CSV: ")
            && e.getMessage().endsWith("; fetch it again"),
        e.getMessage());
  }

  @Test
  void shouldLeaveOutAndCountWhatTheFiltersSay() {
    String broken = "216840111366964012819207061112010307142602253_04-014-084.png";
    padChest.images("0/c.png", "0/d.png", "0/e.png", "0/" + broken);
    table(
        row("a.png", "7", "1950.0", "PA", "['normal']"),
        row("b.png", "8", "1950.0", "PA", ""),
        row("c.png", "8", "2012", "PA", "['normal']"),
        row("d.png", "8", "", "PA", "['normal']"),
        row("e.png", "8", "2007", "PA", "['normal']"),
        row(broken, "9", "1950.0", "PA", "['normal']"));
    assertEquals(List.of("a.png"), each(padChest.open(), Sample::id));
    assertEquals(
        List.of(
            "pc: left out by its manifest's filters: labelled 1 (no labels), older 2 (10 years or"
                + " younger in 2017), born 1 (without a year of birth), decodable 1 (known to be"
                + " truncated or broken)"),
        padChest.warnings);
    assertEquals(
        List.of("a.png", "c.png", "d.png", "e.png"),
        each(padChest.variant("pc/all-ages"), Sample::id));
    ProblemException e =
        assertThrows(
            ProblemException.class, () -> table(row("b.png", "8", "1950.0", "PA", "")).open());
    assertTrue(e.getMessage().contains("no row passes the manifest's filters: labelled 1"));
  }

  @Test
  void shouldCountMissingImagesAndNameFive() {
    String[] rows = new String[8];
    rows[0] = row("a.png", "1", "1950", "PA", "['mass']");
    for (int i = 1; i < 8; i++) {
      rows[i] = row("m" + i + ".png", "1", "1950", "PA", "['mass']");
    }
    assertEquals(1, table(rows).open().samples().size());
    assertEquals(
        List.of(
            "7 of 8 rows of "
                + root.resolve(TABLE)
                + " have no image file and are left out: m1.png, m2.png, m3.png, m4.png, m5.png ..."),
        padChest.warnings);
  }

  @Test
  void shouldNameARepeatedImageAndAMissingColumn() {
    String row = row("a.png", "7", "1950", "PA", "['mass']");
    ProblemException e = assertThrows(ProblemException.class, () -> table(row, row).open());
    assertTrue(e.getMessage().contains("row 3: image a.png was in row 2 already"), e.getMessage());
    padChest.file(TABLE, HEADER.replace("PatientID", "Patient"), row);
    e = assertThrows(ProblemException.class, () -> padChest.open());
    assertTrue(e.getMessage().contains("row 1: no column \"PatientID\"; the columns are"));
  }

  @Test
  void shouldStateItsTerms() {
    var manifest = DataManifests.builtIn("pc").content();
    assertEquals(false, manifest.redistributable());
    assertTrue(manifest.agreement().contains("PadChest"));
    assertEquals(91658, manifest.expected().views().get("PA"));
    assertEquals(
        94825, manifest.expected().views().values().stream().mapToInt(Integer::intValue).sum());
    assertEquals(21, manifest.filters().get("decodable").notIn().stream().distinct().count());
    assertEquals(
        List.of("labelled", "decodable", "born", "older"),
        List.copyOf(manifest.filters().keySet()));
  }

  @Test
  void shouldReadImagesInTheOriginalLayout() {
    Layouts layout = Layouts.original("pc", "PADCHEST_SYNTHETIC_IDS");
    TableDataset dataset = layout.open();
    assertEquals(6, dataset.samples().size(), layout.warnings.toString());
    assertEquals("Aortic Elongation,Cardiomegaly", present(sample(dataset, "_00-000-002")));
    assertEquals("Fracture", present(sample(dataset, "_00-000-003")));
    assertEquals("AP Supine", sample(dataset, "_00-000-005").view());
    assertEquals(
        sample(dataset, "_00-000-002").patient(), sample(dataset, "_00-000-009").patient());
    assertEquals(4, layout.open("PA").samples().size());
    GrayImage image = dataset.image(dataset.samples().get(0), 64);
    float high = -1024;
    for (float p : image.pixels()) {
      high = Math.max(high, p);
    }
    // 16-bit pixels: divided by 255 or 65535?
    assertTrue(high > -200 && high <= 1024, "brightest is " + high);
  }
}
