package org.xrv.core.dataset.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.xrv.core.dataset.PatientSplit;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.manifest.DataManifest;
import org.xrv.core.dataset.manifest.DataManifests;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * The publishers' splits. A set's images of the split "train" are trained on and those of
 * "validate" validated with; where a publisher has no "validate" (NIH), a share of the patients of
 * "train" is. All others, "test" above all, are used for neither.
 */
public final class OfficialSplit {
  private static final String TRAIN = "train";
  private static final String VALIDATE = "validate";

  private OfficialSplit() {}

  /**
   * Splits the samples of one or several sets.
   *
   * @param validationFraction of the patients of "train", where there is no "validate"
   * @param seed of these patients
   * @param messages gets one line about images that are used for neither
   * @throws ProblemException USAGE when a set has no such split; BAD_DATA when its files are not
   *     there, a side is empty, or a patient is on both sides
   */
  public static PatientSplit of(
      List<Sample> samples, double validationFraction, long seed, Consumer<String> messages) {
    Map<String, List<Sample>> bySet = new LinkedHashMap<>();
    samples.forEach(s -> bySet.computeIfAbsent(s.dataset(), set -> new ArrayList<>()).add(s));
    Set<Sample> training = java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
    Set<Sample> validation = java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
    for (var set : bySet.entrySet()) {
      List<Sample> train = in(set.getValue(), TRAIN);
      List<Sample> validate = in(set.getValue(), VALIDATE);
      if (train.isEmpty()) {
        throw none(set.getKey(), set.getValue());
      }
      if (validate.isEmpty()) {
        PatientSplit share = PatientSplit.of(train, validationFraction, seed);
        training.addAll(share.training());
        validation.addAll(share.validation());
      } else {
        training.addAll(train);
        validation.addAll(validate);
      }
    }
    int neither = samples.size() - training.size() - validation.size();
    if (neither > 0) {
      messages.accept(
          "official split: "
              + neither
              + " images, such as those of test, are used neither for training nor for validation");
    }
    PatientSplit split =
        new PatientSplit(
            samples.stream().filter(training::contains).toList(),
            samples.stream().filter(validation::contains).toList());
    requireApart(split);
    return split;
  }

  private static List<Sample> in(List<Sample> samples, String split) {
    return samples.stream().filter(sample -> sample.split().equals(split)).toList();
  }

  /** Two sets may share patients, and their publishers need not have agreed. */
  private static void requireApart(PatientSplit split) {
    Set<String> trained =
        split.training().stream().map(Sample::patient).collect(Collectors.toSet());
    for (Sample sample : split.validation()) {
      if (trained.contains(sample.patient())) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            "official split: patient "
                + sample.patient()
                + " is on both sides (image "
                + sample.id()
                + " of "
                + sample.dataset()
                + " is in validation); take one of the sets, or --split random");
      }
    }
  }

  private static ProblemException none(String name, List<Sample> samples) {
    boolean hasOne = DataManifests.known(name) && hasOne(DataManifests.builtIn(name).content());
    if (!hasOne) {
      return new ProblemException(
          ProblemKind.USAGE,
          name
              + " has no official split; sets that have: "
              + String.join(", ", names())
              + "; use --split random");
    }
    Set<String> there = samples.stream().map(Sample::split).collect(Collectors.toSet());
    there.remove("");
    DataManifest manifest = DataManifests.builtIn(name).content();
    return new ProblemException(
        ProblemKind.BAD_DATA,
        name
            + ": none of its images is in the official split \"train\" (splits found: "
            + (there.isEmpty() ? "none" : String.join(", ", new TreeSet<>(there)))
            + "); "
            + (there.isEmpty()
                ? "put " + String.join(" and ", files(manifest)) + " beside its table"
                : "take other images")
            + ", or use --split random");
  }

  /** The sets that have an official split. */
  public static List<String> names() {
    return DataManifests.NAMES.stream()
        .filter(name -> hasOne(DataManifests.builtIn(name).content()))
        .toList();
  }

  private static boolean hasOne(DataManifest manifest) {
    return manifest.splits().containsKey(TRAIN) || !manifest.table().columns().split().isEmpty();
  }

  private static List<String> files(DataManifest manifest) {
    List<String> files = new ArrayList<>();
    manifest.splits().values().forEach(names -> files.add(names.get(0)));
    manifest.joins().stream()
        .filter(join -> join.gives().contains("split"))
        .forEach(join -> files.add(join.files().get(0)));
    return files;
  }
}
