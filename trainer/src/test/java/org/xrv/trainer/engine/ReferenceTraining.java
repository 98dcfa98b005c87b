package org.xrv.trainer.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import org.xrv.converter.torchscript.Adam;
import org.xrv.converter.torchscript.Loss;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Parameter;
import org.xrv.core.reference.DoubleTensor;
import org.xrv.core.reference.OpCase;
import org.xrv.core.reference.ReferenceExecutor;

/**
 * Training in doubles without any derivative: losses by their formulas, gradients by central
 * differences of the reference executor, Adam as its paper has it (Kingma and Ba 2015, algorithm 1;
 * AMSGrad: Reddi and others 2018).
 */
final class ReferenceTraining {
  /** Its square, the error of the differences, and the rounding of a loss over it are 1e-10. */
  private static final double STEP = 1e-5;

  private final Graph graph;
  private final DoubleTensor input;
  private final Loss loss;
  private final Adam adam;
  private final Map<String, DoubleTensor> parameters;
  private final Map<String, double[]> first = new LinkedHashMap<>();
  private final Map<String, double[]> second = new LinkedHashMap<>();
  private final Map<String, double[]> greatest = new LinkedHashMap<>();
  private int steps;

  ReferenceTraining(OpCase c, Loss loss, Adam adam) {
    this.graph = c.graph();
    this.input = DoubleTensor.of(c.inputs().get(0));
    this.loss = loss;
    this.adam = adam;
    this.parameters = ReferenceExecutor.parameters(graph, c.weights());
  }

  private ReferenceExecutor.Result run(boolean training) {
    Map<String, DoubleTensor> given = new LinkedHashMap<>(parameters);
    given.put(graph.input().name(), input);
    return ReferenceExecutor.run(graph, given, training);
  }

  /** The output with running statistics. */
  DoubleTensor predict() {
    return run(false).values().get(graph.output());
  }

  Map<String, DoubleTensor> parameters() {
    return parameters;
  }

  /** The running mean of the gradients, decay included. */
  double[] firstMoment(String parameter) {
    return first.get(parameter);
  }

  private double loss(double[] target) {
    double[] y = run(true).values().get(graph.output()).data();
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += loss(y[i], target[i], i);
    }
    return sum;
  }

  private double loss(double y, double t, int at) {
    if (loss instanceof Loss.BinaryCrossEntropy crossEntropy) {
      int tasks = crossEntropy.taskWeights().size();
      double weight = tasks == 0 ? 1 : crossEntropy.taskWeights().get(at % tasks);
      return Double.isNaN(t)
          ? 0
          : -weight
              * (t * Math.log(1 / (1 + Math.exp(-y))) + (1 - t) * Math.log(1 / (1 + Math.exp(y))));
    }
    Loss.Pixels pixels = (Loss.Pixels) loss;
    double d = Math.abs(y - t);
    double huber = d <= pixels.delta() ? d * d / 2 : pixels.delta() * (d - pixels.delta() / 2);
    return pixels.squared() * d * d + pixels.absolute() * d + pixels.huber() * huber;
  }

  /** One step; the loss before it. */
  double step(double[] target, double learningRate) {
    double before = loss(target);
    Map<String, DoubleTensor> statistics = run(true).statistics();
    Map<String, double[]> gradients = new LinkedHashMap<>();
    for (Parameter p : graph.parameters().values()) {
      if (p.kind().trainable()) {
        gradients.put(p.name(), gradient(parameters.get(p.name()).data(), target));
      }
    }
    steps++;
    gradients.forEach((name, g) -> update(name, g, learningRate));
    parameters.putAll(statistics);
    return before;
  }

  private double[] gradient(double[] weight, double[] target) {
    double[] gradient = new double[weight.length];
    for (int i = 0; i < weight.length; i++) {
      double w = weight[i];
      weight[i] = w + STEP;
      double above = loss(target);
      weight[i] = w - STEP;
      double below = loss(target);
      weight[i] = w;
      gradient[i] = (above - below) / (2 * STEP);
    }
    return gradient;
  }

  private void update(String name, double[] gradient, double learningRate) {
    double[] w = parameters.get(name).data();
    double[] m = first.computeIfAbsent(name, k -> new double[w.length]);
    double[] v = second.computeIfAbsent(name, k -> new double[w.length]);
    double[] q = greatest.computeIfAbsent(name, k -> new double[w.length]);
    double rate = learningRate * adam.learningRateScale().getOrDefault(name, 1.0);
    for (int i = 0; i < w.length; i++) {
      double g = gradient[i] + adam.weightDecay() * w[i];
      m[i] = adam.beta1() * m[i] + (1 - adam.beta1()) * g;
      v[i] = adam.beta2() * v[i] + (1 - adam.beta2()) * g * g;
      q[i] = Math.max(q[i], v[i]);
      double mean = m[i] / (1 - Math.pow(adam.beta1(), steps));
      double square = (adam.amsgrad() ? q[i] : v[i]) / (1 - Math.pow(adam.beta2(), steps));
      w[i] -= rate * mean / (Math.sqrt(square) + adam.epsilon());
    }
  }

  /** The numbers of a target, as the training session takes them. */
  static float[] narrow(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }
}
