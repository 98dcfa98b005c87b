package org.xrv.trainer.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xrv.core.architecture.DenseNet;
import org.xrv.core.modelpackage.TargetDescription;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.trainer.config.CalibrationName;
import org.xrv.trainer.metric.LogitScaling;
import org.xrv.trainer.metric.OperatingThreshold;
import org.xrv.trainer.task.TargetNumbers;

/**
 * What a package says about a classifier's targets, and what that makes of its weights.
 *
 * @param targets in the order of the outputs
 * @param numbers of {@link TargetNumbers}, by target
 * @param calibrate what is folded into the weights
 */
record TargetReports(
    List<String> targets, Map<String, Map<String, Double>> numbers, CalibrationName calibrate) {

  List<TargetDescription> descriptions() {
    return numbers.isEmpty() ? List.of() : targets.stream().map(this::description).toList();
  }

  private TargetDescription description(String target) {
    Map<String, Double> n = numbers.getOrDefault(target, Map.of());
    Double threshold = n.get(TargetNumbers.THRESHOLD);
    return new TargetDescription(
        target,
        count(n, TargetNumbers.POSITIVES),
        count(n, TargetNumbers.NEGATIVES),
        count(n, TargetNumbers.UNKNOWN),
        n.get(TargetNumbers.AUC),
        n.get(TargetNumbers.AUPRC),
        threshold == null ? null : point(target, n, threshold),
        fit(target)
            .map(
                scaling ->
                    new TargetDescription.Calibration(
                        scaling.scale(),
                        scaling.shift(),
                        calibrate != CalibrationName.NONE,
                        n.get(TargetNumbers.ERROR),
                        n.get(kind() + TargetNumbers.ERROR_AFTER)))
            .orElse(null));
  }

  private static long count(Map<String, Double> n, String name) {
    return n.getOrDefault(name, 0.0).longValue();
  }

  private TargetDescription.OperatingPoint point(
      String target, Map<String, Double> n, double threshold) {
    OperatingThreshold of =
        new OperatingThreshold(
                threshold, n.get(TargetNumbers.SENSITIVITY), n.get(TargetNumbers.SPECIFICITY))
            .after(folded(target));
    return new TargetDescription.OperatingPoint(
        of.probability(), of.sensitivity(), of.specificity());
  }

  private String kind() {
    return calibrate == CalibrationName.TEMPERATURE
        ? TargetNumbers.TEMPERATURE
        : TargetNumbers.PLATT;
  }

  private Optional<LogitScaling> fit(String target) {
    Map<String, Double> n = numbers.getOrDefault(target, Map.of());
    Double scale = n.get(kind() + TargetNumbers.SCALE);
    return scale == null
        ? Optional.empty()
        : Optional.of(new LogitScaling(scale, n.get(kind() + TargetNumbers.SHIFT)));
  }

  /** What an output is scaled by in the exported weights; nothing where there is no fit. */
  private LogitScaling folded(String target) {
    return calibrate == CalibrationName.NONE
        ? LogitScaling.NONE
        : fit(target).orElse(LogitScaling.NONE);
  }

  /**
   * The weights with the calibration folded into the last layer: a (W x + b) + c = (a W) x + (a b +
   * c), so that the exported network is the trained one with calibrated logits, exactly but for the
   * rounding of the products.
   */
  NamedTensors fold(NamedTensors weights) {
    if (calibrate == CalibrationName.NONE) {
      return weights;
    }
    FloatTensor w = weights.get(DenseNet.LAST_WEIGHT);
    FloatTensor b = weights.get(DenseNet.LAST_BIAS);
    float[] scaled = w.data().clone();
    float[] shifted = b.data().clone();
    int inputs = scaled.length / targets.size();
    for (int t = 0; t < targets.size(); t++) {
      LogitScaling scaling = folded(targets.get(t));
      for (int i = t * inputs; i < (t + 1) * inputs; i++) {
        scaled[i] = (float) (scaling.scale() * scaled[i]);
      }
      shifted[t] = (float) scaling.of(shifted[t]);
    }
    Map<String, FloatTensor> changed = new LinkedHashMap<>();
    weights.names().forEach(name -> changed.put(name, weights.get(name)));
    changed.put(DenseNet.LAST_WEIGHT, new FloatTensor(w.shape(), scaled));
    changed.put(DenseNet.LAST_BIAS, new FloatTensor(b.shape(), shifted));
    return new NamedTensors(changed);
  }
}
