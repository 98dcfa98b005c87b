package org.xrv.core.dataset.phantom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.Sample;

class PhantomDeviceTest {
  private static final PhantomOptions BARE = new PhantomOptions(false, 0, 0);

  @Test
  void shouldChangePixelsButNoLabelAndNoMask() {
    PhantomDataset with = new PhantomDataset(41, 40);
    PhantomDataset without = new PhantomDataset(41, 40, BARE);
    assertEquals(without.samples(), with.samples());
    int carriers = 0;
    for (Sample sample : with.samples()) {
      boolean carries = !with.condition(sample).devices().isEmpty();
      carriers += carries ? 1 : 0;
      boolean same =
          java.util.Arrays.equals(
              with.image(sample, 48).pixels(), without.image(sample, 48).pixels());
      assertEquals(!carries, same, sample.id());
      if (carries) {
        for (Pathology finding : Pathology.values()) {
          assertArrayEquals(
              without.mask(sample, finding.target(), 24).orElseThrow().pixels(),
              with.mask(sample, finding.target(), 24).orElseThrow().pixels());
        }
      }
    }
    assertTrue(carriers > 3 && carriers < 30, carriers + " of 40 carry a device");
  }

  @Test
  void shouldShowEveryDevice() {
    for (Device device : Device.values()) {
      for (int i = 0; i < 5; i++) {
        PhantomPatient patient = PhantomPatient.of(42, i);
        Condition bare = new Condition(Map.of(), Set.of());
        float[] change =
            PhantomRenderer.changeMask(patient, bare, bare.withDevices(Set.of(device)), 96)
                .pixels();
        int pixels = 0;
        for (float p : change) {
          pixels += p > 0 ? 1 : 0;
        }
        assertTrue(pixels > 20 && pixels < 2500, device + " covers " + pixels);
      }
    }
  }

  @Test
  void shouldBeIndependentOfTheFindings() {
    for (Pathology finding : Pathology.values()) {
      int[] patients = new int[2];
      int[] carriers = new int[2];
      for (int i = 0; i < 4000; i++) {
        PhantomPatient patient = PhantomPatient.of(43, i);
        int group = patient.findings().contains(finding) ? 1 : 0;
        patients[group]++;
        carriers[group] += patient.devices().isEmpty() ? 0 : 1;
      }
      double share = (carriers[0] + carriers[1]) / 4000.0;
      double deviation = Math.sqrt(share * (1 - share) * (1.0 / patients[0] + 1.0 / patients[1]));
      double difference = (double) carriers[1] / patients[1] - (double) carriers[0] / patients[0];
      assertEquals(0, difference, 4 * deviation, finding.target());
    }
  }

  @Test
  void shouldDrawNoChestTubeUnlessAsked() {
    PhantomDataset data = new PhantomDataset(44, 500);
    for (Sample sample : data.samples()) {
      assertFalse(data.condition(sample).devices().contains(Device.CHEST_TUBE));
    }
    assertFalse(data.provenance().contains("chest tube"));
  }

  @Test
  void shouldLetChestTubesGoWithPneumothoraxWhenAsked() {
    PhantomDataset data = new PhantomDataset(45, 2000, PhantomOptions.withShortcut(0.9));
    assertEquals(new PhantomDataset(45, 2000).samples(), data.samples());
    assertTrue(data.provenance().contains("chest tubes"), data.provenance());
    int[] patients = new int[2];
    int[] tubes = new int[2];
    for (Sample sample : data.samples()) {
      int group = sample.label(Pathology.PNEUMOTHORAX.target()) == Finding.PRESENT ? 1 : 0;
      patients[group]++;
      tubes[group] += data.condition(sample).devices().contains(Device.CHEST_TUBE) ? 1 : 0;
    }
    assertEquals(0.9, (double) tubes[1] / patients[1], 0.08);
    assertEquals(0.1, (double) tubes[0] / patients[0], 0.03);
  }

  @Test
  void shouldKeepTheTubeInBothPicturesOfAPair() {
    PhantomDataset data = new PhantomDataset(46, 1, new PhantomOptions(false, 1, 1));
    Sample sample = data.samples().get(0);
    PhantomPair pair = data.counterfactual(sample, Pathology.PNEUMOTHORAX, 48);
    PhantomPatient patient = data.patient(sample);
    Condition own = data.condition(sample).without(Pathology.PNEUMOTHORAX);
    assertEquals(EnumSet.of(Device.CHEST_TUBE), own.devices());
    assertArrayEquals(PhantomRenderer.render(patient, own, 48).pixels(), pair.without().pixels());
  }

  @Test
  void shouldRefuseSharesThatAreNone() {
    assertThrows(IllegalArgumentException.class, () -> new PhantomOptions(true, 1.1, 0));
    assertThrows(IllegalArgumentException.class, () -> new PhantomOptions(true, 0, -0.1));
    assertThrows(IllegalArgumentException.class, () -> PhantomOptions.withShortcut(Double.NaN));
  }
}
