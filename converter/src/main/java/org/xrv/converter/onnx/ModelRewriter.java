package org.xrv.converter.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xrv.converter.onnx.proto.AttributeProto;
import org.xrv.converter.onnx.proto.GraphProto;
import org.xrv.converter.onnx.proto.ModelProto;
import org.xrv.converter.onnx.proto.NodeProto;
import org.xrv.converter.onnx.proto.TensorProto;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.graph.ValueInfo;
import org.xrv.core.tensor.NamedTensors;

/**
 * A model being rewritten node by node into one with element types that a {@link Graph} does not
 * have. Initializers are written when they are asked for, so those that nobody needs fall away.
 */
abstract class ModelRewriter {
  private final ModelProto model;
  private final Map<String, TensorProto> initializers = new LinkedHashMap<>();
  private final Map<String, String> written = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private final Set<String> nodeNames = new HashSet<>();
  private final Set<String> floats = new HashSet<>();
  private final Set<String> outputs;
  private final GraphProto.Builder out = GraphProto.newBuilder();

  ModelRewriter(Graph graph, NamedTensors weights, OnnxForm form) {
    try {
      model = ModelProto.parseFrom(OnnxWriter.bytes(graph, weights, form));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("what was written cannot be read", e);
    }
    GraphProto g = model.getGraph();
    out.setName(g.getName()).addAllInput(g.getInputList()).addAllOutput(g.getOutputList());
    g.getNodeList().forEach(n -> nodeNames.add(n.getName()));
    g.getInputList().forEach(i -> taken.add(i.getName()));
    g.getNodeList().forEach(n -> taken.addAll(n.getOutputList()));
    for (TensorProto t : g.getInitializerList()) {
      initializers.put(t.getName(), t);
      taken.add(t.getName());
      if (t.getDataType() == TensorProto.DataType.FLOAT_VALUE) {
        floats.add(t.getName());
      }
    }
    for (ValueInfo value : ShapeInference.infer(graph).values()) {
      if (value.type() == ElementType.FLOAT) {
        floats.add(value.name());
      }
    }
    outputs = Set.copyOf(graph.outputs());
  }

  /** Adds what a node becomes. */
  abstract void rewrite(NodeProto node);

  final byte[] bytes() {
    model.getGraph().getNodeList().forEach(this::rewrite);
    return model.toBuilder().setGraph(out).build().toByteArray();
  }

  /** Whether a value or initializer is of float32 in the given model. */
  final boolean isFloat(String name) {
    return floats.contains(name);
  }

  final boolean isOutput(String name) {
    return outputs.contains(name);
  }

  /** The initializer of a name, or null. */
  final TensorProto initializer(String name) {
    return initializers.get(name);
  }

  /** The values of a float32 initializer. */
  final float[] values(String name) {
    return TensorReader.floats(initializers.get(name)).data();
  }

  /** Makes sure that an initializer of the given model is there, as it was. */
  final void keep(String name) {
    TensorProto t = initializers.get(name);
    if (t != null && written.putIfAbsent(name, name) == null) {
      out.addInitializer(t);
    }
  }

  /** The name of an initializer, which is made the first time that it is asked for. */
  final String made(String key, java.util.function.Function<String, TensorProto> maker) {
    String name = written.get(key);
    if (name == null) {
      name = free(key);
      written.put(key, name);
      out.addInitializer(maker.apply(name));
    }
    return name;
  }

  /** A name that nothing has. */
  final String free(String wish) {
    String name = wish;
    while (!taken.add(name)) {
      name += "'";
    }
    return name;
  }

  final void add(NodeProto node) {
    out.addNode(node);
  }

  /** Adds a node with one output, named like it where no other node is. */
  final String add(String op, String output, List<String> inputs, AttributeProto... attributes) {
    String name = output;
    while (!nodeNames.add(name)) {
      name += "'";
    }
    out.addNode(
        NodeProto.newBuilder()
            .setName(name)
            .setOpType(op)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(List.of(attributes)));
    return output;
  }

  static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static TensorProto tensor(String name, int type, List<Long> dims, ByteBuffer data) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(type)
        .addAllDims(dims)
        .setRawData(ByteString.copyFrom(data))
        .build();
  }

  static TensorProto floats(String name, List<Long> dims, float[] data) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(data);
    return tensor(name, TensorProto.DataType.FLOAT_VALUE, dims, bytes);
  }
}
