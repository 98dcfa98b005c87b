package org.xrv.samediff.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.xrv.converter.cli.XrvConvert;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.converter.verify.Parity;
import org.xrv.converter.verify.ParityInputs;
import org.xrv.converter.verify.ParityReport;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.cli.CommandRun;
import org.xrv.core.graph.Graph;
import org.xrv.core.tensor.NamedTensors;

/** SameDiff as a witness, and files of it, on a tiny autoencoder. */
class SameDiffFilesTest {
  private static final Graph GRAPH =
      new ResNetAutoencoder(50, new LatentShape(16, 1), 0.0625, 32).autoencoder();
  private static final NamedTensors WEIGHTS = Initialization.PYTORCH.weights(GRAPH, 1);
  @TempDir Path folder;
  private String out;
  private String err;

  private int run(Object... arguments) {
    CommandRun run = CommandRun.of(new XrvConvert(), arguments);
    out = run.out();
    err = run.err();
    return run.code();
  }

  @Test
  void shouldAgreeWithOnnxRuntime() {
    Path file = folder.resolve("ae.onnx");
    OnnxWriter.write(GRAPH, WEIGHTS, file);
    for (ParityReport.Comparison c :
        Parity.withFile(new SameDiffParity(), GRAPH, WEIGHTS, file, ParityInputs.images(32))) {
      assertTrue(c.maxRelative() < 1e-5 && c.maxRelative() > 0, c.toString());
    }
  }

  @Test
  void shouldBeFoundByVerify() {
    Path file = folder.resolve("ae.onnx");
    OnnxWriter.write(GRAPH, WEIGHTS, file);
    assertEquals(0, run("verify", file, "--layers"), err);
    assertTrue(out.startsWith("reference: PyTorch"), out);
    assertTrue(out.contains("ONNX Runtime") && out.contains("SameDiff 1.0.0-M2.1"), out);
    assertTrue(out.contains("no node is beyond the limit"), out);
  }

  @Test
  void shouldSaveWhatDeeplearning4jLoads() throws IOException {
    Path model = folder.resolve("ae.onnx");
    Path file = folder.resolve("ae.fb");
    OnnxWriter.write(GRAPH, WEIGHTS, model);
    assertEquals(0, run("samediff", model, "--out", file), err);
    assertTrue(err.contains("worst difference"), err);
    assertTrue(Files.readString(folder.resolve("ae.fb.parity.json")).contains("\"ae.fb\""));
    // As a user of Deeplearning4j has it: nothing of this project.
    SameDiff loaded = SameDiff.load(file.toFile(), true);
    assertEquals(List.of("image"), loaded.inputs());
    INDArray images = Nd4j.rand(5, 1, 32, 32);
    Map<String, INDArray> made = loaded.output(Map.of("image", images), "z", "reconstruction");
    assertEquals(
        List.of(5L, 16L, 1L, 1L), java.util.Arrays.stream(made.get("z").shape()).boxed().toList());
    assertEquals(5, made.get("reconstruction").size(0));
    assertTrue(loaded.hasVariable("conv1.weight"));
  }

  @Test
  void shouldRefuseWhatSameDiffCannotExpress() {
    Path model = folder.resolve("ae.onnx");
    var b = new org.xrv.core.graph.GraphBuilder("pool");
    String x = b.input("x", 1, 8, 8);
    List<Integer> two = List.of(2, 2);
    var pool = new org.xrv.core.graph.Op.MaxPool(two, two, List.of(0, 0, 0, 0));
    b.node(new org.xrv.core.graph.Node("pooled", pool, List.of(x), List.of("y", "places")));
    OnnxWriter.write(b.build("y"), new NamedTensors(Map.of()), model);
    assertEquals(3, run("samediff", model, "--out", folder.resolve("x.fb")));
    assertTrue(err.contains("'pooled' (MaxPool)"), err);
    assertEquals(1, err.lines().count(), err);
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count(), "nothing is left behind");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
