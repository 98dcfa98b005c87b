package org.xrv.core.dataset.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xrv.core.dataset.table.Layouts.each;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;

/** SIIM's run lengths, Open-i's reports, VinDr's boxes. */
class SmallSetsTest {
  @TempDir Path root;

  private Layouts siim(String... rows) {
    String[] lines = new String[rows.length + 1];
    lines[0] = "ImageId, EncodedPixels";
    System.arraycopy(rows, 0, lines, 1, rows.length);
    return new Layouts("siim", root)
        .images("dicom-images-train/1/2/1.9.png", "dicom-images-train/3/4/1.8.png")
        .file("train-rle.csv", lines);
  }

  private static double sum(GrayImage mask) {
    double sum = 0;
    for (float p : mask.pixels()) {
      sum += p;
    }
    return sum;
  }

  @Test
  void shouldUniteSiimsRunsDownTheColumns() {
    // Three pixels of the third column from row 1 on, then two of the fourth; and overlapping ones.
    TableDataset dataset = siim("1.9, 2049 3 1021 2", "1.9,2050 5", "1.8, -1").open();
    assertEquals(List.of("Pneumothorax", ""), each(dataset, Layouts::present));
    GrayImage mask = dataset.mask(dataset.samples().get(0), "Pneumothorax", 1024).orElseThrow();
    assertEquals(6 + 2, sum(mask));
    for (int row = 1; row < 7; row++) {
      assertEquals(1, mask.at(row, 2), "row " + row);
    }
    assertEquals(1, mask.at(1, 3));
    assertEquals(1, mask.at(2, 3));
    assertEquals(0, mask.at(0, 2));
    assertTrue(dataset.mask(dataset.samples().get(1), "Pneumothorax", 64).isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1.9,1 2 3; of 3 numbers",
        "1.9,1 x; run length \"x\"",
        "1.9,1 -2; run length -2",
        "1.9,1048570 7; end at pixel 1048577",
        "1.9,2000000000 2000000000; end at pixel 4000000000",
      })
  void shouldNameBrokenRuns(String row, String expected) {
    ProblemException e = assertThrows(ProblemException.class, () -> siim(row).open());
    assertEquals(ProblemKind.BAD_DATA, e.kind());
    assertTrue(
        e.getMessage().contains("train-rle.csv, row 2: ") && e.getMessage().contains(expected),
        e.getMessage());
  }

  @Test
  void shouldReadSiimsOriginalRows() {
    Layouts layout = Layouts.original("siim", "SIIM");
    TableDataset dataset = layout.open();
    assertEquals(1, dataset.samples().size());
    assertEquals(Finding.ABSENT, dataset.samples().get(0).label("Pneumothorax"));
    assertTrue(
        layout.warnings.stream()
            .anyMatch(
                w ->
                    w.startsWith("siim: whose images they are is")
                        && w.endsWith(", and in the set nih too")));
    assertTrue(layout.warnings.stream().anyMatch(w -> w.startsWith("5 of 6 rows of ")));
  }

  private static String report(String id, String mesh, String... images) {
    StringBuilder xml =
        new StringBuilder("<?xml version=\"1.0\"?><eCitation><uId id=\"" + id + "\"/>");
    xml.append("<abstract>No mass &amp; no effusion.</abstract><MeSH>").append(mesh);
    xml.append("</MeSH>");
    for (String image : images) {
      xml.append("<parentImage id=\"" + image + "\"><panel/></parentImage>");
    }
    return xml.append("</eCitation>").toString();
  }

  @Test
  void shouldReadOpenisReports() {
    Layouts openi =
        new Layouts("openi", root)
            .images(
                "NLMCXR_png/CXR2_IM-1.png", "NLMCXR_png/CXR2_IM-2.png", "NLMCXR_png/CXR10_IM-1.png")
            .file("ecgen-radiology/10.xml", report("CXR10", "<major>normal</major>", "CXR10_IM-1"))
            .file(
                "ecgen-radiology/2.xml",
                report(
                    "CXR2",
                    "<major>Pleural Effusion/left</major><automatic>Opacity</automatic>",
                    "CXR2_IM-1",
                    "CXR2_IM-2"))
            .file("ecgen-radiology/30.xml", report("CXR30", "", "CXR30_IM-1"));
    TableDataset dataset = openi.open();
    assertEquals(List.of("CXR2_IM-1", "CXR2_IM-2", "CXR10_IM-1"), each(dataset, Sample::id));
    assertEquals(
        List.of("openi:CXR2", "openi:CXR2", "openi:CXR10"), each(dataset, Sample::patient));
    assertEquals(
        List.of("Effusion,Lung Opacity", "Effusion,Lung Opacity", ""),
        each(dataset, Layouts::present));
    assertEquals(Finding.ABSENT, dataset.samples().get(2).label("Mass"));
    assertEquals(1, openi.warnings.size());
    assertEquals(dataset.provenance(), openi.open().provenance());
    // Of unknown view: all are taken, and a line says so.
    assertEquals(3, openi.open("PA").samples().size());
    openi.file("ecgen-radiology/3.xml", "<eCitation><uId id=\"x\"");
    ProblemException e = assertThrows(ProblemException.class, () -> openi.open());
    assertTrue(e.getMessage().contains("3.xml: cannot be read as XML"), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
  }

  @Test
  void shouldNotFollowAReportToOtherFiles() {
    Layouts openi =
        new Layouts("openi", root)
            .images("NLMCXR_png/a.png")
            .file("secret.txt", "Mass")
            .file(
                "ecgen-radiology/1.xml",
                "<!DOCTYPE e [<!ENTITY s SYSTEM \""
                    + root.resolve("secret.txt").toUri()
                    + "\">]><e><uId id=\"1\"/><major>&s;</major><parentImage id=\"a\"/></e>");
    try {
      assertEquals("", Layouts.present(openi.open().samples().get(0)));
    } catch (ProblemException e) {
      assertTrue(e.getMessage().contains("1.xml: cannot be read as XML"), e.getMessage());
    }
  }

  private static List<String> warningsAboutMasks(Layouts layout) {
    return layout.warnings.stream().filter(w -> w.contains("have no masks")).toList();
  }

  @Test
  void shouldUniteTheRadiologistsOfVindr() {
    Layouts vindr =
        new Layouts("vindr", root)
            .file(
                "train.csv",
                "image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max",
                "aa,Cardiomegaly,3,R1,8,4,16,8",
                "aa,No finding,14,R2,,,,",
                "aa,Cardiomegaly,3,R3,12,4,20,8",
                "aa,Pleural effusion,10,R3,0,0,4,4",
                "bb,No finding,14,R1,,,,");
    DicomFixtures.gray(root.resolve("train/aa.dicom"), 20, 40);
    DicomFixtures.gray(root.resolve("train/bb.dicom"), 32, 32);
    TableDataset dataset = vindr.open();
    assertEquals(List.of("Cardiomegaly,Effusion", ""), each(dataset, Layouts::present));
    assertEquals(Finding.ABSENT, dataset.samples().get(1).label("Cardiomegaly"));
    // 20 rows, 40 columns: the centre square is of the columns 10 to 29, so that 10 to 19 are left.
    assertEquals(
        10 * 4, sum(dataset.mask(dataset.samples().get(0), "Cardiomegaly", 20).orElseThrow()));
    assertEquals(List.of(), warningsAboutMasks(vindr));

    vindr.images("train/cc.png");
    vindr.file(
        "train.csv",
        "image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max",
        "bb,Cardiomegaly,3,R1,8,4,900,8",
        "cc,Cardiomegaly,3,R1,8,4,900,8");
    TableDataset copies = vindr.open();
    assertEquals(
        java.util.Optional.empty(), copies.mask(copies.samples().get(1), "Cardiomegaly", 32));
    assertEquals(1, warningsAboutMasks(vindr).size());
    ProblemException e =
        assertThrows(
            ProblemException.class, () -> copies.mask(copies.samples().get(0), "Cardiomegaly", 32));
    assertTrue(
        e.getMessage().contains("32 x 32 pixels, but a box of image bb reaches to 900.0, 8.0"),
        e.getMessage());
  }
}
