package org.xrv.core.dataset.phantom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

class PhantomDeviceTest {
  private static final PhantomOptions BARE = new PhantomOptions(false, Optional.empty());

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

  /** Patients and carriers of chest tubes: {without, with} Pneumothorax. */
  private static int[][] count(double probability) {
    PhantomDataset data = new PhantomDataset(45, 2000, PhantomOptions.withShortcut(probability));
    assertEquals(new PhantomDataset(45, 2000).samples(), data.samples());
    int[] patients = new int[2];
    int[] tubes = new int[2];
    for (Sample sample : data.samples()) {
      int group = sample.label(Pathology.PNEUMOTHORAX.target()) == Finding.PRESENT ? 1 : 0;
      patients[group]++;
      tubes[group] += data.condition(sample).devices().contains(Device.CHEST_TUBE) ? 1 : 0;
    }
    return new int[][] {patients, tubes};
  }

  @Test
  void shouldLetChestTubesGoWithPneumothoraxWhenAsked() {
    int[][] mostly = count(0.9);
    assertEquals(0.9, (double) mostly[1][1] / mostly[0][1], 0.08);
    assertEquals(0.1, (double) mostly[1][0] / mostly[0][0], 0.03);
    int[][] always = count(1);
    assertEquals(always[0][1], always[1][1]);
    assertEquals(0, always[1][0]);
    int[][] byChance = count(0.5);
    double share = (byChance[1][0] + byChance[1][1]) / 2000.0;
    double deviation =
        Math.sqrt(share * (1 - share) * (1.0 / byChance[0][0] + 1.0 / byChance[0][1]));
    double difference =
        (double) byChance[1][1] / byChance[0][1] - (double) byChance[1][0] / byChance[0][0];
    assertEquals(0, difference, 4 * deviation);
  }

  @Test
  void shouldSayTheShortcutInTheProvenance() {
    String provenance = new PhantomDataset(45, 2, PhantomOptions.withShortcut(0.9)).provenance();
    assertTrue(
        provenance.endsWith(
            "; shortcut: chest tube with Pneumothorax: probability 0.900, else 0.100"),
        provenance);
  }

  @Test
  void shouldKeepOtherDevicesAsTheyAre() {
    PhantomDataset with =
        new PhantomDataset(
            47, 300, PhantomOptions.with(Shortcut.parse("pacemaker-with-Cardiomegaly=1")));
    PhantomDataset without = new PhantomDataset(47, 300);
    for (Sample sample : with.samples()) {
      Set<Device> devices = new java.util.HashSet<>(with.condition(sample).devices());
      boolean enlarged = sample.label("Cardiomegaly") == Finding.PRESENT;
      assertEquals(enlarged, devices.remove(Device.PACEMAKER));
      Set<Device> natural = new java.util.HashSet<>(without.condition(sample).devices());
      natural.remove(Device.PACEMAKER);
      assertEquals(natural, devices);
    }
  }

  @Test
  void shouldKeepTheTubeInBothPicturesOfAPair() {
    PhantomDataset data =
        new PhantomDataset(
            46,
            200,
            new PhantomOptions(
                false, Optional.of(new Shortcut(Device.CHEST_TUBE, Pathology.PNEUMOTHORAX, 1))));
    Sample sample =
        data.samples().stream()
            .filter(s -> s.label("Pneumothorax") == Finding.PRESENT)
            .findFirst()
            .orElseThrow();
    PhantomPair pair = data.counterfactual(sample, Pathology.PNEUMOTHORAX, 48);
    PhantomPatient patient = data.patient(sample);
    Condition own = data.condition(sample).without(Pathology.PNEUMOTHORAX);
    assertEquals(EnumSet.of(Device.CHEST_TUBE), own.devices());
    assertArrayEquals(PhantomRenderer.render(patient, own, 48).pixels(), pair.without().pixels());
  }

  @Test
  void shouldNameEveryShortcut() {
    assertEquals(28, Shortcut.names().size());
    for (String name : Shortcut.names()) {
      assertEquals(name, Shortcut.parse(name + "=0.25").name());
    }
    assertEquals(
        new Shortcut(Device.ECG_LEADS, Pathology.LUNG_OPACITY, 0.7),
        Shortcut.of("ecg-leads-with-lung-opacity", 0.7));
  }

  @Test
  void shouldRefuseShortcutsThatAreNone() {
    for (String wrong :
        new String[] {
          "chest-tube-with-Pneumothorax",
          "chest-tube-with-Pneumothorax=often",
          "chest-tube-with-Pneumothorax=1.1",
          "chest-tube-with-Pneumothorax=-0.1",
          "chest-tube-with-Pneumothorax=NaN",
          "chest-tube=0.9",
          "=0.9",
          ""
        }) {
      ProblemException problem =
          assertThrows(ProblemException.class, () -> Shortcut.parse(wrong), wrong);
      assertEquals(ProblemKind.USAGE, problem.kind());
    }
    ProblemException problem =
        assertThrows(
            ProblemException.class, () -> Shortcut.parse("chest-tub-with-Pneumothorax=0.9"));
    assertTrue(problem.getMessage().contains("chest-tube-with-Pneumothorax"), problem.getMessage());
  }
}
