package org.xrv.converter.onnx;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import org.xrv.converter.onnx.proto.GraphProto;
import org.xrv.converter.onnx.proto.ModelProto;
import org.xrv.converter.onnx.proto.OperatorSetIdProto;
import org.xrv.converter.onnx.proto.StringStringEntryProto;
import org.xrv.converter.onnx.proto.TensorProto;
import org.xrv.converter.onnx.proto.TensorShapeProto;
import org.xrv.converter.onnx.proto.TypeProto;
import org.xrv.converter.onnx.proto.ValueInfoProto;
import org.xrv.core.graph.ElementType;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Parameter;
import org.xrv.core.graph.Shape;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.graph.ValueInfo;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.tensor.NamedTensors;

/**
 * Writes a graph with its weights as an ONNX model: opset 17, IR version 8, the batch dimension
 * symbolic and named "batch", names kept.
 */
public final class OnnxWriter {
  /** The operator set whose meaning {@link org.xrv.core.graph.Op} has. */
  public static final int OPSET = 17;

  /** Read by every runtime that knows opset 17. */
  private static final int IR_VERSION = 8;

  private static final String BATCH = "batch";

  private OnnxWriter() {}

  /**
   * Writes the file, all or nothing.
   *
   * @throws org.xrv.core.error.ProblemException BAD_DATA when weights are missing or misshapen,
   *     DISK when the file system refuses
   */
  public static void write(Graph graph, NamedTensors weights, Path file) {
    ModelProto model = model(graph, weights);
    AtomicFiles.write(file, model::writeTo);
  }

  /** The model's bytes. */
  public static byte[] bytes(Graph graph, NamedTensors weights) {
    return model(graph, weights).toByteArray();
  }

  private static ModelProto model(Graph graph, NamedTensors weights) {
    weights.requireFor(graph);
    GraphProto.Builder g = GraphProto.newBuilder().setName(graph.name());
    Map<String, ValueInfo> values = ShapeInference.infer(graph);
    graph.inputs().forEach(i -> g.addInput(value(i)));
    graph.outputs().forEach(o -> g.addOutput(value(values.get(o))));
    for (Parameter p : graph.parameters().values()) {
      g.addInitializer(floats(p.name(), p.shape(), weights.get(p.name()).data()));
    }
    OpAttributes attributes = new OpAttributes(g);
    for (Node node : graph.nodes()) {
      g.addNode(attributes.node(node));
    }
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("xrv")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
            .setGraph(g);
    graph
        .metadata()
        .forEach(
            (k, v) ->
                model.addMetadataProps(StringStringEntryProto.newBuilder().setKey(k).setValue(v)));
    return model.build();
  }

  private static ValueInfoProto value(ValueInfo info) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int d : info.shape().dims()) {
      TensorShapeProto.Dimension.Builder dim = shape.addDimBuilder();
      if (d == Shape.UNKNOWN) {
        dim.setDimParam(BATCH);
      } else {
        dim.setDimValue(d);
      }
    }
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(elementType(info.type())).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(info.name())
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  static int elementType(ElementType type) {
    return switch (type) {
      case FLOAT -> TensorProto.DataType.FLOAT_VALUE;
      case DOUBLE -> TensorProto.DataType.DOUBLE_VALUE;
      case FLOAT16 -> TensorProto.DataType.FLOAT16_VALUE;
      case INT64 -> TensorProto.DataType.INT64_VALUE;
      case BOOL -> TensorProto.DataType.BOOL_VALUE;
    };
  }

  static TensorProto floats(String name, Shape shape, float[] data) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(data);
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(TensorProto.DataType.FLOAT_VALUE)
        .addAllDims(shape.dims().stream().map(Integer::longValue).toList())
        .setRawData(ByteString.copyFrom(bytes))
        .build();
  }
}
