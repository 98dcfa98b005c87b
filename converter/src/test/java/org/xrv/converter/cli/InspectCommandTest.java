package org.xrv.converter.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.converter.composition.SmallNetworks;
import org.xrv.converter.onnx.OnnxForm;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.cli.CommandRun;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Op;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.core.tensor.Safetensors;

/** {@code xrv-convert inspect} as a user runs it. */
class InspectCommandTest {
  @TempDir Path folder;
  private String out;
  private String err;

  private int run(Object... arguments) {
    CommandRun run = CommandRun.of(new XrvConvert(), arguments);
    out = run.out();
    err = run.err();
    return run.code();
  }

  /** [1, 8, 8] to 4 channels of half the size, then to 3 numbers. */
  private static Graph network() {
    GraphBuilder b = new GraphBuilder("small");
    String x = b.conv("first", b.input("image", 1, 8, 8), 4, 3, 2, 1);
    x = b.relu("relu", b.batchNorm("norm", x));
    x = b.node("flat", new Op.Flatten(1), x);
    return b.metadata("note", "for research").build(b.linear("head", x, 3));
  }

  private Path model(OnnxForm form) {
    Path file = folder.resolve("small.onnx");
    NamedTensors weights = Initialization.PYTORCH.weights(network(), 1);
    OnnxWriter.write(network(), weights, file, form);
    return file;
  }

  @Test
  void shouldPrintATableOfLayers() {
    assertEquals(0, run("inspect", model(OnnxForm.opset(18)).toString()), err);
    assertTrue(out.contains("opset 18, IR version 8, written by xrv"), out);
    assertTrue(out.contains("image  FLOAT  batch x 1 x 8 x 8"), out);
    assertTrue(out.contains("head  FLOAT  batch x 3"), out);
    assertTrue(out.contains("note: for research"), out);
    // 4 x 4 x 4 outputs of 9 products each; 64 x 3 products; 4 numbers for each channel
    assertTrue(out.matches("(?s).*first +Conv +\\[Nx4x4x4\\] +36 +576\\R.*"), out);
    assertTrue(out.matches("(?s).*norm +BatchNormalization +\\[Nx4x4x4\\] +16\\R.*"), out);
    assertTrue(out.matches("(?s).*head +Gemm +\\[Nx3\\] +195 +192\\R.*"), out);
    assertTrue(out.matches("(?s).*total +247 +768\\R.*"), out);
    assertTrue(out.contains("239 trainable"), out);
    assertFalse(out.contains("Relu   "), out);
    assertEquals(0, run("inspect", "--all", model(OnnxForm.opset(18)).toString()), err);
    assertTrue(out.matches("(?s).*relu +Relu +\\[Nx4x4x4\\]\\R.*"), out);
  }

  @Test
  void shouldPrintTheSameAsJson() throws IOException {
    Path file = model(OnnxForm.opset(17).withExternalWeights());
    assertEquals(0, run("inspect", "--json", file.toString()), err);
    JsonNode json = new ObjectMapper().readTree(out);
    assertEquals(17, json.path("opset").asInt());
    assertEquals(768, json.path("multiplyAdds").asLong());
    assertEquals(247, json.path("parameters").asLong());
    assertEquals(4 * 247, json.path("weightBytes").asLong());
    assertEquals(5, json.path("layers").size());
    assertEquals("Conv", json.path("layers").path(0).path("op").asText());
    assertEquals("for research", json.path("metadata").path("note").asText());
    assertEquals("batch x 1 x 8 x 8", json.path("inputs").path(0).path("shape").asText());
  }

  @Test
  void shouldListTheTensorsOfSafetensors() throws IOException {
    Path file = folder.resolve("small.safetensors");
    Safetensors.write(file, Initialization.PYTORCH.weights(network(), 1), Map.of("of", "small"));
    assertEquals(0, run("inspect", file.toString()), err);
    assertTrue(out.matches("(?s).*head.weight +\\[3x64\\] +192 +768\\R.*"), out);
    assertTrue(out.contains("of: small"), out);
    assertEquals(0, run("inspect", "--json", file.toString()), err);
    assertEquals(247, new ObjectMapper().readTree(out).path("values").asLong());
  }

  @Test
  void shouldKnowFilesByTheirBytesAndPackagesByTheirDescription() throws IOException {
    Path file = folder.resolve("wrong.pt");
    Safetensors.write(file, Initialization.PYTORCH.weights(network(), 1), Map.of());
    assertEquals(0, run("inspect", file), err);
    assertTrue(out.contains("safetensors"), out);
    Path model = SmallNetworks.autoencoderPackage(folder.resolve("ae"));
    assertEquals(0, run("inspect", model), err);
    assertTrue(out.contains("encoder.onnx: ONNX") && out.contains("decoder.onnx: ONNX"), out);
    assertEquals(0, run("inspect", model, "--json"), err);
    JsonNode networks = new ObjectMapper().readTree(out).path("networks");
    assertEquals("onnx", networks.at("/decoder/format").asText());
    Files.writeString(folder.resolve("notes.txt"), "nothing of this kind");
    assertEquals(2, run("inspect", folder.resolve("notes.txt")));
    assertTrue(err.contains("is no model file by its name or its first bytes"), err);
  }

  @Test
  void shouldSayWhatItCannotRead() throws IOException {
    assertEquals(3, run("inspect", folder.resolve("none.onnx").toString()));
    assertTrue(err.contains("none.onnx: no such model file") && err.lines().count() == 1, err);
    Path bad = folder.resolve("bad.onnx");
    Files.write(bad, new byte[] {1, 2, 3});
    assertEquals(3, run("inspect", bad.toString()));
    assertTrue(err.contains("not an ONNX model") && err.lines().count() == 1, err);
    assertEquals(2, run("inspect"));
  }
}
