package org.xrv.converter.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.xrv.converter.onnx.proto.ModelProto;
import org.xrv.converter.onnx.proto.NodeProto;
import org.xrv.converter.onnx.proto.OperatorSetIdProto;
import org.xrv.converter.onnx.proto.TensorShapeProto;
import org.xrv.converter.onnx.proto.TypeProto;
import org.xrv.converter.onnx.proto.ValueInfoProto;

/**
 * What an ONNX file says about itself.
 *
 * @param bytes of the file, without weights that lie beside it
 * @param opsets the versions by domain; the standard's domain is "ai.onnx"
 * @param producer name and version of the program that wrote it, or empty
 * @param inputs that are no weights
 * @param ops how many nodes there are of each op
 * @param weights the initializers
 * @param metadata free text
 */
public record OnnxFacts(
    long bytes,
    long irVersion,
    Map<String, Long> opsets,
    String producer,
    String graph,
    List<Value> inputs,
    List<Value> outputs,
    Map<String, Integer> ops,
    List<Weight> weights,
    Map<String, String> metadata) {
  public OnnxFacts {
    opsets = Map.copyOf(opsets);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    ops = java.util.Collections.unmodifiableMap(new TreeMap<>(ops));
    weights = List.copyOf(weights);
    metadata = java.util.Collections.unmodifiableMap(new TreeMap<>(metadata));
  }

  /** An input or output; its shape in words, such as "batch x 1 x 224 x 224". */
  public record Value(String name, String type, String shape) {}

  /**
   * An initializer.
   *
   * @param external the file that holds it, or empty
   * @param bytes by its shape and type, 0 for types that are not read
   */
  public record Weight(String name, String type, List<Long> shape, long bytes, String external) {
    public Weight {
      shape = List.copyOf(shape);
    }
  }

  /** The version of the standard's operator set. */
  public long opset() {
    return opsets.getOrDefault("ai.onnx", 0L);
  }

  static OnnxFacts of(ModelFile file, long bytes) {
    ModelProto head = file.head();
    Map<String, Long> opsets = new LinkedHashMap<>();
    for (OperatorSetIdProto set : head.getOpsetImportList()) {
      opsets.put(
          GraphReader.isStandard(set.getDomain()) ? "ai.onnx" : OneLine.of(set.getDomain()),
          set.getVersion());
    }
    Map<String, Integer> ops = new TreeMap<>();
    for (NodeProto node : file.graph().getNodeList()) {
      String domain = GraphReader.isStandard(node.getDomain()) ? "" : node.getDomain() + ".";
      ops.merge(OneLine.of(domain + node.getOpType()), 1, Integer::sum);
    }
    List<Weight> weights = file.weights().stream().map(OnnxFacts::weight).toList();
    Set<String> names = weights.stream().map(Weight::name).collect(Collectors.toSet());
    Map<String, String> metadata = new TreeMap<>();
    head.getMetadataPropsList().forEach(p -> metadata.put(p.getKey(), p.getValue()));
    return new OnnxFacts(
        bytes,
        head.getIrVersion(),
        opsets,
        OneLine.of((head.getProducerName() + " " + head.getProducerVersion()).strip()),
        OneLine.of(file.graph().getName()),
        file.graph().getInputList().stream()
            .filter(i -> !names.contains(i.getName()))
            .map(OnnxFacts::value)
            .toList(),
        file.graph().getOutputList().stream().map(OnnxFacts::value).toList(),
        ops,
        weights,
        metadata);
  }

  private static Weight weight(StoredTensor stored) {
    var t = stored.proto();
    String location =
        t.getExternalDataList().stream()
            .filter(e -> e.getKey().equals("location"))
            .map(e -> OneLine.of(e.getValue()))
            .findFirst()
            .orElse("");
    long n = 1;
    for (long d : t.getDimsList()) {
      n *= d;
    }
    boolean known = ElementTypes.isReal(t.getDataType()) || ElementTypes.isWhole(t.getDataType());
    return new Weight(
        OneLine.of(t.getName()),
        ElementTypes.name(t.getDataType()),
        t.getDimsList(),
        known ? n * ElementTypes.width(t.getDataType()) : 0,
        location);
  }

  private static Value value(ValueInfoProto info) {
    TypeProto.Tensor tensor = info.getType().getTensorType();
    List<String> dims = new ArrayList<>();
    for (TensorShapeProto.Dimension d : tensor.getShape().getDimList()) {
      dims.add(
          d.hasDimValue()
              ? Long.toString(d.getDimValue())
              : d.getDimParam().isEmpty() ? "?" : OneLine.of(d.getDimParam()));
    }
    boolean shaped = info.getType().hasTensorType() && tensor.hasShape();
    return new Value(
        OneLine.of(info.getName()),
        info.getType().hasTensorType() ? ElementTypes.name(tensor.getElemType()) : "no tensor",
        shaped ? (dims.isEmpty() ? "a number" : String.join(" x ", dims)) : "unknown shape");
  }
}
