package org.xrv.core.dataset.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.xrv.core.dataset.PatientSplit;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** Whom the publishers train and validate with. */
class OfficialSplitTest {
  private final List<String> messages = new ArrayList<>();

  private static Sample sample(String set, String patient, int image, String split) {
    return new Sample(set, patient + "_" + image, set + ":" + patient, "PA", Map.of(), split);
  }

  private static List<Sample> nih() {
    List<Sample> samples = new ArrayList<>();
    for (int patient = 0; patient < 40; patient++) {
      for (int image = 0; image < 3; image++) {
        samples.add(sample("nih", "" + patient, image, patient % 4 == 0 ? "test" : "train"));
      }
    }
    return samples;
  }

  private PatientSplit split(List<Sample> samples) {
    return OfficialSplit.of(samples, 0.3, 5, messages::add);
  }

  private static Set<String> patients(List<Sample> samples) {
    return samples.stream().map(Sample::patient).collect(Collectors.toSet());
  }

  private static Set<String> splits(List<Sample> samples) {
    return samples.stream().map(Sample::split).collect(Collectors.toSet());
  }

  @Test
  void shouldValidateWithPatientsOfNihsTrainingListAndNeverItsTestList() {
    PatientSplit split = split(nih());
    assertEquals(Set.of("train"), splits(split.training()));
    assertEquals(Set.of("train"), splits(split.validation()));
    assertEquals(90, split.training().size() + split.validation().size());
    Set<String> both = patients(split.training());
    both.retainAll(patients(split.validation()));
    assertEquals(Set.of(), both);
    assertEquals(
        List.of(
            "official split: 30 images, such as those of test, are used neither for training nor"
                + " for validation"),
        messages);
  }

  @Test
  void shouldTakeMimicsOwnValidation() {
    List<Sample> samples =
        List.of(
            sample("mimic", "1", 0, "train"),
            sample("mimic", "2", 0, "validate"),
            sample("mimic", "3", 0, "test"),
            sample("mimic", "4", 0, "train"));
    PatientSplit split = split(samples);
    assertEquals(List.of(samples.get(0), samples.get(3)), split.training());
    assertEquals(List.of(samples.get(1)), split.validation());
    List<Sample> both = new ArrayList<>(nih());
    both.addAll(samples);
    split = split(both);
    assertTrue(split.validation().containsAll(List.of(samples.get(1))));
    assertEquals(92, split.training().size() + split.validation().size() - 1);
  }

  @Test
  void shouldNotDependOnTheOrderOfFiles() {
    List<Sample> turned = new ArrayList<>(nih());
    java.util.Collections.reverse(turned);
    assertEquals(patients(split(nih()).validation()), patients(split(turned).validation()));
  }

  @Test
  void shouldNameTheSetsThatHaveOne() {
    ProblemException e =
        assertThrows(ProblemException.class, () -> split(List.of(sample("phantom", "1", 0, ""))));
    assertEquals(ProblemKind.USAGE, e.kind());
    assertEquals(
        "phantom has no official split; sets that have: nih, mimic; use --split random",
        e.getMessage());
  }

  @Test
  void shouldNameTheFilesOfAMissingSplit() {
    ProblemException e =
        assertThrows(ProblemException.class, () -> split(List.of(sample("nih", "1", 0, ""))));
    assertEquals(ProblemKind.BAD_DATA, e.kind());
    assertTrue(e.getMessage().contains("train_val_list.txt"), e.getMessage());
    e = assertThrows(ProblemException.class, () -> split(List.of(sample("mimic", "1", 0, ""))));
    assertTrue(e.getMessage().contains("put mimic-cxr-2.0.0-split.csv beside"), e.getMessage());
    e = assertThrows(ProblemException.class, () -> split(List.of(sample("nih", "1", 0, "test"))));
    assertTrue(e.getMessage().contains("(splits found: test); take other"), e.getMessage());
  }

  @Test
  void shouldRefuseAPatientOnBothSides() {
    List<Sample> samples =
        List.of(sample("mimic", "1", 0, "train"), sample("mimic", "1", 1, "validate"));
    ProblemException e = assertThrows(ProblemException.class, () -> split(samples));
    assertTrue(e.getMessage().contains("patient mimic:1 is on both sides"), e.getMessage());
  }
}
