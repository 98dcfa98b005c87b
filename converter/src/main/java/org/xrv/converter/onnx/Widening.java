package org.xrv.converter.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xrv.converter.onnx.proto.AttributeProto;
import org.xrv.converter.onnx.proto.GraphProto;
import org.xrv.converter.onnx.proto.ModelProto;
import org.xrv.converter.onnx.proto.NodeProto;
import org.xrv.converter.onnx.proto.TensorProto;
import org.xrv.converter.onnx.proto.ValueInfoProto;
import org.xrv.core.graph.Graph;
import org.xrv.core.tensor.NamedTensors;

/** ONNX models that compute in float64 what a graph computes in float32, for verification. */
public final class Widening {
  private static final int FLOAT = TensorProto.DataType.FLOAT_VALUE;
  private static final int DOUBLE = TensorProto.DataType.DOUBLE_VALUE;

  private Widening() {}

  /**
   * The bytes of a model whose inputs, outputs, weights and constants are float64 wherever the
   * graph has float32; the weights' values are the same.
   */
  public static byte[] bytes(Graph graph, NamedTensors weights) {
    try {
      ModelProto.Builder model = ModelProto.parseFrom(OnnxWriter.bytes(graph, weights)).toBuilder();
      GraphProto.Builder g = model.getGraphBuilder();
      g.getInputBuilderList().forEach(Widening::widen);
      g.getOutputBuilderList().forEach(Widening::widen);
      g.getInitializerBuilderList().forEach(Widening::widen);
      g.getNodeBuilderList().forEach(Widening::widen);
      return model.build().toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("what was written is read back", e);
    }
  }

  private static void widen(ValueInfoProto.Builder value) {
    var type = value.getTypeBuilder().getTensorTypeBuilder();
    if (type.getElemType() == FLOAT) {
      type.setElemType(DOUBLE);
    }
  }

  private static void widen(TensorProto.Builder t) {
    if (t.getDataType() != FLOAT) {
      return;
    }
    ByteBuffer from = t.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer to = ByteBuffer.allocate(2 * from.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    while (from.hasRemaining()) {
      to.putDouble(from.getFloat());
    }
    t.setDataType(DOUBLE).setRawData(ByteString.copyFrom(to.flip()));
  }

  private static void widen(NodeProto.Builder node) {
    for (AttributeProto.Builder a : node.getAttributeBuilderList()) {
      if (a.hasT()) {
        widen(a.getTBuilder());
      } else if (node.getOpType().equals("Cast") && a.getName().equals("to") && a.getI() == FLOAT) {
        a.setI(DOUBLE);
      }
    }
  }
}
