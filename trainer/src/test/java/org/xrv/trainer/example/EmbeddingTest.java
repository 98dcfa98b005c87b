package org.xrv.trainer.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.repository.zoo.Criteria;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.converter.torchscript.TorchScriptModule;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.Digests;
import org.xrv.core.random.KeyedRandom;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Published;

/** Programs of others load models of the zoo: by DJL's model URLs, and as plain ONNX files. */
class EmbeddingTest {
  private static final int SIDE = 32;
  private static final ResNetAutoencoder NETWORK =
      new ResNetAutoencoder(50, new LatentShape(16, 1), 0.0625, SIDE);

  @TempDir Path folder;
  private LocalZoo zoo;
  private Published published;
  private float[] pixels;

  @BeforeEach
  void publish() throws IOException {
    Path directory = Files.createDirectories(folder.resolve("package"));
    NamedTensors weights = Initialization.PYTORCH.weights(NETWORK.autoencoder(), 3);
    OnnxWriter.write(NETWORK.encoder(), weights, directory.resolve("encoder.onnx"));
    OnnxWriter.write(NETWORK.decoder(), weights, directory.resolve("decoder.onnx"));
    TorchScriptModule.write(
        Map.of(TorchScriptModule.FORWARD, NETWORK.encoder()),
        weights,
        directory.resolve("encoder.pt"));
    Files.writeString(directory.resolve("xrv-model.json"), "{\"format\": 1}");
    Map<String, String> digests = new LinkedHashMap<>();
    for (String file : List.of("encoder.onnx", "decoder.onnx")) {
      digests.put(file, "\"sha256:" + Digests.sha256(directory.resolve(file)) + "\"");
    }
    Files.writeString(
        directory.resolve("parity.json"),
        "{\"limit\": 1e-4, \"worst\": 1e-6, \"files\": {%s}}"
            .formatted(
                digests.entrySet().stream()
                    .map(e -> "\"" + e.getKey() + "\": " + e.getValue())
                    .collect(Collectors.joining(", "))));
    zoo = new LocalZoo(folder.resolve("zoo"));
    published = zoo.push(directory, ModelVersion.parse("lab/ae:1.2.0"));
    zoo.push(directory, ModelVersion.parse("ae:1.0.0"));
    KeyedRandom random = KeyedRandom.of(1, "pixels");
    pixels = new float[SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) (random.nextDouble() * 2048 - 1024);
    }
  }

  private String url(String reference, String more) {
    String root = URLEncoder.encode(zoo.root().toString(), StandardCharsets.UTF_8);
    return "xrv://" + reference + "?zoo=" + root + more;
  }

  @Test
  void shouldLoadByUrlAndPredict() throws Exception {
    float[] expected = EncodeWithOnnxRuntime.encode(zoo, "ae:1.0.0", pixels, SIDE);
    assertEquals(16, expected.length);
    for (String reference :
        List.of("ae:1.0.0", "ae", "lab/ae:1.2.0", "lab/ae:1.2@" + published.digest())) {
      assertArrayEquals(
          expected, EncodeWithDjl.run(url(reference, ""), "OnnxRuntime", pixels, SIDE), reference);
    }
    float[] torch = EncodeWithDjl.run(url("ae:1.0.0", ""), "PyTorch", pixels, SIDE);
    assertArrayEquals(expected, torch, 1e-4f * largest(expected));
  }

  private static float largest(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  @Test
  void shouldLoadTheNetworkThatTheUrlNames() throws Exception {
    float[] z = EncodeWithDjl.run(url("ae", "&network=encoder"), "OnnxRuntime", pixels, SIDE);
    assertEquals(16, z.length);
    Criteria<ai.djl.ndarray.NDList, ai.djl.ndarray.NDList> criteria =
        Criteria.builder()
            .setTypes(ai.djl.ndarray.NDList.class, ai.djl.ndarray.NDList.class)
            .optModelUrls(url("ae", "&network=decoder"))
            .optEngine("OnnxRuntime")
            .build();
    try (var model = criteria.loadModel();
        var predictor = model.newPredictor();
        var manager = model.getNDManager().newSubManager()) {
      var shape = new ai.djl.ndarray.types.Shape(1, 16, 1, 1);
      var decoded = predictor.predict(new ai.djl.ndarray.NDList(manager.create(z, shape)));
      assertEquals(SIDE * SIDE, decoded.singletonOrThrow().toFloatArray().length);
    }
  }

  private ProblemException refused(String url) {
    return assertThrows(
        ProblemException.class, () -> EncodeWithDjl.run(url, "OnnxRuntime", pixels, SIDE));
  }

  @Test
  void shouldSayWhatIsWrongWithAUrl() {
    assertEquals(ProblemKind.NOT_FOUND, refused(url("ae:9.9.9", "")).kind());
    ProblemException e = refused(url("ae", "&network=encodr"));
    assertEquals(ProblemKind.NOT_FOUND, e.kind());
    assertTrue(e.getMessage().contains("did you mean 'encoder'?"), e.getMessage());
    assertEquals(ProblemKind.USAGE, refused(url("ae", "&net=decoder")).kind());
    assertEquals(ProblemKind.USAGE, refused(url("ae", "&network=../x")).kind());
  }

  @Test
  void shouldBeWhatTheDocumentationShows() throws IOException, OrtException {
    Path project = Path.of(System.getProperty("xrv.project"));
    String page = Files.readString(project.resolve("docs/embedding.md"));
    for (String example : List.of("EncodeWithDjl", "EncodeWithOnnxRuntime")) {
      String source =
          Files.readString(
              project.resolve(
                  "trainer/src/test/java/org/xrv/trainer/example/" + example + ".java"));
      String code =
          source
              .substring(source.indexOf("  // example\n") + "  // example\n".length())
              .replaceAll("(?s)  // end of the example\n.*", "")
              .indent(-2);
      assertTrue(page.contains("```java\n" + code + "```"), "docs/embedding.md has\n" + code);
    }
  }
}
