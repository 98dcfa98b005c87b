package org.xrv.converter.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.onnx.global.onnx;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.converter.composition.SmallNetworks;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.cli.CommandRun;
import org.xrv.core.golden.GoldenNetworks;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Op;
import org.xrv.core.io.Digests;

/** Packages and files in, a proven gradient out; else one line and no file. */
class GradientCommandTest {
  @TempDir Path folder;
  private String out;
  private String err;
  private String autoencoder;
  private String classifier;

  @BeforeEach
  void write() throws IOException {
    autoencoder = SmallNetworks.autoencoderPackage(folder.resolve("ae")).toString();
    classifier = SmallNetworks.classifierPackage(folder.resolve("f")).toString();
  }

  private int run(String... args) {
    CommandRun run = CommandRun.of(new XrvConvert(), (Object[]) args);
    out = run.out();
    err = run.err();
    return run.code();
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private Path saved(String name, Graph graph) {
    Path file = folder.resolve(name);
    OnnxWriter.write(graph, GoldenNetworks.formula(graph, 1), file);
    return file;
  }

  private void refused(int code, String message, String... args) throws IOException {
    assertEquals(code, run(args), err);
    assertEquals(1, err.lines().count(), err);
    assertTrue(err.contains(message), err);
    try (Stream<Path> files = Files.list(folder)) {
      assertFalse(
          files.anyMatch(f -> f.toString().contains("g.onnx") || f.toString().endsWith("json")),
          "something was left behind");
    }
  }

  @Test
  void shouldWriteTheGradientOfDecoderAndClassifierWithItsProof() throws IOException {
    String file = file("g.onnx");
    assertEquals(
        0,
        run("gradient", "--decoder", autoencoder, "--classifier", classifier, "--out", file),
        err);
    assertTrue(out.contains("takes target [N] int64"), out);
    assertTrue(out.contains("gives d_z [Nx16x1x1]"), out);
    onnx.check_model(file, true, false, false);
    try (OnnxRunner runner = OnnxRunner.open(Path.of(file), 1)) {
      assertEquals("Effusion,Cardiomegaly,Mass", runner.metadata().get("targets"));
      assertEquals("prediction", runner.metadata().get("gradient_of"));
    }
    JsonNode report = new ObjectMapper().readTree(folder.resolve("g.parity.json").toFile());
    assertTrue(report.get("passed").asBoolean());
    assertEquals(3, report.get("directions").size());
    assertEquals("sha256:" + Digests.sha256(Path.of(file)), report.at("/files/g.onnx").asText());
    assertTrue(report.get("worstDirection").asDouble() < 1e-4);
  }

  @Test
  void shouldWriteGradientsOfAClassifierAlone() throws IOException {
    String file = file("guided.onnx");
    assertEquals(
        0,
        run(
            "gradient",
            "--classifier",
            classifier,
            "--target",
            "MASS",
            "--guided",
            "--json",
            "--out",
            file),
        err);
    onnx.check_model(file, true, false, false);
    JsonNode result = new ObjectMapper().readTree(out);
    assertEquals("[\"image\"]", result.get("inputs").toString());
    assertEquals(
        "[\"outputs\",\"output\",\"prediction\",\"d_image\"]", result.get("outputs").toString());
    assertEquals(Files.size(Path.of(file)), result.get("bytes").asLong());
    try (OnnxRunner runner = OnnxRunner.open(Path.of(file), 1)) {
      assertEquals("Mass", runner.metadata().get("target"));
      assertEquals("guided", runner.metadata().get("gradient_rule"));
    }
    // An ONNX file beside packages, of other range, resolution and channels.
    GraphBuilder b = new GraphBuilder("lone");
    String x = b.relu("r", b.conv("c", b.input("x", 3, 40, 24), 4, 3, 2, 1));
    x = b.node("f", new Op.Flatten(1), b.node("g", new Op.GlobalAveragePool(), x));
    String lone = saved("lone.onnx", b.build(b.linear("l", x, 2))).toString();
    assertEquals(
        0,
        run(
            "gradient",
            "--decoder",
            autoencoder,
            "--classifier",
            lone,
            "--targets=" + Files.writeString(folder.resolve("names.txt"), "A\nB\n"),
            "--target=b",
            "--classifier-range=0,1",
            "--out",
            file),
        err);
  }

  @Test
  void shouldRefuseWhatCannotBeDifferentiatedOrFound() throws IOException {
    String g = file("g.onnx");
    refused(
        2,
        "no target 'Cardiomegali'; did you mean 'Cardiomegaly'?; it has: Effusion,",
        "gradient",
        "--classifier",
        classifier,
        "--target",
        "Cardiomegali",
        "--out",
        g);
    GraphBuilder two = new GraphBuilder("two");
    String a = two.input("a", 1, 8, 8);
    String both = two.node("s", new Op.Add(), a, two.input("b", 1, 8, 8));
    Path file = saved("two.onnx", two.build(two.node("f", new Op.Flatten(1), both)));
    refused(
        3,
        "the classifier has the inputs [a",
        "gradient",
        "--classifier",
        file.toString(),
        "--out",
        g);
    GraphBuilder table = new GraphBuilder("table");
    file = saved("table.onnx", table.build(table.linear("l", table.input("x", 5), 2)));
    refused(3, "which is no image", "gradient", "--classifier", file.toString(), "--out", g);
    GraphBuilder still = new GraphBuilder("still");
    String image = still.input("x", 1, 4, 4);
    String sign = still.node("sign", new Op.Sign(), image);
    file = saved("still.onnx", still.build(still.node("f", new Op.Flatten(1), sign)));
    refused(
        3, "does not depend on 'image'", "gradient", "--classifier", file.toString(), "--out", g);
    GraphBuilder crowd = new GraphBuilder("crowd");
    String flat = crowd.node("f", new Op.Flatten(1), crowd.input("x", 1, 2, 2));
    String mean = crowd.node("mean", new Op.ReduceMean(List.of(0), true), flat);
    file = saved("crowd.onnx", crowd.build(crowd.node("minus", new Op.Sub(), flat, mean)));
    refused(
        3,
        "node 'classifier.mean': there is no gradient rule for reducing over the batch",
        "gradient",
        "--classifier",
        file.toString(),
        "--out",
        g);
    refused(3, "no such model file", "gradient", "--classifier", file("none.onnx"), "--out", g);
    refused(
        2, "is a model of kind autoencoder", "gradient", "--classifier", autoencoder, "--out", g);
    refused(
        2,
        "itself states",
        "gradient",
        "--classifier",
        classifier,
        "--classifier-range=0,1",
        "--out",
        g);
    refused(
        2, "expected FILE.onnx", "gradient", "--classifier", classifier, "--out", file("g.txt"));
  }
}
