package org.xrv.explainer.baseline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.xrv.converter.autodiff.Gradients;
import org.xrv.converter.autodiff.ReluRule;
import org.xrv.converter.composition.Composition;
import org.xrv.converter.composition.Prediction;
import org.xrv.converter.composition.Target;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.image.GrayImage;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.explainer.model.LoadedClassifier;

/**
 * A classifier that can be asked for predictions and their gradients, many images at once. Loads
 * each program when it is first needed, and owns them until closed. Not for several threads.
 */
public final class ClassifierProbe implements AutoCloseable {
  /** Images per run: enough to keep the cores busy, few enough for a small machine. */
  static final int BATCH = 8;

  private final LoadedClassifier classifier;
  private final int threads;
  private final Prediction prediction;
  private final Composition composition;
  private final Map<ReluRule, OnnxRunner> gradients = new EnumMap<>(ReluRule.class);
  private OnnxRunner forward;

  public ClassifierProbe(LoadedClassifier classifier, int threads) {
    this.classifier = classifier;
    this.threads = threads;
    this.prediction =
        new Prediction(
            classifier.targets().size(), classifier.outputs(), classifier.operatingPoints());
    this.composition = Composition.of(classifier.model());
  }

  /** Height and width of its images. */
  public int resolution() {
    return classifier.resolution();
  }

  /**
   * A gradient at an image.
   *
   * @param prediction the target's probability
   * @param values its derivatives with respect to the pixels, [R, R]
   */
  record Gradient(double prediction, FloatTensor values) {}

  /** The target's probability on one image. */
  double prediction(GrayImage image, int target) {
    return predictions(1, i -> image.pixels(), target)[0];
  }

  /**
   * The target's probabilities on some images.
   *
   * @param images makes the pixels of the image of each number
   */
  double[] predictions(int count, IntFunction<float[]> images, int target) {
    if (forward == null) {
      forward = opened("classifier", composition.forward());
    }
    double[] all = new double[count];
    for (int from = 0; from < count; from += BATCH) {
      int size = Math.min(BATCH, count - from);
      float[] values =
          forward
              .run(Map.of(Composition.IMAGE, batch(from, size, images)))
              .get(Composition.OUTPUTS)
              .data();
      for (int n = 0; n < size; n++) {
        all[from + n] =
            finite(prediction.of(values[n * classifier.targets().size() + target], target));
      }
    }
    return all;
  }

  /**
   * Gradients at some images.
   *
   * @param images makes the pixels of the image of each number
   */
  List<Gradient> gradients(int count, IntFunction<float[]> images, int target, ReluRule relus) {
    OnnxRunner runner = gradients.computeIfAbsent(relus, this::differentiated);
    List<Gradient> all = new ArrayList<>();
    int pixels = resolution() * resolution();
    for (int from = 0; from < count; from += BATCH) {
      int size = Math.min(BATCH, count - from);
      long[] targets = new long[size];
      Arrays.fill(targets, target);
      Map<String, FloatTensor> out =
          runner.run(
              Map.of(Composition.IMAGE, batch(from, size, images)),
              Map.of(Composition.TARGET, targets));
      float[] g = out.get(Gradients.outputName(Composition.IMAGE)).data();
      for (float v : g) {
        finite(v);
      }
      for (int n = 0; n < size; n++) {
        all.add(
            new Gradient(
                finite(out.get(Composition.PREDICTION).data()[n]),
                new FloatTensor(
                    Shape.of(resolution(), resolution()),
                    Arrays.copyOfRange(g, n * pixels, (n + 1) * pixels))));
      }
    }
    return all;
  }

  private OnnxRunner differentiated(ReluRule relus) {
    try {
      return opened(
          "gradient",
          composition.gradient(
              prediction, new Target.Chosen(), Composition.Derived.PREDICTION, relus));
    } catch (ProblemException e) {
      throw new ProblemException(e.kind(), classifier.facts().label() + ": " + e.getMessage(), e);
    }
  }

  private OnnxRunner opened(String name, OnnxModel model) {
    return OnnxRunner.open(name, OnnxWriter.bytes(model.graph(), model.weights()), threads);
  }

  private FloatTensor batch(int from, int size, IntFunction<float[]> images) {
    int side = resolution();
    float[] all = new float[size * side * side];
    for (int n = 0; n < size; n++) {
      float[] pixels = images.apply(from + n);
      if (pixels.length != side * side) {
        throw new IllegalArgumentException(
            pixels.length + " pixels; the classifier takes " + side + " x " + side);
      }
      System.arraycopy(pixels, 0, all, n * pixels.length, pixels.length);
    }
    return new FloatTensor(Shape.of(size, 1, side, side), all);
  }

  private double finite(double value) {
    if (!Double.isFinite(value)) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          classifier.facts().label()
              + " gives "
              + value
              + "; the network is damaged, or the image is no X-ray");
    }
    return value;
  }

  @Override
  public void close() {
    if (forward != null) {
      forward.close();
      forward = null;
    }
    gradients.values().forEach(OnnxRunner::close);
    gradients.clear();
  }
}
