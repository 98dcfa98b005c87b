package org.xrv.core.dataset.phantom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xrv.core.image.GrayImage;

class PhantomFindingTest {
  private static final int SIZE = 64;
  private static final Condition HEALTHY = new Condition(Map.of(), Set.of());

  @ParameterizedTest
  @EnumSource(Pathology.class)
  void shouldMaskWhatTheFindingChanges(Pathology finding) {
    for (int i = 0; i < 8; i++) {
      PhantomPatient patient = PhantomPatient.of(31, i);
      Condition sick = HEALTHY.with(finding, patient.severity(finding));
      GrayImage mask = PhantomRenderer.mask(patient, sick, finding, SIZE);
      GrayImage change = PhantomRenderer.changeMask(patient, HEALTHY, sick, SIZE);
      double[] difference = difference(patient, HEALTHY, sick);
      int covered = 0;
      int unchanged = 0;
      double inside = 0;
      double outside = 0;
      int in = 0;
      int out = 0;
      for (int p = 0; p < SIZE * SIZE; p++) {
        if (mask.pixels()[p] > 0.99f) {
          covered++;
          unchanged += change.pixels()[p] == 0 ? 1 : 0;
        }
        if (mask.pixels()[p] > 0) {
          inside += difference[p];
          in++;
        } else {
          outside += difference[p];
          out++;
        }
      }
      String name = finding + " of patient " + i;
      assertTrue(in > 0, name + " is nowhere");
      if (finding != Pathology.CARDIOMEGALY) {
        // The mask of Cardiomegaly is the whole heart, which was there before.
        assertTrue(unchanged <= 0.03 * covered, name + ": " + unchanged + " of " + covered);
      }
      assertTrue(inside / in > 3 * outside / out, name + " changes more elsewhere");
    }
  }

  @ParameterizedTest
  @EnumSource(Pathology.class)
  void shouldGrowWithSeverity(Pathology finding) {
    for (int i = 0; i < 6; i++) {
      PhantomPatient patient = PhantomPatient.of(32, i);
      double area = 0;
      double change = 0;
      for (double severity : new double[] {0.2, 0.6, 1}) {
        Condition sick = HEALTHY.with(finding, severity);
        double nextArea = sum(PhantomRenderer.mask(patient, sick, finding, SIZE).pixels());
        double nextChange = 0;
        for (double d : difference(patient, HEALTHY, sick)) {
          nextChange += d;
        }
        String name = finding + " of patient " + i + " at " + severity;
        assertTrue(nextArea > area, name + " covers " + nextArea + ", less before: " + area);
        assertTrue(nextChange > change, name + " changes " + nextChange + ", before " + change);
        area = nextArea;
        change = nextChange;
      }
    }
  }

  @Test
  void shouldDrawEachFindingsSeverityFromThePatientAlone() {
    for (int i = 0; i < 200; i++) {
      for (Pathology finding : Pathology.values()) {
        double severity = PhantomPatient.of(33, i).severity(finding);
        assertTrue(severity > 0 && severity <= 1, finding + " " + severity);
        assertEquals(severity, PhantomPatient.of(33, i).severity(finding));
      }
      PhantomPatient patient = PhantomPatient.of(33, i);
      assertEquals(
          patient.enlargedRatio(),
          patient.heartRatio(patient.severity(Pathology.CARDIOMEGALY)),
          1e-12);
    }
  }

  @Test
  void shouldKeepEachFindingInItsPlaceBesideOthers() {
    // A nodule is where it is, whether or not there are also a mass and an opacity.
    for (int i = 0; i < 8; i++) {
      PhantomPatient patient = PhantomPatient.of(34, i);
      Condition alone = HEALTHY.with(Pathology.NODULE, 0.8);
      Condition among = alone.with(Pathology.MASS, 1).with(Pathology.LUNG_OPACITY, 0.5);
      assertArrayEquals(
          PhantomRenderer.mask(patient, alone, Pathology.NODULE, SIZE).pixels(),
          PhantomRenderer.mask(patient, among, Pathology.NODULE, SIZE).pixels(),
          "patient " + i);
    }
  }

  @Test
  void shouldShowEveryFindingOfAPatientWhoHasAll() {
    for (int i = 0; i < 10; i++) {
      PhantomPatient patient = PhantomPatient.of(35, i);
      Condition all = Condition.of(patient, Set.of(Pathology.values())).withDevices(Set.of());
      for (Pathology finding : Pathology.values()) {
        double area = sum(PhantomRenderer.mask(patient, all, finding, SIZE).pixels());
        double change =
            sum(PhantomRenderer.changeMask(patient, all.without(finding), all, SIZE).pixels());
        assertTrue(area > 0.5 && change > 2, finding + " of " + i + ": " + area + ", " + change);
      }
    }
  }

  @Test
  void shouldDrawTheSameConditionTwice() {
    PhantomPatient patient = PhantomPatient.of(36, 2);
    Condition all = Condition.of(patient, Set.of(Pathology.values()));
    Condition again = Condition.of(PhantomPatient.of(36, 2), Set.of(Pathology.values()));
    assertEquals(all, again);
    assertArrayEquals(
        PhantomRenderer.render(patient, all, SIZE).pixels(),
        PhantomRenderer.render(PhantomPatient.of(36, 2), again, SIZE).pixels());
  }

  @Test
  void shouldRefuseSeveritiesThatAreNone() {
    for (double severity : List.of(0.0, -0.1, 1.01, Double.NaN)) {
      assertThrows(
          IllegalArgumentException.class, () -> HEALTHY.with(Pathology.EFFUSION, severity));
    }
  }

  private static double[] difference(PhantomPatient patient, Condition one, Condition other) {
    float[] a = PhantomRenderer.render(patient, one, SIZE).pixels();
    float[] b = PhantomRenderer.render(patient, other, SIZE).pixels();
    double[] difference = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = Math.abs(a[i] - b[i]);
    }
    return difference;
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }
}
