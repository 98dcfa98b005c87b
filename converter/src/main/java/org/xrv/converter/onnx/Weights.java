package org.xrv.converter.onnx;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xrv.converter.onnx.proto.GraphProto;
import org.xrv.converter.onnx.proto.NodeProto;
import org.xrv.converter.onnx.proto.TensorProto;
import org.xrv.converter.onnx.proto.ValueInfoProto;
import org.xrv.core.tensor.FloatTensor;

/**
 * The initializers of a file.
 *
 * @param floats real numbers, as float32
 * @param integers whole numbers and booleans
 * @param narrowed whether the file has real numbers of another type than float32; then the graph is
 *     computed in float32 throughout
 */
record Weights(
    Map<String, FloatTensor> floats, Map<String, IntegerTensor> integers, boolean narrowed) {
  static Weights read(GraphProto graph, List<StoredTensor> stored, TensorReader tensors) {
    Map<String, FloatTensor> floats = new LinkedHashMap<>();
    Map<String, IntegerTensor> integers = new LinkedHashMap<>();
    boolean narrowed = hasOtherReals(graph);
    for (StoredTensor s : stored) {
      TensorProto t = s.proto();
      if (t.getName().isEmpty()) {
        throw new IllegalArgumentException("a weight has no name");
      }
      int type = t.getDataType();
      if (ElementTypes.isReal(type)) {
        narrowed |= type != TensorProto.DataType.FLOAT_VALUE;
        // An empty tensor stands for an input that is left out.
        if (!isEmpty(t)) {
          floats.put(t.getName(), tensors.floats(s));
        }
      } else if (ElementTypes.isEightBit(type)) {
        floats.put(t.getName(), tensors.floats(s));
      } else if (ElementTypes.isWhole(type)) {
        integers.put(t.getName(), tensors.integers(s));
      } else {
        throw new IllegalArgumentException(
            "tensor '"
                + t.getName()
                + "' has element type "
                + ElementTypes.name(type)
                + "; FLOAT, FLOAT16, BFLOAT16, DOUBLE, INT8, INT64, INT32 and BOOL are read");
      }
    }
    return new Weights(floats, integers, narrowed);
  }

  static boolean isEmpty(TensorProto t) {
    return t.getDimsCount() == 1 && t.getDims(0) == 0;
  }

  /** Whether inputs or constants within the graph are real numbers, but not float32. */
  private static boolean hasOtherReals(GraphProto graph) {
    for (ValueInfoProto input : graph.getInputList()) {
      if (isOther(input.getType().getTensorType().getElemType())) {
        return true;
      }
    }
    for (NodeProto node : graph.getNodeList()) {
      if (node.getOpType().equals("Constant")
          && node.getAttributeCount() == 1
          && isOther(node.getAttribute(0).getT().getDataType())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOther(int type) {
    return ElementTypes.isReal(type) && type != TensorProto.DataType.FLOAT_VALUE;
  }
}
