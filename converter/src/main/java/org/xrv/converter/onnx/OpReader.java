package org.xrv.converter.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.xrv.converter.onnx.proto.NodeProto;
import org.xrv.converter.onnx.proto.TensorProto;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;

/** The nodes that one node of a file becomes; the reverse of {@link OpAttributes}. */
final class OpReader {
  private static final Set<String> CONTROL_FLOW = Set.of("If", "Loop", "Scan", "SequenceMap");
  private final NodeInput in;
  private final Attributes attributes;
  private final Steps steps;

  OpReader(GraphReader graph, NodeProto node, Attributes attributes, long opset) {
    this.in = new NodeInput(graph, node, attributes, opset);
    this.attributes = attributes;
    this.steps = new Steps(graph, node);
  }

  /** Mostly one. */
  List<Step> steps() {
    String type = in.node().getOpType();
    if (Quantised.isQuantised(in.node())) {
      return Quantised.steps(in.node(), () -> new Windows(in).conv());
    }
    Op plain = plain(type);
    if (plain != null) {
      return steps.last(plain, inputs(type), outputs(plain));
    }
    Moves moves = new Moves(in, steps);
    Composites parts = new Composites(in, steps);
    return switch (type) {
      case "Split" -> moves.split();
      case "Concat" -> moves.concat();
      case "Reshape" -> moves.reshape();
      case "Squeeze" -> moves.squeeze();
      case "Unsqueeze" -> moves.unsqueeze();
      case "Slice" -> moves.slice();
      case "Gather" -> moves.gather();
      case "GatherND" -> moves.gatherNd();
      case "Pad" -> moves.pad();
      case "Expand" -> moves.expand();
      case "ConstantOfShape" -> moves.constantOfShape();
      case "Transpose" -> moves.transpose();
      case "HardSigmoid" -> parts.hardSigmoid();
      case "HardSwish" -> parts.hardSwish();
      case "Swish" -> parts.swish();
      case "Gelu" -> parts.gelu();
      case "Softplus" -> parts.softplus();
      case "Mish" -> parts.mish();
      case "Elu" -> parts.elu();
      case "Selu" -> parts.selu();
      case "PRelu" -> parts.pRelu();
      case "Reciprocal" -> parts.reciprocal();
      case "Pow" -> parts.power();
      case "Max" -> parts.extreme(true);
      case "Min" -> parts.extreme(false);
      case "Sum" -> parts.sum(false);
      case "Mean" -> parts.sum(true);
      case "LayerNormalization" -> parts.layerNormalization();
      case "RMSNormalization" -> parts.rmsNormalization();
      case "InstanceNormalization" -> parts.instanceNormalization();
      case "GroupNormalization" -> parts.groupNormalization();
      case "ReduceL2" -> parts.reduced(true, axes(), keepDims());
      case "ReduceSumSquare" -> parts.reduced(false, axes(), keepDims());
      case "ReduceMax" -> parts.extremeOf(axes(), keepDims(), true);
      case "ReduceMin" -> parts.extremeOf(axes(), keepDims(), false);
      case "LogSoftmax" -> parts.logSoftmax(softmaxAxis());
      case "Less" -> steps.last(new Op.Greater(), in.name(1), in.name(0));
      case "LessOrEqual" -> parts.notGreater(in.name(0), in.name(1));
      case "GreaterOrEqual" -> parts.notGreater(in.name(1), in.name(0));
      case "Equal" -> parts.equal();
      case "Not" -> parts.not();
      case "And" -> parts.both(true);
      case "Or" -> parts.both(false);
      case "Attention" -> parts.attention();
      default -> throw new IllegalArgumentException(unknown(type));
    };
  }

  private static String unknown(String type) {
    return CONTROL_FLOW.contains(type)
        ? "control flow is not read; export the network for one image size, without branches"
        : "this op is not known; networks of convolutions, normalizations, pools, attention and"
            + " dense layers are read";
  }

  private List<String> inputs(String type) {
    return switch (type) {
      // The others of these are constants, which became attributes.
      case "Clip", "ReduceMean", "ReduceSum", "Dropout" -> List.of(in.name(0));
      default -> in.node().getInputList().stream().filter(i -> !i.isEmpty()).toList();
    };
  }

  private List<String> outputs(Op op) {
    List<String> outputs = new ArrayList<>(List.of(in.node().getOutput(0)));
    // Of other ops, further outputs are for training.
    if (op instanceof Op.MaxPool
        && in.node().getOutputCount() > 1
        && !in.node().getOutput(1).isEmpty()) {
      outputs.add(in.node().getOutput(1));
    }
    return outputs;
  }

  /** The op with the same meaning and name, or null. */
  private Op plain(String type) {
    Windows windows = new Windows(in);
    return switch (type) {
      case "Conv" -> windows.conv();
      case "ConvTranspose" -> windows.convTranspose();
      case "BatchNormalization" -> {
        attributes.require("training_mode", 0);
        yield new Op.BatchNormalization(
            attributes.real("epsilon", 1e-5f), attributes.real("momentum", 0.9f));
      }
      case "Relu" -> new Op.Relu();
      case "LeakyRelu" -> new Op.LeakyRelu(attributes.real("alpha", 0.01f));
      case "Sigmoid" -> new Op.Sigmoid();
      case "Tanh" -> new Op.Tanh();
      case "Exp" -> new Op.Exp();
      case "Log" -> new Op.Log();
      case "Sqrt" -> new Op.Sqrt();
      case "Erf" -> new Op.Erf();
      case "Abs" -> new Op.Abs();
      case "Neg" -> new Op.Neg();
      case "Sign" -> new Op.Sign();
      case "Identity", "Dropout" -> new Op.Identity();
      case "Add" -> new Op.Add();
      case "Sub" -> new Op.Sub();
      case "Mul" -> new Op.Mul();
      case "Div" -> new Op.Div();
      case "Greater" -> new Op.Greater();
      case "Where" -> new Op.Where();
      case "MaxPool" -> windows.maxPool();
      case "GlobalMaxPool" -> windows.globalMaxPool();
      case "AveragePool" -> windows.averagePool();
      case "GlobalAveragePool" -> new Op.GlobalAveragePool();
      case "Gemm" ->
          new Op.Gemm(
              attributes.real("alpha", 1),
              attributes.real("beta", 1),
              attributes.flag("transA", false),
              attributes.flag("transB", false));
      case "MatMul" -> new Op.MatMul();
      case "Flatten" -> flatten();
      case "Clip" ->
          new Op.Clip(in.number("min", 1, -Float.MAX_VALUE), in.number("max", 2, Float.MAX_VALUE));
      case "ReduceMean" -> new Op.ReduceMean(axes(), keepDims());
      case "ReduceSum" -> new Op.ReduceSum(axes(), keepDims());
      case "Softmax" -> new Op.Softmax(softmaxAxis());
      case "Cast" -> cast();
      case "ScatterElements" -> {
        if (!attributes.text("reduction", "none").equals("add")) {
          throw new IllegalArgumentException("only the reduction \"add\" is known");
        }
        yield new Op.ScatterElements(attributes.integer("axis", 0));
      }
      default -> null;
    };
  }

  private Op flatten() {
    int axis = attributes.integer("axis", 1);
    return new Op.Flatten(axis < 0 ? axis + in.shape(0).rank() : axis);
  }

  private boolean keepDims() {
    return attributes.flag("keepdims", true);
  }

  /** The axes reduced; where none are named, all but an open batch must be what is meant. */
  private List<Integer> axes() {
    List<Integer> axes = in.axes();
    Shape x = in.shape(0);
    if (axes.isEmpty()) {
      throw new IllegalArgumentException("it reduces over all axes, the batch included");
    }
    if (in.graph().isOpened() && axes.stream().anyMatch(a -> x.dim(in.axis(a)) == Shape.UNKNOWN)) {
      throw new IllegalArgumentException("it reduces over the batch");
    }
    return axes;
  }

  private int softmaxAxis() {
    int rank = in.shape(0).rank();
    int axis = attributes.integer("axis", in.opset() < 13 ? 1 : -1);
    if (in.opset() < 13 && in.axis(axis) != rank - 1) {
      throw new IllegalArgumentException("before opset 13, only the last axis is known");
    }
    return axis;
  }

  /** Between kinds of real numbers a cast does nothing where all is computed in float32. */
  private Op cast() {
    int to = attributes.integer("to", 0);
    if (to == TensorProto.DataType.INT32_VALUE) {
      return new Op.Cast(ElementType.INT64);
    }
    boolean real = ElementTypes.isReal(to);
    boolean fromReal = isReal(in.graph().type(in.name(0)));
    if (real && fromReal && in.graph().isNarrowed()) {
      return new Op.Identity();
    }
    return new Op.Cast(real && in.graph().isNarrowed() ? ElementType.FLOAT : ElementTypes.of(to));
  }

  private static boolean isReal(ElementType type) {
    return type != ElementType.INT64 && type != ElementType.BOOL;
  }
}
