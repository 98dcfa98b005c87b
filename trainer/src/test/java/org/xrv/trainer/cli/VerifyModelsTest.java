package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.converter.cli.XrvConvert;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.core.cli.CommandRun;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.Digests;
import org.xrv.core.peer.PeerPython;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.core.tensor.Safetensors;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.LocalZoo;

/** xrv-convert verify and torchscript with DJL on the class path, as bin/xrv-convert has it. */
class VerifyModelsTest {
  @TempDir Path folder;
  private Path model;
  private String out;
  private String err;

  @BeforeEach
  void write() {
    model = TinyPackage.write(folder.resolve("ae"));
  }

  private int run(Object... arguments) {
    CommandRun run = CommandRun.of(new XrvConvert(), arguments);
    out = run.out();
    err = run.err();
    return run.code();
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(out);
  }

  /** The tiny network with one convolution's weights made larger. */
  private Path disturbed(String layer, float factor) {
    Map<String, FloatTensor> tensors = new LinkedHashMap<>(TinyPackage.weights().tensors());
    FloatTensor good = tensors.get(layer);
    float[] bad = good.data().clone();
    for (int i = 0; i < bad.length; i++) {
      bad[i] *= factor;
    }
    tensors.put(layer, new FloatTensor(good.shape(), bad));
    Path file = folder.resolve("disturbed.onnx");
    OnnxWriter.write(TinyPackage.NETWORK.encoder(), new NamedTensors(tensors), file);
    return file;
  }

  @Test
  void shouldFindThatRuntimesAgreeAboutAPackage() throws IOException {
    assertEquals(0, run("verify", model), err);
    assertTrue(out.contains("they agree"), out);
    assertTrue(out.contains("PyTorch") && out.contains("ONNX Runtime"), out);
    assertEquals(0, run("verify", model, "--batches", "1,3", "--json"), err);
    JsonNode report = json();
    assertEquals(4, report.path("comparisons").size());
    assertEquals("encoder", report.at("/comparisons/0/network").asText());
    assertEquals(3, report.at("/comparisons/3/batch").asInt());
    assertTrue(report.at("/comparisons/0/cosine").asDouble() > 0.99999);
    assertTrue(report.path("worst").asDouble() > 0, "two runtimes do not round alike");
  }

  @Test
  void shouldCompareLayerByLayer() throws IOException {
    assertEquals(0, run("verify", model, "--layers", "--json"), err);
    JsonNode layers = json().path("layers");
    int nodes =
        TinyPackage.NETWORK.encoder().nodes().size() + TinyPackage.NETWORK.decoder().nodes().size();
    assertEquals(nodes, layers.size());
    assertTrue(json().path("parting").isNull());
    assertEquals(0, run("verify", model, "--layers"), err);
    assertTrue(out.contains("no node is beyond the limit"), out);
  }

  @Test
  void shouldNameTheNodeWhereTwoFilesPart() throws IOException {
    Path other = disturbed("layer2.0.conv2.weight", 1.01f);
    Path original = model.resolve("encoder.onnx");
    assertEquals(4, run("verify", other, "--against", original, "--layers"), out + err);
    assertTrue(out.contains("they part at node 'layer2.0.conv2' (Conv)"), out);
    assertTrue(out.contains("THEY DISAGREE"), out);
    assertEquals(4, run("verify", other, "--against", original, "--layers", "--json"));
    assertEquals("layer2.0.conv2", json().at("/parting/node").asText());
    assertEquals(0, run("verify", original, "--against", original), err);
    assertEquals(0, run("verify", model, "--against", model, "--layers"), err);
    assertEquals(0, run("verify", other, "--against", original, "--limit", "0.5"), out);
  }

  @Test
  void shouldGiveAThirdPartysPackageItsReport() throws IOException {
    LocalZoo zoo = new LocalZoo(folder.resolve("zoo"));
    ModelVersion version = ModelVersion.parse("ae-tiny:1.0.0");
    ProblemException refused = problem(zoo, version);
    assertEquals(ProblemKind.PARITY, refused.kind());
    assertTrue(refused.getMessage().contains("xrv-convert verify"), refused.getMessage());
    assertEquals(0, run("verify", model, "--write"), err);
    JsonNode written = new ObjectMapper().readTree(model.resolve("parity.json").toFile());
    assertEquals(
        "sha256:" + Digests.sha256(model.resolve("decoder.onnx")),
        written.at("/files/decoder.onnx").asText());
    assertTrue(zoo.push(model, version).isNew());
    Files.copy(
        disturbed("layer1.0.conv1.weight", 2),
        model.resolve("encoder.onnx"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    refused = problem(zoo, ModelVersion.parse("ae-tiny:1.0.1"));
    assertTrue(refused.getMessage().contains("another encoder.onnx"), refused.getMessage());
  }

  private ProblemException problem(LocalZoo zoo, ModelVersion version) {
    return org.junit.jupiter.api.Assertions.assertThrows(
        ProblemException.class, () -> zoo.push(model, version));
  }

  @Test
  void shouldRefuseBadUsageInOneLine() throws IOException {
    assertEquals(3, run("verify", folder.resolve("none")));
    assertEquals(2, run("verify", model, "--batches", "0"));
    assertEquals(2, run("verify", model, "--limit", "0"));
    assertEquals(2, run("verify", model, "--range", "1"));
    assertEquals(2, run("verify", model.resolve("encoder.onnx"), "--write"));
    assertEquals(
        3,
        run("verify", model.resolve("encoder.onnx"), "--against", model.resolve("decoder.onnx")));
    assertEquals(1, err.lines().count(), err);
    Path damaged = folder.resolve("damaged.onnx");
    Files.write(damaged, new byte[] {1, 2, 3});
    assertEquals(3, run("verify", damaged));
    assertEquals(1, err.lines().count(), err);
  }

  @Test
  void shouldWriteATorchScriptArchiveThatDjlLoads() throws IOException {
    Path file = folder.resolve("ae.pt");
    assertEquals(0, run("torchscript", model, "--out", file), err);
    assertEquals(file.toString(), out.strip());
    JsonNode report = new ObjectMapper().readTree(folder.resolve("ae.pt.parity.json").toFile());
    assertEquals("sha256:" + Digests.sha256(file), report.at("/files/ae.pt").asText());
    assertTrue(report.path("worst").asDouble() < 1e-5, report.toString());
    // The whole, encode and decode, each on two batches.
    assertEquals(6, report.path("comparisons").size(), report.toString());
    assertEquals(3, Set.copyOf(report.path("comparisons").findValuesAsText("network")).size(), out);
    byte[] first = Files.readAllBytes(file);
    assertEquals(0, run("torchscript", model, "--out", file), err);
    assertEquals(Digests.sha256(first), Digests.sha256(file));
    try (var files = Files.list(folder)) {
      assertFalse(files.anyMatch(f -> f.getFileName().toString().startsWith(".tmp-")));
    }
  }

  @Test
  void shouldWriteATorchScriptArchiveThatPythonLoads() throws Exception {
    PeerPython python = PeerPython.orSkip();
    assertEquals(0, run("torchscript", model, "--out", folder.resolve("ae.pt")), err);
    assertEquals(
        0,
        run("torchscript", model, "--role", "decoder", "--out", folder.resolve("decoder.pt")),
        err);
    NamedTensors weights = TinyPackage.weights();
    Safetensors.write(folder.resolve("weights.safetensors"), weights, Map.of());
    python.run(
        """
        import os, sys, torch
        from safetensors.torch import load_file
        os.chdir(sys.argv[1])
        net = torch.jit.load("ae.pt")
        decoder = torch.jit.load("decoder.pt")
        x = torch.rand(2, 1, 32, 32) * 2048 - 1024
        with torch.no_grad():
            z = net.encode(x)
            y = net(x)
            assert torch.equal(y, net.decode(z)) and torch.equal(y, decoder(z))
        assert y.shape == x.shape and y.abs().max() > 0
        state = net.state_dict()
        given = load_file("weights.safetensors")
        assert state.keys() == given.keys(), set(state) ^ set(given)
        for name, value in given.items():
            assert torch.equal(state[name], value), name
        assert len(list(net.parameters())) > 100 and not net.training
        # A state dict of it fits the networks that people have in Python.
        net.load_state_dict(given)
        torch.jit.save(net, "again.pt")
        assert torch.equal(torch.jit.load("again.pt")(x), y)
        """,
        folder);
  }

  @Test
  void shouldSayHowToGetWhatIsNotBuilt() {
    assertEquals(2, run("samediff", model, "--out", folder.resolve("ae.fb")));
    assertTrue(err.contains("-Psamediff"), err);
    assertEquals(1, err.lines().count(), err);
    assertEquals(2, run("torchscript", model, "--role", "model", "--out", folder.resolve("x.pt")));
    assertTrue(err.contains("[encoder, decoder]"), err);
  }
}
