package org.xrv.core.dataset.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xrv.core.dataset.table.Layouts.each;
import static org.xrv.core.dataset.table.Layouts.present;
import static org.xrv.core.dataset.table.Layouts.sample;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.image.GrayImage;

/** RSNA: an image's several boxes, and whose images they are. */
class RsnaTest {
  private static final String TABLE = "stage_2_train_labels.csv";
  private static final String MAPPING = "pneumonia-challenge-dataset-mappings_2018.json";

  @TempDir Path root;
  private Layouts rsna;

  @BeforeEach
  void makeData() {
    rsna =
        new Layouts("rsna", root)
            .images("stage_2_train_images_jpg/aa.jpg", "stage_2_train_images_jpg/bb.jpg")
            .file(
                TABLE,
                "patientId,x,y,width,height,Target",
                "aa,100.0,200.0,50.0,60.0,1",
                "aa,125.0,200.0,50.0,60.0,1",
                "bb,,,,,0");
  }

  @Test
  void shouldUniteTheRowsOfAnImage() {
    TableDataset dataset = rsna.open();
    assertEquals(List.of("aa", "bb"), each(dataset, Sample::id));
    assertEquals(List.of("Lung Opacity,Pneumonia", ""), each(dataset, Layouts::present));
    assertEquals(Finding.ABSENT, dataset.samples().get(1).label("Pneumonia"));
    assertEquals(Finding.UNKNOWN, dataset.samples().get(1).label("Effusion"));
    for (String target : List.of("Pneumonia", "Lung Opacity")) {
      GrayImage mask = dataset.mask(dataset.samples().get(0), target, 1024).orElseThrow();
      double sum = 0;
      for (float p : mask.pixels()) {
        sum += p;
      }
      assertEquals(75 * 60, sum);
      assertEquals(1, mask.at(200, 174));
      assertEquals(0, mask.at(200, 175));
    }
    assertEquals(Optional.empty(), dataset.mask(dataset.samples().get(1), "Pneumonia", 64));
  }

  @Test
  void shouldGroupByNihPatientWhereTheMappingIs() {
    rsna.file(
        MAPPING,
        "{\"images\": [{\"subset_img_id\": \"aa\", \"img_id\": \"00000123_004.png\"},",
        " {\"subset_img_id\": \"bb\", \"img_id\": \"00012045_005.png\"}]}");
    TableDataset dataset = rsna.open();
    assertEquals(List.of("nih:123", "nih:12045"), each(dataset, Sample::patient));
    assertEquals(List.of(), rsna.warnings);
    rsna.file(MAPPING, "[{\"subset_img_id\": \"aa\", \"img_id\": \"00000123_004.png\"}]");
    assertEquals(List.of("nih:123", "rsna:bb"), each(rsna.open(), Sample::patient));
    assertTrue(
        rsna.warnings.get(0).startsWith("rsna: 1 images are not in " + root.resolve(MAPPING)),
        rsna.warnings.get(0));
    assertTrue(dataset.provenance().contains(MAPPING + " sha256 "));
  }

  @Test
  void shouldWarnOnceWithoutTheMapping() {
    assertEquals(List.of("rsna:aa", "rsna:bb"), each(rsna.open(), Sample::patient));
    assertEquals(1, rsna.warnings.size());
    assertTrue(
        rsna.warnings.get(0).startsWith("rsna: patientId names an image")
            && rsna.warnings.get(0).endsWith("put " + MAPPING + " into " + root),
        rsna.warnings.get(0));
  }

  @Test
  void shouldNameABrokenMapping() {
    rsna.file(MAPPING, "[{\"subset_img_id\": \"aa\", \"img_id\": \"scan.png\"}]");
    ProblemException e = assertThrows(ProblemException.class, () -> rsna.open());
    assertTrue(e.getMessage().contains("\"img_id\" of aa is \"scan.png\""), e.getMessage());
    rsna.file(MAPPING, "[{\"subset_img_id\": ");
    e = assertThrows(ProblemException.class, () -> rsna.open());
    assertTrue(e.getMessage().contains(MAPPING + ": cannot be read as JSON"), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
    rsna.file(MAPPING, "[]");
    e = assertThrows(ProblemException.class, () -> rsna.open());
    assertTrue(e.getMessage().contains("no entry has the key \"subset_img_id\""), e.getMessage());
  }

  @Test
  void shouldNameAWrongTargetAndHalfABox() {
    rsna.file(TABLE, "patientId,x,y,width,height,Target", "aa,,,,,2");
    ProblemException e = assertThrows(ProblemException.class, () -> rsna.open());
    assertTrue(
        e.getMessage()
            .contains("row 2: column \"Target\" is \"2\"; expected one of 1 (present), 0 (absent)"),
        e.getMessage());
    rsna.file(TABLE, "patientId,x,y,width,height,Target", "aa,1,2,,4,1");
    e = assertThrows(ProblemException.class, () -> rsna.open());
    assertTrue(e.getMessage().contains("column \"width\" is empty"), e.getMessage());
  }

  @Test
  void shouldReadTheOriginals() {
    Layouts layout = Layouts.original("rsna", "RSNA");
    TableDataset dataset = layout.open();
    assertEquals(12, dataset.samples().size());
    Sample two = sample(dataset, "c3b9c35d");
    assertEquals("Lung Opacity,Pneumonia", present(two));
    // 611, 395, 87 x 90 and 606, 543, 146 x 195.
    GrayImage mask = dataset.mask(two, "Pneumonia", 1024).orElseThrow();
    double sum = 0;
    for (float p : mask.pixels()) {
      sum += p;
    }
    assertEquals(87 * 90 + 146 * 195, sum);
    assertEquals(8, dataset.samples().stream().filter(s -> !present(s).isEmpty()).count());
    // The table has no views: they are in the DICOM headers.
    long pa = dataset.samples().stream().filter(s -> s.view().equals("PA")).count();
    long ap = dataset.samples().stream().filter(s -> s.view().equals("AP")).count();
    assertEquals(12, pa + ap);
    assertEquals(pa, pa == 0 ? 0 : layout.open("PA").samples().size());
    assertEquals(ap, ap == 0 ? 0 : layout.open("AP").samples().size());
    assertTrue(dataset.samples().stream().allMatch(s -> dataset.person(s).age().isPresent()));
    assertEquals(64, dataset.image(two, 64).width());
  }
}
