package org.xrv.core.dataset.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;

/** Masks from NIH's rectangles. */
class NihBoxesTest {
  @TempDir Path root;
  private NihFixture nih;

  @BeforeEach
  void makeData() {
    nih = new NihFixture(root).standardTable().standardImages("images");
  }

  private GrayImage mask(String target, int resolution) {
    TableDataset dataset = nih.open();
    return dataset.mask(dataset.samples().get(0), target, resolution).orElseThrow();
  }

  private static double sum(GrayImage mask) {
    double sum = 0;
    for (float p : mask.pixels()) {
      sum += p;
    }
    return sum;
  }

  @Test
  void shouldDrawABoxAtItsPlace() {
    nih.file(
        NihFixture.BOXES, NihFixture.BOX_HEADER, "00000001_000.png,Cardiomegaly,256,512,128,64,,,");
    GrayImage full = mask("Cardiomegaly", 1024);
    assertEquals(128 * 64, sum(full));
    assertEquals(1, full.at(512, 256));
    assertEquals(1, full.at(575, 383));
    assertEquals(0, full.at(511, 256));
    assertEquals(0, full.at(576, 383));
    assertEquals(0, full.at(575, 384));
    // In x from 256/8 = 32 to 48, in y from 64 to 72.
    GrayImage small = mask("Cardiomegaly", 128);
    assertEquals(1, small.at(68, 40), 1e-6);
    assertEquals(0, small.at(68, 20), 1e-6);
    assertEquals(0, small.at(20, 40), 1e-6);
    assertEquals(16 * 8, sum(small), 0.5);
    for (float p : small.pixels()) {
      assertTrue(p >= 0 && p <= 1);
    }
  }

  @Test
  void shouldUniteTheBoxesOfATargetAndKeepTargetsApart() {
    nih.file(
        NihFixture.BOXES,
        NihFixture.BOX_HEADER,
        "00000001_000.png,Infiltrate,100,100,50,50",
        "00000001_000.png,Infiltration,125,100,50,50",
        "00000001_000.png,Mass,0,0,10.4,10.6",
        "00000002_000.png,Infiltrate,0,0,1024,1024");
    assertEquals(75 * 50, sum(mask("Infiltration", 1024)));
    // Pixels whose centres lie inside.
    assertEquals(10 * 11, sum(mask("Mass", 1024)));
  }

  @Test
  void shouldCutABoxAtTheImagesEdge() {
    nih.file(NihFixture.BOXES, NihFixture.BOX_HEADER, "00000001_000.png,Mass,-10,1000,20,100.5");
    assertEquals(10 * 24, sum(mask("Mass", 1024)));
  }

  @Test
  void shouldHaveNoMaskWithoutABox() {
    TableDataset without = nih.open();
    Sample sample = without.samples().get(0);
    assertEquals(Optional.empty(), without.mask(sample, "Cardiomegaly", 64));
    nih.file(NihFixture.BOXES, NihFixture.BOX_HEADER, "00000001_000.png,Mass,1,1,20,20");
    assertEquals(Optional.empty(), nih.open().mask(sample, "Cardiomegaly", 64));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "00000001_000.png,Mas,1,1,20,20; unknown finding \"Mas\"",
        "00000001_000.png,Mass,1,1,20; has 5 columns",
        "00000001_000.png,Mass,1,one,20,20; column \"y\" is \"one\"",
        "00000001_000.png,Mass,1,NaN,20,20; column \"y\" is \"NaN\"",
        "00000001_000.png,Mass,1,1,0,20; a box of 0.0 x 20.0 pixels",
      })
  void shouldNameABrokenRow(String row, String expected) {
    nih.file(NihFixture.BOXES, NihFixture.BOX_HEADER, row);
    ProblemException e = assertThrows(ProblemException.class, () -> nih.open());
    assertEquals(ProblemKind.BAD_DATA, e.kind());
    assertTrue(e.getMessage().contains(NihFixture.BOXES + ", row 2: "), e.getMessage());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }
}
