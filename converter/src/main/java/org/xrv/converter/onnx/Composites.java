package org.xrv.converter.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;

/**
 * Reads ops that a graph has no op for as what they are made of, by the definitions of
 * https://onnx.ai/onnx/operators. ONNX Runtime puts LayerNormalization and Gelu together again when
 * it loads the graph.
 */
final class Composites {
  private static final double SELU_ALPHA = 1.6732631921768188;
  private static final double SELU_GAMMA = 1.0507010221481323;
  private final NodeInput in;
  private final Steps steps;

  Composites(NodeInput in, Steps steps) {
    this.in = in;
    this.steps = steps;
  }

  private String x() {
    return in.name(0);
  }

  private float real(String name, double otherwise) {
    return in.attributes().real(name, (float) otherwise);
  }

  /** max(0, min(1, alpha x + beta)). */
  List<Step> hardSigmoid() {
    String line = line(real("alpha", 0.2), real("beta", 0.5));
    return steps.last(new Op.Clip(0, 1), line);
  }

  private String line(double alpha, double beta) {
    String scaled = steps.add("scaled", new Op.Mul(), x(), steps.constant(alpha));
    return steps.add("line", new Op.Add(), scaled, steps.constant(beta));
  }

  /** x max(0, min(1, x / 6 + 1 / 2)). */
  List<Step> hardSwish() {
    String gate = steps.add("gate", new Op.Clip(0, 1), line(1 / 6.0, 0.5));
    return steps.last(new Op.Mul(), x(), gate);
  }

  /** x sigmoid(alpha x). */
  List<Step> swish() {
    float alpha = real("alpha", 1);
    String inner = alpha == 1 ? x() : steps.add("scaled", new Op.Mul(), x(), steps.constant(alpha));
    return steps.last(new Op.Mul(), x(), steps.add("gate", new Op.Sigmoid(), inner));
  }

  /** x / 2 (1 + erf(x / sqrt 2)), or its approximation by tanh. */
  List<Step> gelu() {
    String bell;
    if (in.attributes().text("approximate", "none").equals("tanh")) {
      String square = steps.add("square", new Op.Mul(), x(), x());
      String cube = steps.add("cube", new Op.Mul(), square, x());
      String small = steps.add("small", new Op.Mul(), cube, steps.constant(0.044715));
      String sum = steps.add("sum", new Op.Add(), x(), small);
      String scaled =
          steps.add("scaled", new Op.Mul(), sum, steps.constant(Math.sqrt(2 / Math.PI)));
      bell = steps.add("tanh", new Op.Tanh(), scaled);
    } else {
      String scaled = steps.add("scaled", new Op.Div(), x(), steps.constant(Math.sqrt(2)));
      bell = steps.add("erf", new Op.Erf(), scaled);
    }
    String gate = steps.add("gate", new Op.Add(), bell, steps.constant(1));
    String twice = steps.add("twice", new Op.Mul(), x(), gate);
    return steps.last(new Op.Mul(), twice, steps.constant(0.5));
  }

  /** log(1 + exp(x)), without large exponentials. */
  private String softplus(String x) {
    String away = steps.add("away", new Op.Neg(), steps.add("size", new Op.Abs(), x));
    String small = steps.add("small", new Op.Exp(), away);
    String log =
        steps.add("log", new Op.Log(), steps.add("sum", new Op.Add(), small, steps.constant(1)));
    return steps.add("softplus", new Op.Add(), steps.add("relu", new Op.Relu(), x), log);
  }

  List<Step> softplus() {
    return steps.last(new Op.Identity(), softplus(x()));
  }

  List<Step> mish() {
    String gate = steps.add("tanh", new Op.Tanh(), softplus(x()));
    return steps.last(new Op.Mul(), x(), gate);
  }

  /** x where positive, else alpha (exp(x) - 1), of x at most 0 so that it stays finite. */
  List<Step> elu(double alpha, double gamma) {
    String zero = steps.constant(0);
    String below = steps.add("below", new Op.Clip(-Float.MAX_VALUE, 0), x());
    String exp = steps.add("exp", new Op.Exp(), below);
    String left = steps.add("shifted", new Op.Sub(), exp, steps.constant(1));
    String bent = steps.add("bent", new Op.Mul(), left, steps.constant(alpha * gamma));
    String straight =
        gamma == 1 ? x() : steps.add("straight", new Op.Mul(), x(), steps.constant(gamma));
    String positive = steps.add("positive", new Op.Greater(), x(), zero);
    return steps.last(new Op.Where(), positive, straight, bent);
  }

  List<Step> elu() {
    return elu(real("alpha", 1), 1);
  }

  List<Step> selu() {
    return elu(real("alpha", SELU_ALPHA), real("gamma", SELU_GAMMA));
  }

  /** x where positive, else slope x. */
  List<Step> pRelu() {
    String positive = steps.add("positive", new Op.Greater(), x(), steps.constant(0));
    String bent = steps.add("bent", new Op.Mul(), x(), in.name(1));
    return steps.last(new Op.Where(), positive, x(), bent);
  }

  List<Step> reciprocal() {
    return steps.last(new Op.Div(), steps.constant(1), x());
  }

  List<Step> power() {
    float exponent = in.number(1);
    if (exponent == 1) {
      return steps.last(new Op.Identity(), x());
    } else if (exponent == 2) {
      return steps.last(new Op.Mul(), x(), x());
    } else if (exponent == 3) {
      return steps.last(new Op.Mul(), steps.add("square", new Op.Mul(), x(), x()), x());
    } else if (exponent == 4) {
      String square = steps.add("square", new Op.Mul(), x(), x());
      return steps.last(new Op.Mul(), square, square);
    } else if (exponent == 0.5f) {
      return steps.last(new Op.Sqrt(), x());
    } else if (exponent == 1.5f) {
      return steps.last(new Op.Mul(), x(), steps.add("root", new Op.Sqrt(), x()));
    } else if (exponent == -0.5f) {
      return steps.last(new Op.Div(), steps.constant(1), steps.add("root", new Op.Sqrt(), x()));
    } else if (exponent == -1) {
      return reciprocal();
    }
    throw new IllegalArgumentException(
        "the power " + exponent + "; -1, -0.5, 0.5, 1, 1.5, 2, 3 and 4 are known");
  }

  /** The greater or smaller of several values; a constant number is a bound. */
  List<Step> extreme(boolean greatest) {
    String best = x();
    int count = in.node().getInputCount();
    if (count == 1) {
      return steps.last(new Op.Identity(), best);
    }
    for (int i = 1; i < count; i++) {
      String other = in.name(i);
      boolean last = i == count - 1;
      Float bound = in.graph().scalar(other);
      if (bound != null && in.shape(i).rank() <= in.graph().shape(x()).rank()) {
        Op clip =
            greatest ? new Op.Clip(bound, Float.MAX_VALUE) : new Op.Clip(-Float.MAX_VALUE, bound);
        if (last) {
          return steps.last(clip, best);
        }
        best = steps.add("bounded", clip, best);
        continue;
      }
      String first =
          steps.add("first", new Op.Greater(), greatest ? best : other, greatest ? other : best);
      if (last) {
        return steps.last(new Op.Where(), first, best, other);
      }
      best = steps.add("best", new Op.Where(), first, best, other);
    }
    throw new IllegalStateException("no step is the last");
  }

  /** Several values added up, as Sum has them; Mean divides by their number. */
  List<Step> sum(boolean mean) {
    String sum = x();
    int count = in.node().getInputCount();
    for (int i = 1; i < count; i++) {
      sum = steps.add("sum", new Op.Add(), sum, in.name(i));
    }
    return mean
        ? steps.last(new Op.Div(), sum, steps.constant(count))
        : steps.last(new Op.Identity(), sum);
  }

  /** (x - mean) / sqrt(variance + epsilon) over some axes. */
  private String standardised(String x, List<Integer> axes, float epsilon) {
    String mean = steps.add("mean", new Op.ReduceMean(axes, true), x);
    String centred = steps.add("centred", new Op.Sub(), x, mean);
    String square = steps.add("square", new Op.Mul(), centred, centred);
    String variance = steps.add("variance", new Op.ReduceMean(axes, true), square);
    String wide = steps.add("wide", new Op.Add(), variance, steps.constant(epsilon));
    String deviation = steps.add("deviation", new Op.Sqrt(), wide);
    return steps.add("standardised", new Op.Div(), centred, deviation);
  }

  /** Scaled and shifted, the shift perhaps left out. */
  private List<Step> affine(String value, String scale, String shift) {
    if (shift.isEmpty()) {
      return steps.last(new Op.Mul(), value, scale);
    }
    return steps.last(new Op.Add(), steps.add("scaled", new Op.Mul(), value, scale), shift);
  }

  List<Step> layerNormalization() {
    int rank = in.shape(0).rank();
    List<Integer> axes = new ArrayList<>();
    for (int i = in.axis(in.attributes().integer("axis", -1)); i < rank; i++) {
      axes.add(i);
    }
    return affine(standardised(x(), axes, real("epsilon", 1e-5)), in.name(1), in.name(2));
  }

  /** x / sqrt(mean of squares + epsilon). */
  List<Step> rmsNormalization() {
    int rank = in.shape(0).rank();
    List<Integer> axes = new ArrayList<>();
    for (int i = in.axis(in.attributes().integer("axis", -1)); i < rank; i++) {
      axes.add(i);
    }
    String square = steps.add("square", new Op.Mul(), x(), x());
    String mean = steps.add("mean", new Op.ReduceMean(axes, true), square);
    String wide = steps.add("wide", new Op.Add(), mean, steps.constant(real("epsilon", 1e-5)));
    String size = steps.add("size", new Op.Sqrt(), wide);
    return affine(steps.add("standardised", new Op.Div(), x(), size), in.name(1), "");
  }

  List<Step> instanceNormalization() {
    int rank = in.shape(0).rank();
    List<Integer> axes = new ArrayList<>();
    for (int i = 2; i < rank; i++) {
      axes.add(i);
    }
    String standard = standardised(x(), axes, real("epsilon", 1e-5));
    return affine(standard, byChannel(in.name(1), rank), byChannel(in.name(2), rank));
  }

  private String byChannel(String vector, int rank) {
    List<Integer> shape = new ArrayList<>(Collections.nCopies(rank - 1, 1));
    shape.set(0, -1);
    return steps.add("channels", new Op.Reshape(shape), vector);
  }

  /** In groups of channels; before opset 21 scale and shift are of the groups. */
  List<Step> groupNormalization() {
    Shape shape = in.shape(0);
    int groups = in.attributes().integer("num_groups", 1);
    if (groups < 1 || shape.dim(1) % groups != 0) {
      throw new IllegalArgumentException(groups + " groups of " + shape);
    }
    String split = steps.add("groups", new Op.Reshape(List.of(0, groups, -1)), x());
    String standard = standardised(split, List.of(2), real("epsilon", 1e-5));
    List<Integer> back = new ArrayList<>(shape.dims());
    back.set(0, 0);
    if (in.opset() < 21) {
      String scaled = steps.add("scaled", new Op.Mul(), standard, byChannel(in.name(1), 3));
      String shifted = steps.add("shifted", new Op.Add(), scaled, byChannel(in.name(2), 3));
      return steps.last(new Op.Reshape(back), shifted);
    }
    String whole = steps.add("whole", new Op.Reshape(back), standard);
    int rank = shape.rank();
    return affine(whole, byChannel(in.name(1), rank), byChannel(in.name(2), rank));
  }

  /** sqrt(sum of squares). */
  List<Step> reduced(boolean root, List<Integer> axes, boolean keepDims) {
    String square = steps.add("square", new Op.Mul(), x(), x());
    Op sum = new Op.ReduceSum(axes, keepDims);
    return root
        ? steps.last(new Op.Sqrt(), steps.add("sum", sum, square))
        : steps.last(sum, square);
  }

  /** A maximum over height and width is a pool; the smallest is the greatest of the negative. */
  List<Step> extremeOf(List<Integer> axes, boolean keepDims, boolean greatest) {
    Shape x = in.shape(0);
    if (x.rank() != 4 || !axes.stream().map(in::axis).sorted().toList().equals(List.of(2, 3))) {
      throw new IllegalArgumentException(
          "of axes " + axes + " of " + x + "; height and width only");
    }
    Op pool = new Windows(in).globalMaxPool();
    String from = greatest ? x() : steps.add("negative", new Op.Neg(), x());
    String pooled = steps.add("pooled", pool, from);
    String best = greatest ? pooled : steps.add("positive", new Op.Neg(), pooled);
    return keepDims
        ? steps.last(new Op.Identity(), best)
        : steps.last(new Op.Reshape(List.of(0, x.dim(1))), best);
  }

  List<Step> logSoftmax(int axis) {
    return steps.last(new Op.Log(), steps.add("softmax", new Op.Softmax(axis), x()));
  }

  /** Booleans as numbers. */
  private String number(String truth) {
    return steps.add("number", new Op.Cast(ElementType.FLOAT), truth);
  }

  private List<Step> below(String number) {
    return steps.last(new Op.Greater(), steps.constant(0.5), number);
  }

  List<Step> not() {
    return below(number(x()));
  }

  /** Not greater, or not less. */
  List<Step> notGreater(String a, String b) {
    return below(number(steps.add("greater", new Op.Greater(), a, b)));
  }

  List<Step> equal() {
    String more = number(steps.add("more", new Op.Greater(), x(), in.name(1)));
    String less = number(steps.add("less", new Op.Greater(), in.name(1), x()));
    return below(steps.add("either", new Op.Add(), more, less));
  }

  List<Step> both(boolean and) {
    Op op = and ? new Op.Mul() : new Op.Add();
    String joined = steps.add("joined", op, number(x()), number(in.name(1)));
    return steps.last(new Op.Greater(), joined, steps.constant(0.5));
  }

  /**
   * Attention of query, key and value, [batch, heads, tokens, size] each: softmax(q k' scale) v.
   * The forms that image networks do not have (masks, caches, causality, grouped heads) are
   * refused.
   */
  List<Step> attention() {
    in.attributes().require("is_causal", 0);
    in.attributes().require("qk_matmul_output_mode", 0);
    for (int i = 3; i < in.node().getInputCount(); i++) {
      if (in.has(i)) {
        throw new IllegalArgumentException("attention with masks or caches is not known");
      }
    }
    Shape q = in.shape(0);
    Shape k = in.shape(1);
    if (q.rank() != 4 || k.rank() != 4 || q.dim(1) != k.dim(1)) {
      throw new IllegalArgumentException(
          "attention of " + q + " and " + k + "; [batch, heads, tokens, size] of both is known");
    }
    if (in.attributes().has("softcap") && real("softcap", 0) != 0) {
      throw new IllegalArgumentException("attention with a soft cap is not known");
    }
    float scale = real("scale", 1 / Math.sqrt(q.dim(3)));
    String turned = steps.add("keys", new Op.Transpose(List.of(0, 1, 3, 2)), in.name(1));
    String scaled = steps.add("scaled", new Op.Mul(), x(), steps.constant(scale));
    String scores = steps.add("scores", new Op.MatMul(), scaled, turned);
    String shares = steps.add("shares", new Op.Softmax(-1), scores);
    return steps.last(new Op.MatMul(), shares, in.name(2));
  }
}
