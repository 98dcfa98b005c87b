package org.xrv.converter.onnx;

import java.util.ArrayList;
import java.util.List;
import org.xrv.converter.onnx.proto.AttributeProto;
import org.xrv.converter.onnx.proto.GraphProto;
import org.xrv.converter.onnx.proto.NodeProto;
import org.xrv.converter.onnx.proto.TensorProto;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;

/**
 * The ONNX form of each op: its attributes, and as initializers the constants that ONNX takes as
 * inputs (axes, shapes, bounds).
 */
final class OpAttributes {
  private final GraphProto.Builder graph;

  OpAttributes(GraphProto.Builder graph) {
    this.graph = graph;
  }

  NodeProto node(Node node) {
    NodeProto.Builder n =
        NodeProto.newBuilder()
            .setName(node.name())
            .setOpType(node.op().type())
            .addAllInput(node.inputs())
            .addAllOutput(node.outputs());
    Op op = node.op();
    if (op instanceof Op.Conv c) {
      ints(n, "strides", c.strides());
      ints(n, "pads", c.pads());
      ints(n, "dilations", c.dilations());
      integer(n, "group", c.group());
    } else if (op instanceof Op.ConvTranspose c) {
      ints(n, "strides", c.strides());
      ints(n, "pads", c.pads());
      ints(n, "output_padding", c.outputPadding());
      ints(n, "dilations", c.dilations());
      integer(n, "group", c.group());
    } else if (op instanceof Op.BatchNormalization b) {
      real(n, "epsilon", b.epsilon());
      real(n, "momentum", b.momentum());
    } else if (op instanceof Op.LeakyRelu l) {
      real(n, "alpha", l.alpha());
    } else if (op instanceof Op.MaxPool p) {
      window(n, p.kernel(), p.strides(), p.pads());
    } else if (op instanceof Op.AveragePool p) {
      window(n, p.kernel(), p.strides(), p.pads());
      integer(n, "count_include_pad", p.countIncludePad() ? 1 : 0);
    } else if (op instanceof Op.Concat c) {
      integer(n, "axis", c.axis());
    } else if (op instanceof Op.Split s) {
      integer(n, "axis", s.axis());
      constant(n, node, "split", s.sizes());
    } else if (op instanceof Op.Gemm g) {
      real(n, "alpha", g.alpha());
      real(n, "beta", g.beta());
      integer(n, "transA", g.transA() ? 1 : 0);
      integer(n, "transB", g.transB() ? 1 : 0);
    } else if (op instanceof Op.Flatten f) {
      integer(n, "axis", f.axis());
    } else if (op instanceof Op.Reshape r) {
      constant(n, node, "shape", r.shape());
    } else if (op instanceof Op.Transpose t) {
      ints(n, "perm", t.permutation());
    } else if (op instanceof Op.Pad p) {
      constant(n, node, "pads", p.pads());
      scalar(n, node, "value", p.value());
    } else if (op instanceof Op.Clip c) {
      scalar(n, node, "min", c.min());
      scalar(n, node, "max", c.max());
    } else if (op instanceof Op.ReduceMean r) {
      ints(n, "axes", r.axes()); // an attribute until opset 18
      integer(n, "keepdims", r.keepDims() ? 1 : 0);
    } else if (op instanceof Op.ReduceSum r) {
      constant(n, node, "axes", r.axes());
      integer(n, "keepdims", r.keepDims() ? 1 : 0);
    } else if (op instanceof Op.Softmax s) {
      integer(n, "axis", s.axis());
    } else if (op instanceof Op.Cast c) {
      integer(n, "to", OnnxWriter.elementType(c.to()));
    } else if (op instanceof Op.Constant c) {
      n.addAttribute(
          AttributeProto.newBuilder()
              .setName("value")
              .setType(AttributeProto.AttributeType.TENSOR)
              .setT(OnnxWriter.floats("", Shape.of(), new float[] {c.value()})));
    } else if (op instanceof Op.ScatterElements s) {
      integer(n, "axis", s.axis());
      n.addAttribute(
          AttributeProto.newBuilder()
              .setName("reduction")
              .setType(AttributeProto.AttributeType.STRING)
              .setS(com.google.protobuf.ByteString.copyFromUtf8("add")));
    } else if (op instanceof Op.Gather g) {
      integer(n, "axis", g.axis());
    }
    return n.build();
  }

  private static void window(
      NodeProto.Builder n, List<Integer> kernel, List<Integer> strides, List<Integer> pads) {
    ints(n, "kernel_shape", kernel);
    ints(n, "strides", strides);
    ints(n, "pads", pads);
  }

  private static void integer(NodeProto.Builder n, String name, long value) {
    n.addAttribute(
        AttributeProto.newBuilder()
            .setName(name)
            .setType(AttributeProto.AttributeType.INT)
            .setI(value));
  }

  private static void real(NodeProto.Builder n, String name, float value) {
    n.addAttribute(
        AttributeProto.newBuilder()
            .setName(name)
            .setType(AttributeProto.AttributeType.FLOAT)
            .setF(value));
  }

  private static void ints(NodeProto.Builder n, String name, List<Integer> values) {
    n.addAttribute(
        AttributeProto.newBuilder()
            .setName(name)
            .setType(AttributeProto.AttributeType.INTS)
            .addAllInts(longs(values)));
  }

  private void constant(NodeProto.Builder n, Node node, String what, List<Integer> values) {
    String name = node.name() + "." + what;
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.INT64_VALUE)
            .addDims(values.size())
            .addAllInt64Data(longs(values)));
    n.addInput(name);
  }

  private void scalar(NodeProto.Builder n, Node node, String what, float value) {
    String name = node.name() + "." + what;
    graph.addInitializer(OnnxWriter.floats(name, Shape.of(), new float[] {value}));
    n.addInput(name);
  }

  private static List<Long> longs(List<Integer> values) {
    List<Long> longs = new ArrayList<>();
    values.forEach(v -> longs.add(v.longValue()));
    return longs;
  }
}
