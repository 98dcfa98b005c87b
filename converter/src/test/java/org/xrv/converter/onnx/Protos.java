package org.xrv.converter.onnx;

import java.util.Arrays;
import org.xrv.converter.onnx.proto.AttributeProto;
import org.xrv.converter.onnx.proto.GraphProto;
import org.xrv.converter.onnx.proto.ModelProto;
import org.xrv.converter.onnx.proto.NodeProto;
import org.xrv.converter.onnx.proto.OperatorSetIdProto;
import org.xrv.converter.onnx.proto.TensorProto;
import org.xrv.converter.onnx.proto.TensorShapeProto;
import org.xrv.converter.onnx.proto.TypeProto;
import org.xrv.converter.onnx.proto.ValueInfoProto;
import org.xrv.core.graph.Shape;
import org.xrv.core.random.KeyedRandom;

/** Models as other programs write them. */
final class Protos {
  private Protos() {}

  static ModelProto model(GraphProto.Builder graph, long opset) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .setGraph(graph)
        .build();
  }

  /** A value; a dimension of -1 is named "batch". */
  static ValueInfoProto value(String name, int type, int... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int d : dims) {
      if (d < 0) {
        shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("batch"));
      } else {
        shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(d));
      }
    }
    TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(type);
    if (dims.length > 0) {
      tensor.setShape(shape);
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  static ValueInfoProto floats(String name, int... dims) {
    return value(name, TensorProto.DataType.FLOAT_VALUE, dims);
  }

  static GraphProto.Builder graph(ValueInfoProto input, String output) {
    return GraphProto.newBuilder().setName("g").addInput(input).addOutput(floats(output));
  }

  static NodeProto.Builder node(String type, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(type)
        .addAllInput(Arrays.asList(inputs))
        .addOutput(output);
  }

  static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static AttributeProto real(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRING)
        .setS(com.google.protobuf.ByteString.copyFromUtf8(value))
        .build();
  }

  static AttributeProto ints(String name, long... values) {
    AttributeProto.Builder a =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (long v : values) {
      a.addInts(v);
    }
    return a.build();
  }

  /** Whole numbers of rank 1. */
  static TensorProto longs(String name, long... values) {
    TensorProto.Builder t =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.INT64_VALUE)
            .addDims(values.length);
    for (long v : values) {
      t.addInt64Data(v);
    }
    return t.build();
  }

  static TensorProto number(String name, float value) {
    return OnnxWriter.floats(name, Shape.of(), new float[] {value});
  }

  /** A weight uniform in [-1, 1), of its name only. */
  static TensorProto weight(String name, int... dims) {
    Shape shape = Shape.of(dims);
    return OnnxWriter.floats(name, shape, uniform(name, (int) shape.elements()));
  }

  static float[] uniform(String name, int n) {
    KeyedRandom random = KeyedRandom.of(5, name);
    float[] data = new float[n];
    for (int i = 0; i < n; i++) {
      data[i] = (float) random.nextDouble(-1, 1);
    }
    return data;
  }
}
