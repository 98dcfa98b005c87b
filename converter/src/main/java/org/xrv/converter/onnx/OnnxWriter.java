package org.xrv.converter.onnx;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.xrv.converter.onnx.proto.GraphProto;
import org.xrv.converter.onnx.proto.ModelProto;
import org.xrv.converter.onnx.proto.OperatorSetIdProto;
import org.xrv.converter.onnx.proto.StringStringEntryProto;
import org.xrv.converter.onnx.proto.TensorProto;
import org.xrv.converter.onnx.proto.TensorShapeProto;
import org.xrv.converter.onnx.proto.TypeProto;
import org.xrv.converter.onnx.proto.ValueInfoProto;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Node;
import org.xrv.core.graph.Shape;
import org.xrv.core.graph.ShapeInference;
import org.xrv.core.graph.ValueInfo;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * Writes a graph with its weights as an ONNX model: the batch dimension symbolic and named "batch",
 * names kept. Weights go from their arrays into the file piece by piece.
 */
public final class OnnxWriter {
  private static final String BATCH = "batch";
  private final Graph graph;
  private final NamedTensors weights;
  private final ModelProto head;
  private final GraphProto structure;

  private OnnxWriter(Graph graph, NamedTensors weights, int opset, int irVersion) {
    weights.requireFor(graph);
    this.graph = graph;
    this.weights = weights;
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(irVersion)
            .setProducerName("xrv")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset));
    graph
        .metadata()
        .forEach(
            (k, v) ->
                model.addMetadataProps(StringStringEntryProto.newBuilder().setKey(k).setValue(v)));
    this.head = model.build();
    this.structure = structure(graph, opset);
  }

  /** Writes the file with {@link OnnxForm#DEFAULT}, all or nothing. */
  public static void write(Graph graph, NamedTensors weights, Path file) {
    write(graph, weights, file, OnnxForm.opset(OnnxForm.DEFAULT));
  }

  /**
   * Writes the file, all or nothing. Weights beside it are in NAME.data, written first; an older
   * model of the name is gone while they change.
   *
   * @throws ProblemException BAD_DATA when weights are missing or misshapen, or an op does not
   *     exist in the operator set (names op, node and opset); DISK when the file system refuses
   */
  public static void write(Graph graph, NamedTensors weights, Path file, OnnxForm form) {
    OnnxWriter writer = new OnnxWriter(graph, weights, form.opset(), form.irVersion());
    if (writer.weightBytes() <= form.externalAbove()) {
      List<StoredWeight> stored = writer.inside();
      AtomicFiles.write(file, out -> writer.write(CodedOutputStream.newInstance(out), stored));
      return;
    }
    Path data = file.resolveSibling(file.getFileName() + ".data");
    List<StoredWeight> stored = writer.beside(data.getFileName().toString());
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw AtomicFiles.disk(file, e);
    }
    AtomicFiles.write(data, out -> StoredWeight.writeExternal(stored, out));
    AtomicFiles.write(file, out -> writer.write(CodedOutputStream.newInstance(out), stored));
  }

  /** The model's bytes with {@link OnnxForm#DEFAULT}. */
  public static byte[] bytes(Graph graph, NamedTensors weights) {
    return bytes(graph, weights, OnnxForm.opset(OnnxForm.DEFAULT));
  }

  /** The model's bytes; weights that do not fit into one file are an error here. */
  public static byte[] bytes(Graph graph, NamedTensors weights, OnnxForm form) {
    OnnxWriter writer = new OnnxWriter(graph, weights, form.opset(), form.irVersion());
    if (writer.weightBytes() > OnnxForm.IN_ONE_FILE) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          graph.name()
              + ": "
              + writer.weightBytes()
              + " bytes of weights do not fit into one ONNX message");
    }
    List<StoredWeight> stored = writer.inside();
    try {
      byte[] bytes = new byte[Math.toIntExact(writer.size(stored))];
      writer.write(CodedOutputStream.newInstance(bytes), stored);
      return bytes;
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }

  private long weightBytes() {
    return graph.parameters().values().stream().mapToLong(p -> 4 * p.shape().elements()).sum();
  }

  private List<StoredWeight> inside() {
    return graph.parameters().keySet().stream()
        .map(name -> StoredWeight.inside(name, weights.get(name)))
        .toList();
  }

  private List<StoredWeight> beside(String location) {
    List<StoredWeight> stored = new ArrayList<>();
    long offset = 0;
    for (String name : graph.parameters().keySet()) {
      FloatTensor tensor = weights.get(name);
      StoredWeight weight = StoredWeight.beside(name, tensor, location, offset);
      stored.add(weight);
      offset = weight.end(offset);
    }
    return stored;
  }

  private long graphSize(List<StoredWeight> stored) {
    long size = structure.getSerializedSize();
    for (StoredWeight w : stored) {
      size += field(GraphProto.INITIALIZER_FIELD_NUMBER, w.size());
    }
    return size;
  }

  private long size(List<StoredWeight> stored) {
    return head.getSerializedSize() + field(ModelProto.GRAPH_FIELD_NUMBER, graphSize(stored));
  }

  /** The bytes of a field that holds some bytes. */
  private static long field(int number, long size) {
    return CodedOutputStream.computeTagSize(number)
        + CodedOutputStream.computeUInt64SizeNoTag(size)
        + size;
  }

  private void write(CodedOutputStream out, List<StoredWeight> stored) throws IOException {
    head.writeTo(out);
    out.writeTag(ModelProto.GRAPH_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt64NoTag(graphSize(stored));
    structure.writeTo(out);
    for (StoredWeight w : stored) {
      out.writeTag(GraphProto.INITIALIZER_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt64NoTag(w.size());
      w.writeTo(out);
    }
    out.flush();
  }

  /** Everything but the weights. */
  private static GraphProto structure(Graph graph, int opset) {
    GraphProto.Builder g = GraphProto.newBuilder().setName(graph.name());
    Map<String, ValueInfo> values = ShapeInference.infer(graph);
    graph.inputs().forEach(i -> g.addInput(value(i)));
    graph.outputs().forEach(o -> g.addOutput(value(values.get(o))));
    OpAttributes attributes = new OpAttributes(g, opset, graph);
    for (Node node : graph.nodes()) {
      attributes.add(node);
    }
    return g.build();
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
        TypeProto.Tensor.newBuilder().setElemType(ElementTypes.number(info.type())).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(info.name())
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /** A small tensor, whole. */
  static TensorProto floats(String name, Shape shape, float[] data) {
    return StoredWeight.inside(name, new FloatTensor(shape, data)).whole();
  }
}
