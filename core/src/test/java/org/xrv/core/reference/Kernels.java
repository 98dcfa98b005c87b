package org.xrv.core.reference;

import static org.xrv.core.reference.ReferenceExecutor.decimal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.xrv.core.graph.Op;

/** Which method computes which op. */
final class Kernels {
  private static final Map<Class<?>, Kernel> ALL = new HashMap<>();

  static {
    one(Op.Conv.class, Convolutions::conv);
    one(Op.ConvTranspose.class, Convolutions::convTranspose);
    one(Op.BatchNormalization.class, Normalizations::batch);
    one(Op.Softmax.class, Normalizations::softmax);
    several(Op.MaxPool.class, Pools::max);
    one(Op.AveragePool.class, Pools::average);
    one(Op.GlobalAveragePool.class, (op, in) -> Pools.globalAverage(in.get(0)));

    each(Op.Relu.class, x -> Math.max(x, 0));
    each(Op.Sigmoid.class, x -> 1 / (1 + Math.exp(-x)));
    each(Op.Tanh.class, Math::tanh);
    each(Op.Exp.class, Math::exp);
    each(Op.Log.class, Math::log);
    each(Op.Sqrt.class, Math::sqrt);
    each(Op.Erf.class, Elementwise::erf);
    each(Op.Abs.class, Math::abs);
    each(Op.Neg.class, x -> -x);
    each(Op.Sign.class, Math::signum);
    each(Op.Identity.class, x -> x);
    one(
        Op.LeakyRelu.class,
        (op, in) -> Elementwise.unary(in.get(0), x -> x < 0 ? decimal(op.alpha()) * x : x));
    one(
        Op.Clip.class,
        (op, in) ->
            Elementwise.unary(
                in.get(0), x -> Math.min(Math.max(x, decimal(op.min())), decimal(op.max()))));
    one(Op.Cast.class, (op, in) -> Elementwise.cast(op.to(), in.get(0)));
    pairs(Op.Add.class, (a, b) -> a + b);
    pairs(Op.Sub.class, (a, b) -> a - b);
    pairs(Op.Mul.class, (a, b) -> a * b);
    pairs(Op.Div.class, (a, b) -> a / b);
    pairs(Op.Greater.class, (a, b) -> a > b ? 1 : 0);
    one(Op.Where.class, (op, in) -> Elementwise.where(in.get(0), in.get(1), in.get(2)));
    one(Op.Constant.class, (op, in) -> Elementwise.scalar(decimal(op.value())));

    one(Op.Gemm.class, Matrices::gemm);
    one(Op.MatMul.class, (op, in) -> Matrices.matMul(in.get(0), in.get(1)));
    one(Op.ReduceMean.class, (op, in) -> Reductions.mean(in.get(0), op.axes(), op.keepDims()));
    one(Op.ReduceSum.class, (op, in) -> Reductions.sum(in.get(0), op.axes(), op.keepDims()));

    one(Op.Concat.class, Shapes::concat);
    several(Op.Split.class, Shapes::split);
    one(Op.Flatten.class, (op, in) -> Shapes.flatten(in.get(0), op.axis()));
    one(Op.Reshape.class, (op, in) -> Shapes.reshape(in.get(0), op.shape()));
    one(Op.Expand.class, Shapes::expand);
    one(Op.Transpose.class, (op, in) -> Shapes.transpose(in.get(0), op.permutation()));
    one(Op.Pad.class, (op, in) -> Shapes.pad(in.get(0), op));
    one(Op.Gather.class, (op, in) -> Indexing.gather(op, in.get(0), in.get(1)));
    one(
        Op.ScatterElements.class,
        (op, in) -> Indexing.scatter(op, in.get(0), in.get(1), in.get(2)));
  }

  private Kernels() {}

  /** Computes the outputs of an op. */
  interface Kernel {
    List<DoubleTensor> run(Op op, List<DoubleTensor> in);
  }

  static Kernel of(Op op) {
    Kernel kernel = ALL.get(op.getClass());
    if (kernel == null) {
      throw new IllegalArgumentException("no reference for " + op.type());
    }
    return kernel;
  }

  static Set<Class<?>> ops() {
    return Set.copyOf(ALL.keySet());
  }

  private static <T extends Op> void several(
      Class<T> op, BiFunction<T, List<DoubleTensor>, List<DoubleTensor>> kernel) {
    ALL.put(op, (o, in) -> kernel.apply(op.cast(o), in));
  }

  private static <T extends Op> void one(
      Class<T> op, BiFunction<T, List<DoubleTensor>, DoubleTensor> kernel) {
    several(op, (o, in) -> List.of(kernel.apply(o, in)));
  }

  private static void each(Class<? extends Op> op, DoubleUnaryOperator f) {
    one(op, (o, in) -> Elementwise.unary(in.get(0), f));
  }

  private static void pairs(Class<? extends Op> op, DoubleBinaryOperator f) {
    one(op, (o, in) -> Elementwise.binary(in.get(0), in.get(1), f));
  }
}
