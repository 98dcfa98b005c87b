package org.xrv.explainer.method;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.xrv.converter.composition.Composition;
import org.xrv.converter.composition.Prediction;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.image.GrayImage;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.explainer.model.LoadedAutoencoder;
import org.xrv.explainer.model.LoadedClassifier;
import org.xrv.explainer.search.Frame;
import org.xrv.explainer.search.FrameSource;

/**
 * The method of "Gifsplanation via Latent Shift" (Cohen et al. 2021) for one autoencoder and one
 * classifier: z = E(x), g = d f(D(z)) / d z, frames D(z + lambda g). Everything runs on ONNX
 * Runtime; the gradient is a graph like the others. Owns its sessions until closed. Not for several
 * threads at once.
 */
public final class LatentShift implements AutoCloseable {
  /** Frames per batch: enough to keep the cores busy, few enough for a small machine. */
  private static final int BATCH = 5;

  private final LoadedAutoencoder autoencoder;
  private final LoadedClassifier classifier;
  private final int threads;
  private final List<OnnxRunner> runners = new ArrayList<>();
  private final OnnxRunner encode;
  private final OnnxRunner classify;
  private final OnnxRunner frames;
  private final Programs programs;
  private final Prediction prediction;
  private GradientProgram gradient;

  /**
   * Loads the programs.
   *
   * @param threads of ONNX Runtime per program
   * @throws ProblemException USAGE when the networks' resolutions or preprocessings differ
   */
  public LatentShift(LoadedAutoencoder autoencoder, LoadedClassifier classifier, int threads) {
    if (autoencoder.resolution() != classifier.resolution()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          autoencoder.facts().label()
              + " makes images of "
              + autoencoder.resolution()
              + " pixels, "
              + classifier.facts().label()
              + " takes "
              + classifier.resolution()
              + "; choose an autoencoder and a classifier of one resolution");
    }
    classifier
        .resize()
        .filter(resize -> resize != autoencoder.resize())
        .ifPresent(
            resize -> {
              throw new ProblemException(
                  ProblemKind.USAGE,
                  autoencoder.facts().label()
                      + " was trained on images of preprocessing "
                      + autoencoder.resize().id()
                      + ", "
                      + classifier.facts().label()
                      + " on "
                      + resize.id()
                      + "; choose an autoencoder and a classifier of one preprocessing");
            });
    this.autoencoder = autoencoder;
    this.classifier = classifier;
    this.threads = threads;
    this.programs = new Programs(autoencoder, classifier);
    this.prediction =
        new Prediction(
            classifier.targets().size(), classifier.outputs(), classifier.operatingPoints());
    try {
      encode =
          opened(
              "encoder",
              OnnxWriter.bytes(autoencoder.encoder().graph(), autoencoder.encoder().weights()));
      classify =
          opened(
              "classifier",
              OnnxWriter.bytes(classifier.model().graph(), classifier.model().weights()));
      frames = opened("decoder and classifier", programs.frames());
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private OnnxRunner opened(String name, byte[] program) {
    OnnxRunner runner = OnnxRunner.open(name, program, threads);
    runners.add(runner);
    return runner;
  }

  /**
   * The probability of a target on an image, seen by the classifier alone.
   *
   * @param target index of the target
   */
  public double prediction(GrayImage image, int target) {
    String input = classifier.model().graph().input().name();
    FloatTensor out =
        classify.run(Map.of(input, tensor(image))).get(classifier.model().graph().output());
    double p = prediction.of(out.data()[target], target);
    if (!Double.isFinite(p)) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, classifier.facts().label() + " gives " + p + " for this image");
    }
    return p;
  }

  /** z = E(x), of batch 1. */
  public FloatTensor encode(GrayImage image) {
    return encode
        .run(Map.of(autoencoder.encoder().graph().input().name(), tensor(image)))
        .get(autoencoder.encoder().graph().output());
  }

  /**
   * The gradient of a target's probability at z.
   *
   * @param z of batch 1
   */
  public LatentGradient gradient(FloatTensor z, int target) {
    if (gradient == null) {
      gradient = new GradientProgram(programs.gradient(prediction), classifier.targets(), threads);
    }
    return gradient.at(z, target);
  }

  /** The frames D(z + lambda g), a few decoded at once. */
  public FrameSource frames(FloatTensor z, FloatTensor g, int target) {
    return lambdas -> {
      List<Frame> made = new ArrayList<>();
      for (int from = 0; from < lambdas.size(); from += BATCH) {
        made.addAll(
            batch(z, g, target, lambdas.subList(from, Math.min(lambdas.size(), from + BATCH))));
      }
      return made;
    };
  }

  private List<Frame> batch(FloatTensor z, FloatTensor g, int target, List<Double> lambdas) {
    int size = z.data().length;
    float[] shifted = new float[lambdas.size() * size];
    for (int n = 0; n < lambdas.size(); n++) {
      double lambda = lambdas.get(n);
      for (int i = 0; i < size; i++) {
        shifted[n * size + i] = (float) (z.data()[i] + lambda * g.data()[i]);
      }
    }
    Map<String, FloatTensor> out =
        frames.run(
            Map.of(Composition.Z, new FloatTensor(z.shape().withBatch(lambdas.size()), shifted)));
    float[] images = out.get(Composition.X0).data();
    float[] values = out.get(Composition.OUTPUTS).data();
    int side = autoencoder.resolution();
    List<Frame> made = new ArrayList<>();
    for (int n = 0; n < lambdas.size(); n++) {
      double p = prediction.of(values[n * classifier.targets().size() + target], target);
      if (!Double.isFinite(p)) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            classifier.facts().label()
                + " gives "
                + p
                + " for the reconstruction at lambda "
                + lambdas.get(n));
      }
      float[] pixels = Arrays.copyOfRange(images, n * side * side, (n + 1) * side * side);
      made.add(new Frame(lambdas.get(n), new GrayImage(side, side, pixels), p));
    }
    return made;
  }

  private FloatTensor tensor(GrayImage image) {
    int side = autoencoder.resolution();
    if (image.height() != side || image.width() != side) {
      throw new IllegalArgumentException(
          "image of " + image.height() + " x " + image.width() + ", the networks take " + side);
    }
    return new FloatTensor(Shape.of(1, 1, side, side), image.pixels());
  }

  @Override
  public void close() {
    if (gradient != null) {
      gradient.close();
      gradient = null;
    }
    runners.forEach(OnnxRunner::close);
    runners.clear();
  }
}
