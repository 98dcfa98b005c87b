package org.xrv.trainer.task;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.xrv.converter.torchscript.Loss;
import org.xrv.core.architecture.DenseNet;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.trainer.data.Batch;

/**
 * Telling findings apart; one logit per target.
 *
 * @param targets in the order of the network's outputs
 */
public record ClassifierTask(DenseNet architecture, List<String> targets, long seed)
    implements Task {
  public static final String AUC = "auc";
  public static final String LOSS = "loss";

  public ClassifierTask {
    targets = List.copyOf(targets);
    if (targets.size() != architecture.outputs()) {
      throw new IllegalArgumentException(targets + " for " + architecture.outputs() + " outputs");
    }
  }

  @Override
  public Graph graph() {
    return architecture.graph();
  }

  @Override
  public Loss loss() {
    return Loss.BINARY_CROSS_ENTROPY;
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
   * Mean binary cross-entropy over the known labels, and the AUC: of each target, and their mean.
   * Targets without both kinds of labels have none.
   */
  @Override
  public Validation validation() {
    return new Scores();
  }

  @Override
  public List<String> ranking() {
    return List.of(LOSS, AUC);
  }

  /** The loss, or 1 - AUC; without an AUC, the worst. */
  @Override
  public double score(Map<String, Double> metrics, String best) {
    return best.equals(AUC) ? 1 - metrics.getOrDefault(AUC, 0.0) : metrics.get(LOSS);
  }

  @Override
  public void illustrate(Path file, List<Batch> examples, UnaryOperator<FloatTensor> predict) {
    // A probability has no picture.
  }

  private final class Scores implements Validation {
    private final List<List<Double>> scores = new ArrayList<>();
    private final List<List<Boolean>> truth = new ArrayList<>();
    private double loss;
    private long known;

    Scores() {
      targets.forEach(
          t -> {
            scores.add(new ArrayList<>());
            truth.add(new ArrayList<>());
          });
    }

    @Override
    public void add(Batch batch, FloatTensor output) {
      float[] labels = target(batch).data();
      for (int i = 0; i < labels.length; i++) {
        if (!Float.isNaN(labels[i])) {
          double logit = output.data()[i];
          scores.get(i % targets.size()).add(logit);
          truth.get(i % targets.size()).add(labels[i] == 1);
          // log(1 + e^-|x|) + max(x, 0) - x y: no overflow for large logits
          loss += Math.log1p(Math.exp(-Math.abs(logit))) + Math.max(logit, 0) - logit * labels[i];
          known++;
        }
      }
    }

    @Override
    public Map<String, Double> metrics() {
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put(LOSS, known == 0 ? 0 : loss / known);
      Map<String, Double> each = new LinkedHashMap<>();
      for (int t = 0; t < targets.size(); t++) {
        String name = AUC + "." + targets.get(t);
        RankAuc.of(scores.get(t), truth.get(t)).ifPresent(auc -> each.put(name, auc));
      }
      each.values().stream()
          .mapToDouble(Double::doubleValue)
          .average()
          .ifPresent(mean -> metrics.put(AUC, mean));
      if (targets.size() > 1) {
        metrics.putAll(each);
      }
      return metrics;
    }
  }
}
