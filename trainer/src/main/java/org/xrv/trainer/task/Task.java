package org.xrv.trainer.task;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.xrv.converter.torchscript.Loss;
import org.xrv.core.graph.Graph;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.trainer.data.Batch;

/** A network together with what it should learn. */
public interface Task {
  /** Takes images [N, 1, R, R], gives what {@link #target} has the shape of. */
  Graph graph();

  Loss loss();

  /** The weights before the first step. */
  NamedTensors firstWeights();

  /** What the network should give for a batch. */
  FloatTensor target(Batch batch);

  /** Over how many elements the loss of a batch is a sum, so that a mean can be shown. */
  long lossElements(FloatTensor target);

  /**
   * What is wrong with a validation whose numbers are finite but cannot be those of a network that
   * trains well; empty where nothing is.
   *
   * @param metrics of the validation
   */
  Optional<String> doubt(Map<String, Double> metrics);

  /** An empty record of a validation. */
  Validation validation();

  /**
   * The number by which checkpoints compete; lower is better.
   *
   * @param best one of the task's RANKING
   */
  double score(Map<String, Double> metrics, String best);

  /**
   * Draws what the network makes of some images.
   *
   * @param predict the network in inference form
   * @param examples the same images at each call
   */
  void illustrate(Path file, List<Batch> examples, UnaryOperator<FloatTensor> predict);

  /** Sums up a validation, batch by batch. */
  interface Validation {
    void add(Batch batch, FloatTensor output);

    /** The metrics by name, in the order in which they are shown. */
    Map<String, Double> metrics();

    /**
     * More numbers, for the log only: by group (such as a target), then by name. They are all
     * finite; what has no value is not there.
     */
    default Map<String, Map<String, Double>> details() {
      return Map.of();
    }
  }
}
