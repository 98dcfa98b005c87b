package org.xrv.trainer.task;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.xrv.converter.torchscript.Loss;
import org.xrv.core.architecture.DenseNet;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.trainer.data.Batch;
import org.xrv.trainer.metric.TargetScores;

/**
 * Telling findings apart; one logit per target.
 *
 * @param targets in the order of the network's outputs
 * @param weights how much each target's labels count in the loss
 */
public record ClassifierTask(
    DenseNet architecture, List<String> targets, List<Double> weights, long seed) implements Task {
  public static final String AUC = "auc";
  public static final String AUPRC = "auprc";
  public static final String LOSS = "loss";

  /** Logits of mean size 10 on the wrong side: no network that learns is there. */
  private static final double FAR = 10;

  /** What can say which checkpoint is best. */
  public static final List<String> RANKING = List.of(LOSS, AUC);

  public ClassifierTask {
    targets = List.copyOf(targets);
    weights = List.copyOf(weights);
    if (targets.size() != architecture.outputs() || targets.size() != weights.size()) {
      throw new IllegalArgumentException(targets + " for " + architecture.outputs() + " outputs");
    }
  }

  @Override
  public Graph graph() {
    return architecture.graph();
  }

  @Override
  public Loss loss() {
    return new Loss.BinaryCrossEntropy(weights);
  }

  @Override
  public NamedTensors firstWeights() {
    return Initialization.PYTORCH.weights(graph(), seed);
  }

  /** [N, targets]: 1 present, 0 absent, NaN unknown. */
  @Override
  public FloatTensor target(Batch batch) {
    FloatTensor labels = FloatTensor.zeros(Shape.of(batch.size(), targets.size()));
    for (int i = 0; i < batch.size(); i++) {
      for (int t = 0; t < targets.size(); t++) {
        labels.data()[i * targets.size() + t] =
            switch (batch.samples().get(i).label(targets.get(t))) {
              case PRESENT -> 1;
              case ABSENT -> 0;
              case UNKNOWN -> Float.NaN;
            };
      }
    }
    return labels;
  }

  @Override
  public long lossElements(FloatTensor target) {
    long known = 0;
    for (float label : target.data()) {
      known += Float.isNaN(label) ? 0 : 1;
    }
    return known;
  }

  /**
   * Mean binary cross-entropy over the known labels, every label counting alike whatever its
   * target's weight; the mean over targets of the areas under the ROC and the precision-recall
   * curve, and each target's under the ROC curve. Targets without both kinds of labels have none.
   * The details are {@link TargetNumbers}.
   */
  @Override
  public Validation validation() {
    return new Scores();
  }

  /** The loss, or 1 - AUC; without an AUC, the worst. */
  @Override
  public double score(Map<String, Double> metrics, String best) {
    return best.equals(AUC) ? 1 - metrics.getOrDefault(AUC, 0.0) : metrics.get(LOSS);
  }

  @Override
  public Optional<String> doubt(Map<String, Double> metrics) {
    return metrics.get(LOSS) > FAR
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "the validation loss of %.4g is far above %.2g, that of a guess",
                metrics.get(LOSS),
                Math.log(2)))
        : Optional.empty();
  }

  @Override
  public void illustrate(Path file, List<Batch> examples, UnaryOperator<FloatTensor> predict) {
    // A probability has no picture.
  }

  private final class Scores implements Validation {
    private final List<TargetScores> scores =
        targets.stream().map(t -> new TargetScores()).toList();

    @Override
    public void add(Batch batch, FloatTensor output) {
      float[] labels = target(batch).data();
      for (int i = 0; i < labels.length; i++) {
        TargetScores of = scores.get(i % targets.size());
        if (Float.isNaN(labels[i])) {
          of.addUnknown();
        } else {
          of.add(output.data()[i], labels[i] == 1);
        }
      }
    }

    @Override
    public Map<String, Double> metrics() {
      Map<String, Double> metrics = new LinkedHashMap<>();
      long known = scores.stream().mapToLong(TargetScores::known).sum();
      double loss = scores.stream().mapToDouble(TargetScores::lossSum).sum();
      metrics.put(LOSS, known == 0 ? 0 : loss / known);
      mean(TargetScores::auc).ifPresent(mean -> metrics.put(AUC, mean));
      mean(TargetScores::auprc).ifPresent(mean -> metrics.put(AUPRC, mean));
      if (targets.size() > 1) {
        for (int t = 0; t < targets.size(); t++) {
          String name = AUC + "." + targets.get(t);
          scores.get(t).auc().ifPresent(auc -> metrics.put(name, auc));
        }
      }
      return metrics;
    }

    private OptionalDouble mean(Function<TargetScores, OptionalDouble> metric) {
      return scores.stream().map(metric).flatMapToDouble(OptionalDouble::stream).average();
    }

    @Override
    public Map<String, Map<String, Double>> details() {
      List<Optional<TargetScores.Calibration>> temperatures = TargetScores.temperature(scores);
      Map<String, Map<String, Double>> details = new LinkedHashMap<>();
      for (int t = 0; t < targets.size(); t++) {
        details.put(targets.get(t), TargetNumbers.of(scores.get(t), temperatures.get(t)));
      }
      return details;
    }
  }
}
