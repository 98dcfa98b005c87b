package org.xrv.converter.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.onnx.global.onnx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.converter.onnx.proto.GraphProto;
import org.xrv.converter.onnx.proto.StringStringEntryProto;
import org.xrv.converter.onnx.proto.TensorProto;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.error.ProblemException;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/** Weights beside the model, and of other types than float32. */
class StoredWeightsTest {
  private static final int N = 300;
  @TempDir Path folder;

  @Test
  void shouldKeepWeightsInAFileBesideTheModel() throws IOException {
    Graph graph = new ResNetAutoencoder(50, new LatentShape(32, 2), 0.125, 32).encoder();
    NamedTensors weights = Initialization.PYTORCH.weights(graph, 3);
    Path file = folder.resolve("encoder.onnx");
    Path data = folder.resolve("encoder.onnx.data");
    OnnxForm form = OnnxForm.opset(17).withExternalWeights();
    OnnxWriter.write(graph, weights, file, form);
    assertTrue(Files.size(file) < Files.size(data));
    onnx.check_model(file.toString(), true, false, false);
    OnnxModel read = OnnxReader.read(file);
    assertEquals(graph, read.graph());
    weights
        .tensors()
        .forEach((n, t) -> assertArrayEquals(t.data(), read.weights().get(n).data(), n));
    FloatTensor x = FloatTensor.filled(Shape.of(1, 1, 32, 32), 100);
    try (OnnxRunner beside = OnnxRunner.open(file, 1);
        OnnxRunner inside = OnnxRunner.open("one", OnnxWriter.bytes(graph, weights), 1)) {
      assertArrayEquals(
          inside.run(Map.of(ResNetAutoencoder.IMAGE, x)).get(ResNetAutoencoder.Z).data(),
          beside.run(Map.of(ResNetAutoencoder.IMAGE, x)).get(ResNetAutoencoder.Z).data());
    }
    // Written again, in one file: what was beside it is no longer looked at.
    OnnxWriter.write(graph, weights, file);
    Files.delete(data);
    assertEquals(graph, OnnxReader.read(file).graph());
    // Cut short, it is told apart from a sound one.
    OnnxWriter.write(graph, weights, file, form);
    Files.write(data, Arrays.copyOf(Files.readAllBytes(data), (int) Files.size(data) - 1));
    assertTrue(problem(file).contains("truncated"), problem(file));
    Files.delete(data);
    assertTrue(problem(file).contains("not beside the model"), problem(file));
  }

  private static String problem(Path file) {
    String message = assertThrows(ProblemException.class, () -> OnnxReader.read(file)).getMessage();
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.startsWith(file.toString()), message);
    return message;
  }

  /** x + w, w of N numbers in a file. */
  private Path external(String location, String offset, String length) throws IOException {
    TensorProto.Builder w =
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addDims(N)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL);
    entry(w, "location", location);
    entry(w, "offset", offset);
    entry(w, "length", length);
    GraphProto.Builder g = Protos.graph(Protos.floats("x", -1, N), "y");
    g.addInitializer(w).addNode(Protos.node("Add", "y", "x", "w"));
    Path model = Files.createDirectories(folder.resolve("model")).resolve("m.onnx");
    Files.write(model, Protos.model(g, 17).toByteArray());
    return model;
  }

  private static void entry(TensorProto.Builder t, String key, String value) {
    if (value != null) {
      t.addExternalData(StringStringEntryProto.newBuilder().setKey(key).setValue(value));
    }
  }

  @Test
  void shouldOpenNothingOutsideTheModelsFolder() throws IOException {
    Path outside = folder.resolve("outside.bin");
    Files.write(outside, new byte[4 * N]);
    Path inside = Files.createDirectories(folder.resolve("model/sub")).resolve("in.bin");
    Files.write(inside, new byte[4 * N]);
    assertEquals(1, OnnxReader.read(external("sub/in.bin", null, null)).weights().names().size());
    assertEquals(
        1, OnnxReader.read(external("sub/../sub/in.bin", "0", null)).weights().names().size());
    for (String location :
        List.of("../outside.bin", outside.toString(), "sub/../../outside.bin", "/etc/passwd")) {
      String message = problem(external(location, null, null));
      assertTrue(message.contains("outside the model's folder"), message);
      assertTrue(message.contains("'w'"), message);
    }
    Files.createSymbolicLink(folder.resolve("model/link.bin"), outside);
    assertTrue(problem(external("link.bin", null, null)).contains("link"));
    Files.createSymbolicLink(folder.resolve("model/linked"), folder);
    assertTrue(problem(external("linked/outside.bin", null, null)).contains("link"));
    problem(external("", null, null));
    problem(external("sub", null, null));
    problem(external("no\0name", null, null));
  }

  @ParameterizedTest
  @CsvSource({
    "1, , needs 1200", // to the end: one byte short
    "0, 1201, ends at 1200",
    "1, 1200, ends at 1200",
    "-4, 1200, negative",
    "0, -1, negative",
    "0, many, no number",
    "99999999999999999999, 1200, no number",
    "9223372036854775807, 1200, ends at 1200",
    "0, 1196, needs 1200"
  })
  void shouldRefuseWhatDoesNotLieInTheFile(String offset, String length, String words)
      throws IOException {
    Path model = external("w.bin", offset, length);
    Files.write(model.resolveSibling("w.bin"), new byte[4 * N]);
    String message = problem(model);
    assertTrue(message.contains(words) && message.contains("'w'"), message);
  }

  /** Quarters of small numbers: every type has them exactly. */
  private static float[] quarters(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (i % 64 - 32) / 4f;
    }
    return values;
  }

  private static TensorProto weight(int type, int n) {
    float[] values = quarters(n);
    ByteBuffer raw = ByteBuffer.allocate(8 * n).order(ByteOrder.LITTLE_ENDIAN);
    for (float v : values) {
      switch (type) {
        case TensorProto.DataType.FLOAT16_VALUE -> raw.putShort(half(v));
        case TensorProto.DataType.BFLOAT16_VALUE ->
            raw.putShort((short) (Float.floatToRawIntBits(v) >>> 16));
        case TensorProto.DataType.DOUBLE_VALUE -> raw.putDouble(v);
        default -> raw.putFloat(v);
      }
    }
    return TensorProto.newBuilder()
        .setName("w")
        .setDataType(type)
        .addDims(n)
        .setRawData(ByteString.copyFrom(raw.flip()))
        .build();
  }

  /** The float16 of a number that has one and is no denormal. */
  private static short half(float v) {
    int bits = Float.floatToRawIntBits(v);
    int exponent = ((bits >> 23) & 0xff) - 127 + 15;
    int sign = bits >>> 16 & 0x8000;
    return v == 0 ? (short) sign : (short) (sign | exponent << 10 | (bits >> 13 & 0x3ff));
  }

  @Test
  void shouldReadRealNumbersOfAllTypesAsFloat32() {
    for (int type :
        new int[] {
          TensorProto.DataType.FLOAT_VALUE,
          TensorProto.DataType.FLOAT16_VALUE,
          TensorProto.DataType.BFLOAT16_VALUE,
          TensorProto.DataType.DOUBLE_VALUE
        }) {
      // Few stay in the message, many are left in the file until they are read.
      for (int n : new int[] {5, 5000}) {
        GraphProto.Builder g = Protos.graph(Protos.value("x", type, -1, n), "y");
        g.addInitializer(weight(type, n)).addNode(Protos.node("Add", "y", "x", "w"));
        OnnxModel read = OnnxReader.read("m", Protos.model(g, 17).toByteArray());
        assertArrayEquals(quarters(n), read.weights().get("w").data());
      }
    }
  }

  /** Float16 as converters leave it: float32 in and out, casts around a half network. */
  @Test
  void shouldComputeAHalfModelInFloat32() {
    GraphProto.Builder g = Protos.graph(Protos.floats("x", -1, N), "y");
    int half = TensorProto.DataType.FLOAT16_VALUE;
    g.addInitializer(weight(half, N));
    g.addNode(Protos.node("Cast", "h", "x").addAttribute(Protos.integer("to", half)));
    g.addNode(Protos.node("Mul", "m", "h", "w"));
    g.addNode(Protos.node("Cast", "y", "m").addAttribute(Protos.integer("to", 1)));
    byte[] original = Protos.model(g, 17).toByteArray();
    OnnxModel read = OnnxReader.read("half", original);
    FloatTensor x = new FloatTensor(Shape.of(1, N), Protos.uniform("x", N));
    try (OnnxRunner theirs = OnnxRunner.open("half", original, 1);
        OnnxRunner ours =
            OnnxRunner.open("ours", OnnxWriter.bytes(read.graph(), read.weights()), 1)) {
      float[] exact = ours.run(Map.of("x", x)).get("y").data();
      float[] rounded = theirs.run(Map.of("x", x)).get("y").data();
      float[] w = quarters(N);
      for (int i = 0; i < N; i++) {
        assertEquals(x.data()[i] * w[i], exact[i]);
        assertEquals(exact[i], rounded[i], 2e-3 * Math.max(0.1, Math.abs(exact[i])));
      }
    }
  }

  /** As dynamic quantisation writes it: values and weights in whole numbers, scaled back. */
  @Test
  void shouldReadAnEightBitModelAsTheNetworkThatItApproximates() {
    GraphProto.Builder g = Protos.graph(Protos.floats("x", -1, 4), "y");
    g.addInitializer(
        TensorProto.newBuilder()
            .setName("w.int8")
            .setDataType(TensorProto.DataType.INT8_VALUE)
            .addDims(4)
            .addDims(2)
            .setRawData(ByteString.copyFrom(new byte[] {1, -2, 63, 4, -63, 6, 7, -8})));
    g.addInitializer(Protos.number("scale", 0.25f));
    g.addNode(
        Protos.node("DynamicQuantizeLinear", "q", "x").addOutput("q.scale").addOutput("q.zero"));
    g.addNode(Protos.node("MatMulInteger", "product", "q", "w.int8", "q.zero"));
    g.addNode(Protos.node("Cast", "real", "product").addAttribute(Protos.integer("to", 1)));
    g.addNode(Protos.node("Mul", "both", "q.scale", "scale"));
    g.addNode(Protos.node("Mul", "y", "real", "both"));
    byte[] original = Protos.model(g, 17).toByteArray();
    OnnxModel read = OnnxReader.read("eight", original);
    FloatTensor x = new FloatTensor(Shape.of(1, 4), new float[] {1, -0.5f, 0.25f, 2});
    try (OnnxRunner theirs = OnnxRunner.open("eight", original, 1);
        OnnxRunner ours =
            OnnxRunner.open("ours", OnnxWriter.bytes(read.graph(), read.weights()), 1)) {
      float[] exact = ours.run(Map.of("x", x)).get("y").data();
      // (1 - 31.5 - 15.75 + 14) / 4 and (-2 - 2 + 1.5 - 16) / 4
      assertArrayEquals(new float[] {-8.0625f, -4.625f}, exact, 1e-6f);
      assertArrayEquals(exact, theirs.run(Map.of("x", x)).get("y").data(), 0.1f);
    }
  }

  @Test
  void shouldRefuseOtherTypesByName() {
    GraphProto.Builder g = Protos.graph(Protos.floats("x", -1, 2), "y");
    g.addInitializer(
        TensorProto.newBuilder()
            .setName("codes")
            .setDataType(TensorProto.DataType.UINT8_VALUE)
            .addDims(2)
            .setRawData(ByteString.copyFrom(new byte[2])));
    byte[] model = Protos.model(g, 17).toByteArray();
    String message =
        assertThrows(ProblemException.class, () -> OnnxReader.read("m", model)).getMessage();
    assertTrue(message.contains("codes") && message.contains("UINT8"), message);
    assertFalse(message.contains("\n"), message);
  }
}
