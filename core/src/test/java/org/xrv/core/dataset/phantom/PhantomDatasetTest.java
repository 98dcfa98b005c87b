package org.xrv.core.dataset.phantom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.Sample;
import org.xrv.core.image.GrayImage;

class PhantomDatasetTest {
  @Test
  void shouldNameSamplesPatientsAndViews() {
    PhantomDataset data = new PhantomDataset(7, 200);
    Sample sample = data.samples().get(123);
    assertEquals("phantom-7-000123", sample.id());
    assertEquals("phantom:7:123", sample.patient());
    assertEquals("phantom", sample.dataset());
    Set<String> patients = new HashSet<>();
    Set<String> views = new HashSet<>();
    for (Sample s : data.samples()) {
      patients.add(s.patient());
      views.add(s.view());
    }
    assertEquals(200, patients.size());
    assertEquals(Set.of("PA", "AP"), views);
    assertTrue(data.provenance().contains("seed 7"));
    assertTrue(data.provenance().contains("200 procedural patients"));
  }

  @Test
  void shouldKnowEveryLabelAndKeepPrevalence() {
    PhantomDataset data = new PhantomDataset(1, 3000);
    for (Pathology pathology : Pathology.values()) {
      int present = 0;
      for (Sample sample : data.samples()) {
        Finding label = sample.label(pathology.target());
        assertNotEquals(Finding.UNKNOWN, label);
        present += label == Finding.PRESENT ? 1 : 0;
      }
      double p = pathology.prevalence();
      double deviation = Math.sqrt(p * (1 - p) / 3000);
      assertEquals(p, present / 3000.0, 4 * deviation, pathology.target());
    }
  }

  @Test
  void shouldCallHeartsWiderThanHalfOfTheChestEnlarged() {
    int wideNormal = 0;
    int narrowEnlarged = 0;
    double normal = 0;
    double enlarged = 0;
    for (int i = 0; i < 2000; i++) {
      PhantomPatient patient = PhantomPatient.of(5, i);
      assertTrue(patient.cardiothoracicRatio() < 0.5 && patient.enlargedRatio() > 0.5);
      normal += patient.cardiothoracicRatio() / 2000;
      enlarged += patient.enlargedRatio() / 2000;
      wideNormal += patient.cardiothoracicRatio() > 0.48 ? 1 : 0;
      narrowEnlarged += patient.enlargedRatio() < 0.52 ? 1 : 0;
    }
    assertTrue(normal > 0.38 && normal < 0.48, "mean " + normal);
    assertTrue(enlarged > 0.54 && enlarged < 0.62, "mean " + enlarged);
    // Some of both are near the limit, as in life.
    assertTrue(wideNormal > 10 && wideNormal < 300, "wide " + wideNormal);
    assertTrue(narrowEnlarged > 10 && narrowEnlarged < 400, "narrow " + narrowEnlarged);
  }

  @Test
  void shouldDrawTheSameInAnyOrderAndThread() {
    PhantomDataset data = new PhantomDataset(2, 16);
    List<GrayImage> once = data.samples().stream().map(sample -> data.image(sample, 40)).toList();
    PhantomDataset again = new PhantomDataset(2, 30);
    List<GrayImage> parallel =
        IntStream.range(0, 16)
            .parallel()
            .mapToObj(i -> again.image(again.samples().get(i), 40))
            .toList();
    for (int i = 0; i < 16; i++) {
      assertArrayEquals(once.get(i).pixels(), parallel.get(i).pixels());
    }
    assertFalse(
        java.util.Arrays.equals(
            once.get(0).pixels(),
            new PhantomDataset(3, 1)
                .image(new PhantomDataset(3, 1).samples().get(0), 40)
                .pixels()));
  }

  @Test
  void shouldStayInRangeAndResembleRealGreyValues() {
    PhantomDataset data = new PhantomDataset(4, 60);
    int n = 32;
    double[] mean = new double[n * n];
    double total = 0;
    for (Sample sample : data.samples()) {
      float[] pixels = data.image(sample, n).pixels();
      for (int i = 0; i < pixels.length; i++) {
        assertTrue(pixels[i] >= -1024 && pixels[i] <= 1024, "pixel " + pixels[i]);
        mean[i] += pixels[i] / 60;
        total += pixels[i] / (60.0 * n * n);
      }
    }
    double error = 0;
    for (Sample sample : data.samples()) {
      float[] pixels = data.image(sample, n).pixels();
      for (int i = 0; i < pixels.length; i++) {
        error += Math.abs(pixels[i] - mean[i]) / (60.0 * n * n);
      }
    }
    // NIH ChestX-ray14 at 224 pixels: mean 101, mean image's MAE 293.
    assertTrue(total > -100 && total < 250, "mean " + total);
    assertTrue(error > 150 && error < 350, "mean image's MAE " + error);
  }

  @Test
  void shouldLookTheSameAtEveryResolution() {
    PhantomDataset data = new PhantomDataset(8, 12);
    for (Sample sample : data.samples()) {
      compareHalved(data.image(sample, 192), data.image(sample, 96), 16);
      compareHalved(data.image(sample, 448), data.image(sample, 224), 16);
    }
  }

  private static void compareHalved(GrayImage fine, GrayImage coarse, double tolerance) {
    double sum = 0;
    int n = coarse.height();
    for (int y = 0; y < n; y++) {
      for (int x = 0; x < n; x++) {
        double mean =
            0.25
                * (fine.at(2 * y, 2 * x)
                    + fine.at(2 * y, 2 * x + 1)
                    + fine.at(2 * y + 1, 2 * x)
                    + fine.at(2 * y + 1, 2 * x + 1));
        sum += Math.abs(mean - coarse.at(y, x));
      }
    }
    assertTrue(sum / (n * n) < tolerance, "mean difference " + sum / (n * n));
  }

  @Test
  void shouldRefuseForeignSamplesAndSizes() {
    PhantomDataset data = new PhantomDataset(8, 2);
    Sample foreign = new PhantomDataset(9, 1).samples().get(0);
    assertThrows(IllegalArgumentException.class, () -> data.image(foreign, 32));
    assertThrows(IllegalArgumentException.class, () -> data.image(data.samples().get(0), 4));
    assertThrows(IllegalArgumentException.class, () -> new PhantomDataset(8, 0));
    assertTrue(data.mask(data.samples().get(0), "Fracture", 32).isEmpty());
  }
}
