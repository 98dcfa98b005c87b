package org.xrv.trainer.metric;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Logits of one target with their truth, gathered over a validation. */
public final class TargetScores {
  private final List<Double> logits = new ArrayList<>();
  private final List<Boolean> positive = new ArrayList<>();
  private double loss;
  private long unknown;

  /** An image whose label is known. */
  public void add(double logit, boolean present) {
    logits.add(logit);
    positive.add(present);
    loss += Logistic.loss(logit, present ? 1 : 0);
  }

  /** An image of which nobody knows. */
  public void addUnknown() {
    unknown++;
  }

  public long known() {
    return logits.size();
  }

  public long positives() {
    return positive.stream().filter(p -> p).count();
  }

  public long unknown() {
    return unknown;
  }

  /** Sum of the binary cross-entropy over the known labels, in nats. */
  public double lossSum() {
    return loss;
  }

  public OptionalDouble auc() {
    return RankAuc.of(logits, positive);
  }

  public OptionalDouble auprc() {
    return AveragePrecision.of(logits, positive);
  }

  public Optional<OperatingThreshold> threshold() {
    return OperatingThreshold.youden(logits, positive);
  }

  /** A scaling of the logits with the calibration error before it and, cross-fitted, after it. */
  public record Calibration(LogitScaling scaling, double errorBefore, double errorAfter) {}

  /** Scale and shift fitted to this target; empty when {@link LogitFit#platt} has none. */
  public Optional<Calibration> platt() {
    return calibration(
        LogitFit.platt(logits, positive),
        half -> {
          LogitFit.Examples part = examples().half(half);
          return LogitFit.platt(part.logits(), part.positive());
        });
  }

  /** The scale that all targets have in common, for each target; empty where there is none. */
  public static List<Optional<Calibration>> temperature(List<TargetScores> all) {
    Optional<LogitScaling> whole = temperature(all, TargetScores::examples);
    Map<Integer, Optional<LogitScaling>> halves = new LinkedHashMap<>();
    for (int half = 0; half < 2; half++) {
      int h = half;
      halves.put(half, temperature(all, t -> t.examples().half(h)));
    }
    return all.stream()
        .map(t -> t.calibration(t.examples().bothKinds() ? whole : Optional.empty(), halves::get))
        .toList();
  }

  private static Optional<LogitScaling> temperature(
      List<TargetScores> all, java.util.function.Function<TargetScores, LogitFit.Examples> part) {
    List<LogitFit.Examples> parts = all.stream().map(part).toList();
    return LogitFit.temperature(
        parts.stream().map(LogitFit.Examples::logits).toList(),
        parts.stream().map(LogitFit.Examples::positive).toList());
  }

  private Optional<Calibration> calibration(
      Optional<LogitScaling> scaling,
      java.util.function.Function<Integer, Optional<LogitScaling>> ofHalf) {
    OptionalDouble before = CalibrationError.of(logits, positive, LogitScaling.NONE);
    OptionalDouble after = CalibrationError.crossFitted(logits, positive, ofHalf);
    return scaling.isPresent() && before.isPresent() && after.isPresent()
        ? Optional.of(new Calibration(scaling.get(), before.getAsDouble(), after.getAsDouble()))
        : Optional.empty();
  }

  private LogitFit.Examples examples() {
    return new LogitFit.Examples(logits, positive);
  }
}
