package org.xrv.trainer.run;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.PatientSplit;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.error.Suggestions;
import org.xrv.trainer.config.TaskWeights;
import org.xrv.trainer.data.LabelCounts;

/**
 * What a data set's labels allow to learn.
 *
 * @param training of the images to train on, by target
 * @param validation of the others
 */
record ClassifierLabels(List<LabelCounts> training, List<LabelCounts> validation) {
  ClassifierLabels {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
  }

  /**
   * Counts the labels of a split.
   *
   * @throws ProblemException USAGE when the data set does not know a target; BAD_DATA when no
   *     training image has a known label of it
   */
  static ClassifierLabels of(Dataset dataset, PatientSplit split, List<String> targets) {
    Set<String> known = new TreeSet<>();
    for (Sample sample : dataset.samples()) {
      known.addAll(sample.labels().keySet());
    }
    for (String target : targets) {
      if (!known.contains(target)) {
        throw new ProblemException(
            ProblemKind.USAGE,
            dataset.name()
                + " has no label '"
                + target
                + "'"
                + Suggestions.didYouMean(target, known)
                + (known.isEmpty()
                    ? "; it has no labels at all"
                    : " (known: " + String.join(", ", known) + ")"));
      }
    }
    List<LabelCounts> training = LabelCounts.of(split.training(), targets);
    for (LabelCounts counts : training) {
      if (counts.known() == 0) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            "no training image of "
                + dataset.name()
                + " has a known label '"
                + counts.target()
                + "'; leave the target out, or add data that has it");
      }
    }
    return new ClassifierLabels(training, LabelCounts.of(split.validation(), targets));
  }

  /** Says a line about each target, and one about those that something will be missing for. */
  void tell(TaskWeights rule, Consumer<String> messages) {
    List<Double> weights = rule.weights(training);
    for (int t = 0; t < training.size(); t++) {
      LabelCounts train = training.get(t);
      LabelCounts valid = validation.get(t);
      messages.accept(
          String.format(
              Locale.ROOT,
              "%s: %d of %d training images have it (%d unknown), %d of %d for validation (%d"
                  + " unknown)%s",
              train.target(),
              train.present(),
              train.known(),
              train.unknown(),
              valid.present(),
              valid.known(),
              valid.unknown(),
              rule.rule() == TaskWeights.Rule.NONE
                  ? ""
                  : String.format(Locale.ROOT, "; weight %.3f", weights.get(t))));
    }
    List<String> oneKind =
        training.stream().filter(c -> !c.bothKinds()).map(LabelCounts::target).toList();
    if (!oneKind.isEmpty()) {
      messages.accept(
          "warning: nothing can be learned about "
              + String.join(", ", oneKind)
              + ": the training images have no positives or no negatives");
    }
    List<String> unscored =
        validation.stream().filter(c -> !c.bothKinds()).map(LabelCounts::target).toList();
    if (!unscored.isEmpty()) {
      messages.accept(
          "warning: no AUC, operating point or calibration for "
              + String.join(", ", unscored)
              + ": the validation images have no positives or no negatives");
    }
  }
}
