package org.xrv.converter.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.xrv.converter.onnx.proto.GraphProto;
import org.xrv.converter.onnx.proto.TensorProto;
import org.xrv.core.architecture.DenseNet;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.fuzz.Sturdy;
import org.xrv.core.graph.Graph;

/** The ONNX reader, whatever bytes it gets; what it reads can be written. */
class OnnxFuzzTest {
  static Stream<Arguments> seeds() {
    Graph small = new DenseNet(4, 2, List.of(1), 1, 2, 32).graph();
    byte[] network = OnnxWriter.bytes(small, Initialization.PYTORCH.weights(small, 1));
    return Stream.of(network, shapes(), external(), new byte[0], Arrays.copyOf(network, 100))
        .map(Arguments::of);
  }

  /** What exporters do with shapes. */
  private static byte[] shapes() {
    GraphProto.Builder g = Protos.graph(Protos.floats("x", -1, 2, 3), "y");
    g.addInitializer(Protos.longs("zero", 0));
    g.addInitializer(Protos.longs("rest", 6));
    g.addInitializer(Protos.weight("token", 1, 6));
    g.addNode(Protos.node("Shape", "shape", "x"));
    g.addNode(Protos.node("Slice", "part", "shape", "zero", "rest", "zero"));
    g.addNode(Protos.node("Gather", "batch", "shape", "zero"));
    g.addNode(
        Protos.node("Concat", "target", "batch", "rest").addAttribute(Protos.integer("axis", 0)));
    g.addNode(Protos.node("Expand", "tokens", "token", "target"));
    g.addNode(Protos.node("Reshape", "rows", "x", "target"));
    g.addNode(Protos.node("Add", "sum", "rows", "tokens"));
    g.addNode(Protos.node("LayerNormalization", "y", "sum", "token"));
    return Protos.model(g, 17).toByteArray();
  }

  private static byte[] external() {
    GraphProto.Builder g = Protos.graph(Protos.floats("x", -1, 2), "y");
    g.addInitializer(
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(TensorProto.DataType.FLOAT16_VALUE)
            .addDims(2)
            .setRawData(ByteString.copyFrom(new byte[4])));
    g.addNode(Protos.node("Mul", "y", "x", "w"));
    return Protos.model(g, 13).toByteArray();
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void shouldReadOrRefuse(byte[] file) {
    Sturdy.reads(
        "x.onnx",
        () -> {
          OnnxModel model = OnnxReader.read("x.onnx", file);
          assertTrue(OnnxWriter.bytes(model.graph(), model.weights()).length > 0);
        });
  }
}
