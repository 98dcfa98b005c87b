package org.xrv.converter.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.converter.onnxruntime.WideTensor;
import org.xrv.core.graph.Graph;
import org.xrv.core.random.KeyedRandom;
import org.xrv.core.tensor.FloatTensor;

/**
 * Proves a gradient file: the rules by central differences of the same graph in float64, the file
 * by its distance from float64.
 */
public final class GradientParity {
  private static final int RANDOM_DIRECTIONS = 2;

  /** Shares of the input's length: a kink may lie within the first, rounding spoil the last. */
  private static final double[] STEPS = {1e-5, 1e-6, 1e-7, 1e-8, 1e-4};

  /** Good enough not to try another step. */
  private static final double CLOSE = GradientReport.DIRECTION_LIMIT / 20;

  private final OnnxModel exact;
  private final String derived;
  private final String variable;
  private final String gradient;
  private final WideTensor at;
  private final Map<String, long[]> indices;
  private final int threads;

  private GradientParity(
      OnnxModel exact,
      String derived,
      String variable,
      String gradient,
      FloatTensor at,
      Map<String, long[]> indices,
      int threads) {
    this.exact = exact;
    this.derived = derived;
    this.variable = variable;
    this.gradient = gradient;
    this.at = WideTensor.of(at);
    this.indices = indices;
    this.threads = threads;
  }

  /**
   * Examines a file.
   *
   * @param file what is going to be published
   * @param model what it was written from
   * @param unguided where that is guided, the same with the derivative of each op
   * @param derived the output that the gradient is of
   * @param variable the input that it is with respect to
   * @param gradient the gradient's name
   * @param probability an output in [0, 1], whose differences are absolute: runtimes approximate
   *     the logistic function near 0 and 1
   * @param at where, a batch of 2 or more
   * @param indices further inputs, of the batch's size
   */
  public static GradientReport of(
      Path file,
      OnnxModel model,
      Optional<OnnxModel> unguided,
      String derived,
      String variable,
      String gradient,
      String probability,
      FloatTensor at,
      Map<String, long[]> indices,
      int threads) {
    GradientParity parity =
        new GradientParity(
            unguided.orElse(model), derived, variable, gradient, at, indices, threads);
    Map<String, WideTensor> wide = parity.wide(model);
    WideTensor exact = unguided.map(parity::wide).orElse(wide).get(gradient);
    List<GradientReport.Direction> directions = parity.directions(exact);
    try (OnnxRunner runner = OnnxRunner.open(file, threads)) {
      Map<String, FloatTensor> batch = runner.run(Map.of(variable, at), indices);
      double valueError = 0;
      for (String output : model.graph().outputs()) {
        if (!output.equals(gradient)) {
          valueError =
              Math.max(
                  valueError,
                  difference(wide.get(output), batch.get(output), output.equals(probability)));
        }
      }
      WideTensor g = WideTensor.of(batch.get(gradient));
      return new GradientReport(
          "ONNX Runtime " + OnnxRunner.version(),
          derived,
          variable,
          unguided.isPresent(),
          directions,
          valueError,
          leastCosine(wide.get(gradient), g),
          leastCosine(parity.alone(runner, at), g),
          normError(wide.get(gradient), g),
          Map.of());
    }
  }

  private Map<String, WideTensor> wide(OnnxModel model) {
    try (WideSession session = WideSession.open(model.graph(), model.weights(), threads)) {
      return session.run(Map.of(variable, at), indices);
    }
  }

  /** Each sample's gradient, computed without the others. */
  private WideTensor alone(OnnxRunner runner, FloatTensor batch) {
    int count = batch.shape().dim(0);
    int size = batch.data().length / count;
    double[] all = new double[batch.data().length];
    for (int n = 0; n < count; n++) {
      int sample = n;
      FloatTensor one =
          new FloatTensor(
              batch.shape().withBatch(1),
              Arrays.copyOfRange(batch.data(), n * size, (n + 1) * size));
      Map<String, long[]> own = new java.util.HashMap<>();
      indices.forEach((name, values) -> own.put(name, new long[] {values[sample]}));
      float[] g = runner.run(Map.of(variable, one), own).get(gradient).data();
      for (int i = 0; i < size; i++) {
        all[n * size + i] = g[i];
      }
    }
    return new WideTensor(batch.shape(), all);
  }

  private List<GradientReport.Direction> directions(WideTensor g) {
    Graph forward = exact.graph().withOutputs(List.of(derived));
    List<GradientReport.Direction> found = new ArrayList<>();
    try (WideSession session = WideSession.open(forward, exact.weights(), threads)) {
      found.add(direction(session, "of the gradient", g.data(), g));
      for (int k = 0; k < RANDOM_DIRECTIONS; k++) {
        KeyedRandom random = KeyedRandom.of(1, "direction", Integer.toString(k));
        double[] d =
            IntStream.range(0, g.data().length).mapToDouble(i -> random.nextGaussian()).toArray();
        found.add(direction(session, "random " + (k + 1), d, g));
      }
    }
    return found;
  }

  private GradientReport.Direction direction(
      WideSession session, String name, double[] towards, WideTensor g) {
    double length = norm(towards);
    double[] d = Arrays.stream(towards).map(v -> length == 0 ? 0 : v / length).toArray();
    double derivative = dot(g.data(), d);
    // A random direction of n dimensions sees 1 / sqrt(n) of a gradient, as a rule.
    double scale = Math.max(Math.abs(derivative), norm(g.data()) / Math.sqrt(g.data().length));
    GradientReport.Direction best = null;
    for (double share : STEPS) {
      double step = share * Math.max(norm(at.data()), 1);
      double above = sum(session, d, step);
      double below = sum(session, d, -step);
      double difference = (above - below) / (2 * step);
      double error = derivative == difference ? 0 : Math.abs(derivative - difference) / scale;
      double rounding = Math.ulp(above) / step / scale;
      if (best == null || !(error + rounding >= best.error() + best.rounding())) {
        best = new GradientReport.Direction(name, derivative, difference, step, error, rounding);
      }
      if (best.error() + best.rounding() < CLOSE) {
        break;
      }
    }
    return best;
  }

  private double sum(WideSession session, double[] direction, double step) {
    double[] moved = at.data().clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += step * direction[i];
    }
    WideTensor y =
        session.run(Map.of(variable, new WideTensor(at.shape(), moved)), indices).get(derived);
    return Arrays.stream(y.data()).sum();
  }

  private static double difference(WideTensor expected, FloatTensor actual, boolean absolute) {
    double largest = absolute ? 1 : 0;
    double apart = 0;
    for (int i = 0; i < expected.data().length; i++) {
      double difference = Math.abs(expected.data()[i] - actual.data()[i]);
      if (!Double.isFinite(difference)) {
        return Double.NaN;
      }
      apart = Math.max(apart, difference);
      largest = Math.max(largest, Math.abs(expected.data()[i]));
    }
    return apart == 0 ? 0 : apart / largest;
  }

  private static double leastCosine(WideTensor a, WideTensor b) {
    int count = a.shape().dim(0);
    int size = a.data().length / count;
    double least = 1;
    for (int n = 0; n < count; n++) {
      double[] x = Arrays.copyOfRange(a.data(), n * size, (n + 1) * size);
      double[] y = Arrays.copyOfRange(b.data(), n * size, (n + 1) * size);
      double cosine = Arrays.equals(x, y) ? 1 : dot(x, y) / (norm(x) * norm(y));
      least = cosine >= least ? least : cosine; // NaN stays
    }
    return least;
  }

  /** How far the lengths of two gradients are apart, of the sample where that is most. */
  private static double normError(WideTensor a, WideTensor b) {
    int count = a.shape().dim(0);
    int size = a.data().length / count;
    double most = 0;
    for (int n = 0; n < count; n++) {
      double x = norm(Arrays.copyOfRange(a.data(), n * size, (n + 1) * size));
      double y = norm(Arrays.copyOfRange(b.data(), n * size, (n + 1) * size));
      double error = x == y ? 0 : Math.abs(y / x - 1);
      most = error <= most ? most : error; // NaN stays
    }
    return most;
  }

  private static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
