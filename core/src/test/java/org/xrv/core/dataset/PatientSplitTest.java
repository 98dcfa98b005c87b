package org.xrv.core.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

class PatientSplitTest {
  /** Patients with one to four images each. */
  private static List<Sample> samples(int patients) {
    List<Sample> samples = new ArrayList<>();
    for (int patient = 0; patient < patients; patient++) {
      for (int image = 0; image <= patient % 4; image++) {
        samples.add(new Sample("set", patient + "_" + image, "set:" + patient, "PA", Map.of()));
      }
    }
    return samples;
  }

  private static Set<String> patients(List<Sample> samples) {
    return samples.stream().map(Sample::patient).collect(Collectors.toSet());
  }

  @Test
  void shouldPutNoPatientOnBothSidesAndLoseNoImage() {
    List<Sample> samples = samples(1000);
    PatientSplit split = PatientSplit.of(samples, 0.1, 7);
    assertTrue(Collections.disjoint(patients(split.training()), patients(split.validation())));
    Set<Sample> both = new HashSet<>(split.training());
    both.addAll(split.validation());
    assertEquals(new HashSet<>(samples), both);
    assertEquals(samples.size(), split.training().size() + split.validation().size());
  }

  @Test
  void shouldTakeAboutTheFractionOfThePatients() {
    int validation = patients(PatientSplit.of(samples(4000), 0.1, 7).validation()).size();
    // Binomial: 400 with a standard deviation of 19.
    assertTrue(validation > 320 && validation < 480, "took " + validation);
  }

  @Test
  void shouldKeepAPatientsSideWhateverTheOthers() {
    PatientSplit few = PatientSplit.of(samples(200), 0.2, 7);
    List<Sample> shuffled = new ArrayList<>(samples(1000));
    Collections.reverse(shuffled);
    PatientSplit many = PatientSplit.of(shuffled, 0.2, 7);
    assertTrue(patients(many.validation()).containsAll(patients(few.validation())));
    assertTrue(patients(many.training()).containsAll(patients(few.training())));
    PatientSplit larger = PatientSplit.of(samples(200), 0.3, 7);
    assertTrue(patients(larger.validation()).containsAll(patients(few.validation())));
  }

  @Test
  void shouldSplitOtherwiseWithAnotherSeed() {
    assertNotEquals(
        PatientSplit.of(samples(200), 0.2, 7).validation(),
        PatientSplit.of(samples(200), 0.2, 8).validation());
    assertEquals(PatientSplit.of(samples(200), 0.2, 7), PatientSplit.of(samples(200), 0.2, 7));
  }

  @Test
  void shouldRefuseAnEmptySide() {
    ProblemException e =
        assertThrows(ProblemException.class, () -> PatientSplit.of(samples(1), 0.5, 7));
    assertEquals(ProblemKind.BAD_DATA, e.kind());
    assertTrue(
        e.getMessage().contains("one patient, set:0; training and validation"), e.getMessage());
    assertFalse(e.getMessage().contains("\n"));
    ProblemException none =
        assertThrows(ProblemException.class, () -> PatientSplit.of(List.of(), 0.5, 7));
    assertTrue(none.getMessage().contains("no image"), none.getMessage());
    assertThrows(IllegalArgumentException.class, () -> PatientSplit.of(samples(9), 0, 7));
    assertThrows(IllegalArgumentException.class, () -> PatientSplit.of(samples(9), 1, 7));
  }
}
