package org.xrv.samediff.build;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;

/** One node in SameDiff's operations; throws UnsupportedOperationException for what has no such. */
final class NodeBuilder {
  private final SameDiffBuilder network;
  private final SameDiff sd;
  private final Node node;

  NodeBuilder(SameDiffBuilder network, Node node) {
    this.network = network;
    this.sd = network.sd();
    this.node = node;
  }

  List<SDVariable> build() {
    Op op = node.op();
    if (op instanceof Op.Split s) {
      return split(s);
    }
    if (node.outputs().size() > 1) {
      throw new UnsupportedOperationException("it has no positions of maxima as ONNX counts them");
    }
    return List.of(one(op));
  }

  private SDVariable one(Op op) {
    if (op instanceof Op.Conv
        || op instanceof Op.ConvTranspose
        || op instanceof Op.MaxPool
        || op instanceof Op.AveragePool) {
      return new SpatialBuilder(network, node).build();
    } else if (op instanceof Op.BatchNormalization b) {
      return batchNormalization(b);
    } else if (op instanceof Op.GlobalAveragePool) {
      return sd.mean(in(0), true, 2, 3);
    } else if (op instanceof Op.Concat c) {
      return sd.concat(axis(c.axis()), all());
    } else if (op instanceof Op.Gemm g) {
      return gemm(g);
    } else if (op instanceof Op.MatMul) {
      return matMul();
    } else if (op instanceof Op.Flatten || op instanceof Op.Reshape) {
      return sd.reshape(in(0), target());
    } else if (op instanceof Op.Transpose t) {
      return sd.permute(in(0), ints(t.permutation()));
    } else if (op instanceof Op.Pad p) {
      return pad(sd, in(0), p.pads(), p.value());
    } else if (op instanceof Op.ReduceMean r) {
      return sd.mean(in(0), r.keepDims(), axes(r.axes()));
    } else if (op instanceof Op.ReduceSum r) {
      return sd.sum(in(0), r.keepDims(), axes(r.axes()));
    } else if (op instanceof Op.Softmax s) {
      return sd.nn().softmax(in(0), axis(s.axis()));
    } else if (op instanceof Op.Cast c) {
      return sd.castTo(in(0), type(c.to()));
    } else if (op instanceof Op.Constant c) {
      return network.constant(new FloatTensor(Shape.of(), new float[] {c.value()}));
    } else if (op instanceof Op.Gather g) {
      return gather(g);
    } else if (op instanceof Op.Expand e) {
      return expand(e);
    } else if (op instanceof Op.Where) {
      return where();
    }
    return elementwise(op);
  }

  private SDVariable elementwise(Op op) {
    SDVariable x = in(0);
    if (op instanceof Op.Relu) {
      return sd.nn().relu(x, 0);
    } else if (op instanceof Op.LeakyRelu l) {
      return sd.nn().leakyRelu(x, decimal(l.alpha()));
    } else if (op instanceof Op.Sigmoid) {
      return sd.nn().sigmoid(x);
    } else if (op instanceof Op.Tanh) {
      return sd.math().tanh(x);
    } else if (op instanceof Op.Exp) {
      return sd.math().exp(x);
    } else if (op instanceof Op.Log) {
      return sd.math().log(x);
    } else if (op instanceof Op.Sqrt) {
      return sd.math().sqrt(x);
    } else if (op instanceof Op.Erf) {
      return sd.math().erf(x);
    } else if (op instanceof Op.Abs) {
      return sd.math().abs(x);
    } else if (op instanceof Op.Neg) {
      return sd.math().neg(x);
    } else if (op instanceof Op.Sign) {
      return sd.math().sign(x);
    } else if (op instanceof Op.Identity) {
      return sd.identity(x);
    } else if (op instanceof Op.Clip c) {
      return sd.math().clipByValue(x, c.min(), c.max());
    } else if (op instanceof Op.Add) {
      return x.add(in(1));
    } else if (op instanceof Op.Sub) {
      return x.sub(in(1));
    } else if (op instanceof Op.Mul) {
      return x.mul(in(1));
    } else if (op instanceof Op.Div) {
      return x.div(in(1));
    } else if (op instanceof Op.Greater) {
      return x.gt(in(1));
    }
    throw new UnsupportedOperationException("this builder has no rule for it");
  }

  /**
   * As a scale and a shift per channel: SameDiff's own batchNorm has no usable gradient. Both are
   * made in float64, so that they are rounded once.
   */
  private SDVariable batchNormalization(Op.BatchNormalization b) {
    float[][] given = new float[4][];
    for (int i = 0; i < 4; i++) {
      FloatTensor weight = network.weight(node.input(i + 1));
      if (weight == null) {
        throw new UnsupportedOperationException("its statistics are computed, not given");
      }
      given[i] = weight.data();
    }
    int channels = given[0].length;
    int[] dims = new int[network.info(node.input(0)).shape().rank()];
    java.util.Arrays.fill(dims, 1);
    dims[1] = channels;
    FloatTensor scale = FloatTensor.zeros(Shape.of(dims));
    FloatTensor shift = FloatTensor.zeros(Shape.of(dims));
    for (int c = 0; c < channels; c++) {
      double s = given[0][c] / Math.sqrt(given[3][c] + decimal(b.epsilon()));
      scale.data()[c] = (float) s;
      shift.data()[c] = (float) (given[1][c] - given[2][c] * s);
    }
    return in(0).mul(network.constant(scale)).add(network.constant(shift));
  }

  private SDVariable gemm(Op.Gemm g) {
    SDVariable product = sd.mmul(in(0), in(1), g.transA(), g.transB(), false);
    if (g.alpha() != 1) {
      product = product.mul(decimal(g.alpha()));
    }
    if (node.inputs().size() < 3) {
      return product;
    }
    return product.add(g.beta() == 1 ? in(2) : in(2).mul(decimal(g.beta())));
  }

  private SDVariable matMul() {
    Shape a = network.info(node.input(0)).shape();
    Shape b = network.info(node.input(1)).shape();
    if (!a.dims().subList(0, a.rank() - 2).equals(b.dims().subList(0, b.rank() - 2))) {
      throw new UnsupportedOperationException(
          "it multiplies stacks of the same shape only, not " + a + " and " + b);
    }
    return sd.mmul(in(0), in(1));
  }

  private SDVariable gather(Op.Gather g) {
    FloatTensor indices = network.weight(node.input(1));
    if (indices == null) {
      throw new UnsupportedOperationException("it gathers at constant indices only");
    }
    int size = network.info(node.input(0)).shape().dim(axis(g.axis()));
    int[] wanted = new int[indices.data().length];
    for (int i = 0; i < wanted.length; i++) {
      int index = (int) indices.data()[i];
      wanted[i] = index < 0 ? index + size : index; // SameDiff does not count from the end
    }
    return sd.gather(in(0), wanted, axis(g.axis()));
  }

  /** As a sum with zeros of the shape wanted; the batch's are made of the second input. */
  private SDVariable expand(Op.Expand e) {
    int[] fixed = e.shape().stream().mapToInt(d -> d == -1 ? 1 : d).toArray();
    SDVariable result = in(0).add(network.constant(FloatTensor.zeros(Shape.of(fixed))));
    if (!e.shape().contains(-1)) {
      return result;
    }
    int rank = network.info(node.input(1)).shape().rank();
    SDVariable one =
        sd.mean(in(1), false, java.util.stream.IntStream.range(1, rank).toArray());
    long[] batch = e.shape().stream().mapToLong(d -> d == -1 ? -1 : 1).toArray();
    return result.add(sd.zerosLike(sd.reshape(one, batch)));
  }

  private SDVariable where() {
    Shape shape = network.info(node.output()).shape();
    for (String input : node.inputs()) {
      if (!network.info(input).shape().equals(shape)) {
        throw new UnsupportedOperationException(
            "it chooses between values of the same shape only, not " + node.inputs());
      }
    }
    return sd.where(in(1), in(2), in(0));
  }

  private List<SDVariable> split(Op.Split s) {
    Shape shape = network.info(node.input(0)).shape();
    int axis = axis(s.axis());
    List<SDVariable> parts = new ArrayList<>();
    int from = 0;
    for (int size : s.sizes()) {
      int[] begin = new int[shape.rank()];
      int[] sizes = new int[shape.rank()];
      java.util.Arrays.fill(sizes, -1); // to the end
      begin[axis] = from;
      sizes[axis] = size;
      parts.add(sd.slice(in(0), begin, sizes));
      from += size;
    }
    return parts;
  }

  /**
   * Pads with a constant; negative pads crop.
   *
   * @param pads all axes' begins, then all ends
   */
  static SDVariable pad(SameDiff sd, SDVariable x, List<Integer> pads, float value) {
    int rank = pads.size() / 2;
    SDVariable y = x;
    if (pads.stream().anyMatch(p -> p < 0)) {
      long[] begin = new long[rank];
      long[] end = new long[rank];
      long[] step = new long[rank];
      java.util.Arrays.fill(step, 1);
      int whole = 0;
      for (int axis = 0; axis < rank; axis++) {
        begin[axis] = Math.max(0, -pads.get(axis));
        end[axis] = Math.min(0, pads.get(axis + rank)); // counted from the end
        whole |= end[axis] == 0 ? 1 << axis : 0; // a mask: to the end itself
      }
      y = sd.stridedSlice(y, begin, end, step, 0, whole, 0, 0, 0);
    }
    if (pads.stream().allMatch(p -> p <= 0)) {
      return y;
    }
    int[][] positive = new int[rank][2];
    for (int axis = 0; axis < rank; axis++) {
      positive[axis][0] = Math.max(0, pads.get(axis));
      positive[axis][1] = Math.max(0, pads.get(axis + rank));
    }
    return sd.nn().pad(y, sd.constant(Nd4j.createFromArray(positive)), value);
  }

  private SDVariable in(int i) {
    return network.value(node.input(i));
  }

  private SDVariable[] all() {
    return node.inputs().stream().map(network::value).toArray(SDVariable[]::new);
  }

  private int axis(int axis) {
    return axis < 0 ? axis + network.info(node.input(0)).shape().rank() : axis;
  }

  /** In order: given others, nd4j writes beyond the result. */
  private int[] axes(List<Integer> axes) {
    return axes.stream().mapToInt(this::axis).sorted().toArray();
  }

  /** The shape of the result, what depends on the batch being what is left. */
  private long[] target() {
    Shape shape = network.info(node.output()).shape();
    if (Collections.frequency(shape.dims(), Shape.UNKNOWN) > 1) {
      throw new UnsupportedOperationException(shape + " depends on the batch twice");
    }
    return shape.toLongArray(); // UNKNOWN is -1, which is left open
  }

  private static DataType type(ElementType type) {
    return switch (type) {
      case FLOAT -> DataType.FLOAT;
      case DOUBLE -> DataType.DOUBLE;
      case FLOAT16 -> DataType.FLOAT16;
      case INT64 -> DataType.INT64;
      case BOOL -> DataType.BOOL;
    };
  }

  static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The double that a float attribute stands for: 1e-5f is 0.00001. */
  static double decimal(float value) {
    return Double.parseDouble(Float.toString(value));
  }
}
