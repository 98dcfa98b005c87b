package org.xrv.trainer.task;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.xrv.trainer.metric.TargetScores;

/** What a validation says about one target, as numbers by name for metrics.jsonl. */
public final class TargetNumbers {
  public static final String POSITIVES = "positives";
  public static final String NEGATIVES = "negatives";
  public static final String UNKNOWN = "unknown";

  /** Mean binary cross-entropy of the known labels. */
  public static final String LOSS = "loss";

  public static final String AUC = "auc";
  public static final String AUPRC = "auprc";

  /** The probability from which on the finding is called present. */
  public static final String THRESHOLD = "threshold";

  public static final String SENSITIVITY = "sensitivity";
  public static final String SPECIFICITY = "specificity";

  /** Expected calibration error of the logits as they are. */
  public static final String ERROR = "calibrationError";

  /** Before {@link #SCALE}, {@link #SHIFT} and {@link #ERROR_AFTER}: scale and shift. */
  public static final String PLATT = "platt";

  /** Before the same: one scale for all targets. */
  public static final String TEMPERATURE = "temperature";

  public static final String SCALE = "Scale";
  public static final String SHIFT = "Shift";

  /** Calibration error after it, by the halves of the images that did not take part in the fit. */
  public static final String ERROR_AFTER = "Error";

  private TargetNumbers() {}

  static Map<String, Double> of(
      TargetScores scores, Optional<TargetScores.Calibration> temperature) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put(POSITIVES, (double) scores.positives());
    numbers.put(NEGATIVES, (double) (scores.known() - scores.positives()));
    numbers.put(UNKNOWN, (double) scores.unknown());
    if (scores.known() > 0) {
      numbers.put(LOSS, scores.lossSum() / scores.known());
    }
    scores.auc().ifPresent(auc -> numbers.put(AUC, auc));
    scores.auprc().ifPresent(auprc -> numbers.put(AUPRC, auprc));
    scores
        .threshold()
        .ifPresent(
            t -> {
              numbers.put(THRESHOLD, t.probability());
              numbers.put(SENSITIVITY, t.sensitivity());
              numbers.put(SPECIFICITY, t.specificity());
            });
    scores.platt().ifPresent(c -> put(numbers, PLATT, c));
    temperature.ifPresent(c -> put(numbers, TEMPERATURE, c));
    return numbers;
  }

  private static void put(
      Map<String, Double> numbers, String kind, TargetScores.Calibration calibration) {
    numbers.put(ERROR, calibration.errorBefore());
    numbers.put(kind + SCALE, calibration.scaling().scale());
    numbers.put(kind + SHIFT, calibration.scaling().shift());
    numbers.put(kind + ERROR_AFTER, calibration.errorAfter());
  }
}
