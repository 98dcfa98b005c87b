package org.xrv.converter.onnx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.xrv.converter.onnx.proto.AttributeProto;
import org.xrv.converter.onnx.proto.GraphProto;
import org.xrv.converter.onnx.proto.NodeProto;
import org.xrv.converter.onnx.proto.TensorProto;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;

/**
 * The ONNX form of each op: its attributes, and as initializers the constants that ONNX takes as
 * inputs (axes, shapes, bounds).
 */
final class OpAttributes {
  private final GraphProto.Builder graph;
  private final int opset;
  private final Set<String> taken;

  OpAttributes(GraphProto.Builder graph, int opset, Graph from) {
    this.graph = graph;
    this.opset = opset;
    this.taken = new HashSet<>(from.parameters().keySet());
    from.inputs().forEach(i -> taken.add(i.name()));
    from.nodes().forEach(n -> taken.addAll(n.outputs()));
  }

  /** Adds a node, and before it what it needs. */
  void add(Node node) {
    graph.addNode(node(node));
  }

  private NodeProto node(Node node) {
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
    } else if (op instanceof Op.Expand e) {
      n.clearInput().addInput(node.input(0));
      if (e.hasBatch()) {
        n.addInput(shapeWithBatch(node, e));
      } else {
        constant(n, node, "shape", e.shape());
      }
    } else if (op instanceof Op.Transpose t) {
      ints(n, "perm", t.permutation());
    } else if (op instanceof Op.Pad p) {
      constant(n, node, "pads", p.pads());
      scalar(n, node, "value", p.value());
    } else if (op instanceof Op.Clip c) {
      scalar(n, node, "min", c.min());
      scalar(n, node, "max", c.max());
    } else if (op instanceof Op.ReduceMean r) {
      if (opset < 18) {
        ints(n, "axes", r.axes());
      } else {
        constant(n, node, "axes", r.axes());
      }
      integer(n, "keepdims", r.keepDims() ? 1 : 0);
    } else if (op instanceof Op.ReduceSum r) {
      constant(n, node, "axes", r.axes());
      integer(n, "keepdims", r.keepDims() ? 1 : 0);
    } else if (op instanceof Op.Softmax s) {
      integer(n, "axis", s.axis());
    } else if (op instanceof Op.Cast c) {
      integer(n, "to", ElementTypes.number(c.to()));
    } else if (op instanceof Op.Constant c) {
      n.addAttribute(
          AttributeProto.newBuilder()
              .setName("value")
              .setType(AttributeProto.AttributeType.TENSOR)
              .setT(OnnxWriter.floats("", Shape.of(), new float[] {c.value()})));
    } else if (op instanceof Op.ScatterElements s) {
      if (opset < 16) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            "node '"
                + node.name()
                + "' (ScatterElements): adding does not exist in opset "
                + opset
                + "; write opset 16 or newer");
      }
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

  /** Makes the shape of an Expand from that of the value that has the batch. */
  private String shapeWithBatch(Node node, Op.Expand e) {
    int at = e.shape().indexOf(-1);
    NodeProto.Builder shape = NodeProto.newBuilder().setOpType("Shape").addInput(node.input(1));
    NodeProto.Builder batch = NodeProto.newBuilder();
    if (opset < 15) { // Shape gives all of it
      String whole = free(node, "whole");
      graph.addNode(shape.setName(whole).addOutput(whole));
      batch.setOpType("Slice").addInput(whole);
      constant(batch, node, "from", List.of(0));
      constant(batch, node, "to", List.of(1));
    } else {
      batch = shape;
      integer(batch, "start", 0);
      integer(batch, "end", 1);
    }
    String size = free(node, "batch");
    graph.addNode(batch.setName(size).addOutput(size));
    NodeProto.Builder joined = NodeProto.newBuilder().setOpType("Concat");
    integer(joined, "axis", 0);
    if (at > 0) {
      constant(joined, node, "before", e.shape().subList(0, at));
    }
    joined.addInput(size);
    if (at < e.shape().size() - 1) {
      constant(joined, node, "behind", e.shape().subList(at + 1, e.shape().size()));
    }
    String name = free(node, "shape");
    graph.addNode(joined.setName(name).addOutput(name));
    return name;
  }

  /** A name for a value that the graph does not have. */
  private String free(Node node, String what) {
    String name = node.name() + "." + what;
    while (!taken.add(name)) {
      name += "'";
    }
    return name;
  }

  private void constant(NodeProto.Builder n, Node node, String what, List<Integer> values) {
    String name = free(node, what);
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.INT64_VALUE)
            .addDims(values.size())
            .addAllInt64Data(longs(values)));
    n.addInput(name);
  }

  private void scalar(NodeProto.Builder n, Node node, String what, float value) {
    String name = free(node, what);
    graph.addInitializer(OnnxWriter.floats(name, Shape.of(), new float[] {value}));
    n.addInput(name);
  }

  private static List<Long> longs(List<Integer> values) {
    List<Long> longs = new ArrayList<>();
    values.forEach(v -> longs.add(v.longValue()));
    return longs;
  }
}
