package org.xrv.converter.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.converter.verify.OnnxRuntimeParity;
import org.xrv.converter.verify.ParityRuntime;
import org.xrv.core.architecture.DenseNet;
import org.xrv.core.architecture.DenseNetSize;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.cli.CommandRun;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Shape;
import org.xrv.core.modelpackage.BillOfMaterials;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelKind;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.modelpackage.OutputKind;
import org.xrv.core.random.KeyedRandom;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.core.tensor.Safetensors;

/**
 * Weights in, packages out, and back, as a user runs it; with networks of some thousand weights.
 */
class ConvertedWeightsTest {
  private static final ResNetAutoencoder AUTOENCODER =
      new ResNetAutoencoder(50, new LatentShape(64, 2), 0.125, 64);
  private static final DenseNet CLASSIFIER = DenseNetSize.named("densenet-tiny").network(4, 64);
  private static final float[] POINTS = {0.1f, Float.NaN, 0, 0.7f};

  @TempDir Path folder;
  private Path file;
  private String out;
  private String err;

  @BeforeEach
  void write() {
    file = folder.resolve("ae.safetensors");
    write(file, Initialization.PYTORCH.weights(AUTOENCODER.autoencoder(), 1).tensors(), Map.of());
  }

  private static void write(
      Path to, Map<String, FloatTensor> tensors, Map<String, String> metadata) {
    Safetensors.write(to, new NamedTensors(tensors), metadata);
  }

  private int run(Object... arguments) {
    CommandRun run = CommandRun.of(new XrvConvert(), arguments);
    out = run.out();
    err = run.err();
    return run.code();
  }

  private static FloatTensor images(Graph graph) {
    Shape shape = graph.input().shape();
    FloatTensor images = FloatTensor.zeros(Shape.of(2, 1, shape.dim(2), shape.dim(3)));
    KeyedRandom random = KeyedRandom.of(1, "images");
    for (int i = 0; i < images.data().length; i++) {
      images.data()[i] = (float) random.nextDouble(-1024, 1024);
    }
    return images;
  }

  private static float[] run(Path network, FloatTensor input) {
    try (OnnxRunner runner = OnnxRunner.open(network, 1)) {
      return runner
          .run(Map.of(runner.inputs().iterator().next(), input))
          .values()
          .iterator()
          .next()
          .data();
    }
  }

  @Test
  void shouldMakeAPackageOfAnAutoencoder() throws IOException {
    Path made = folder.resolve("made");
    assertEquals(
        0, run("torch", file, "--bottleneck", 256, "--resolution", 64, "--out", made), err);
    assertEquals(made.toString(), out.strip());
    assertTrue(err.contains("differ by"), err);
    ModelPackage found = ModelPackage.read(made);
    assertEquals(ModelKind.AUTOENCODER, found.description().kind());
    assertEquals("64x2x2", found.description().architecture().get("latent"));
    assertEquals(50, found.description().architecture().get("depth"));
    assertEquals(0.125, found.description().architecture().get("width"));
    JsonNode parity = new ObjectMapper().readTree(made.resolve(ModelPackage.PARITY).toFile());
    assertTrue(parity.path("passed").asBoolean());
    assertEquals(4, parity.path("comparisons").size());
    JsonNode provenance =
        new ObjectMapper().readTree(made.resolve(ModelPackage.PROVENANCE).toFile());
    assertEquals(
        "ae.safetensors",
        provenance.at("/predicate/buildDefinition/externalParameters/importedFrom/name").asText());
    JsonNode bill =
        new ObjectMapper().readTree(made.resolve(ModelPackage.BILL_OF_MATERIALS).toFile());
    assertEquals(Set.of("encoder.onnx", "decoder.onnx"), BillOfMaterials.digests(bill).keySet());

    Graph graph = AUTOENCODER.autoencoder();
    FloatTensor images = images(graph);
    FloatTensor expected;
    try (ParityRuntime.Session session =
        new OnnxRuntimeParity().open(graph, Initialization.PYTORCH.weights(graph, 1))) {
      expected = session.run(List.of(images)).get(0);
    }
    float[] z = run(found.file(ModelDescription.ENCODER), images);
    float[] y =
        run(found.file(ModelDescription.DECODER), new FloatTensor(Shape.of(2, 64, 2, 2), z));
    for (int i = 0; i < y.length; i++) {
      assertEquals(expected.data()[i], y[i], 1e-4);
    }
  }

  @Test
  void shouldGiveTheWeightsBackAsSafetensors() {
    Path made = folder.resolve("made");
    assertEquals(0, run("torch", file, "--latent=64x2x2", "--resolution=64", "--out", made), err);
    Path back = folder.resolve("back.safetensors");
    assertEquals(0, run("safetensors", made, "--out", back), err);
    Safetensors.Content read = Safetensors.read(back);
    NamedTensors weights = Initialization.PYTORCH.weights(AUTOENCODER.autoencoder(), 1);
    assertEquals(weights.names(), read.tensors().names());
    weights
        .tensors()
        .forEach(
            (n, t) ->
                assertTrue(java.util.Arrays.equals(t.data(), read.tensors().get(n).data()), n));
    // It says itself what its grid is
    assertEquals(0, run("torch", back, "--resolution=64", "--out", folder.resolve("again")), err);
    Path one = folder.resolve("encoder.safetensors");
    assertEquals(0, run("safetensors", made.resolve("encoder.onnx"), "--out", one), err);
    assertTrue(Safetensors.read(one).tensors().names().contains("conv1.weight"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--bottleneck=256 --depth=101 | is not of depth 101; --depth 50 would fit",
        "--bottleneck=100 | do not fit a bottleneck of 100; would fit: --bottleneck 256 (64x2x2)",
        "--latent=128x2x2 | do not fit z of 128x2x2; would fit: --bottleneck 256 (64x2x2)",
        "--depth=50 | do not tell its grid; would fit: --bottleneck 256 (64x2x2), --bottleneck 64",
        "--bottleneck=256 --depth=77 | is not of depth 77; --depth 50 would fit",
        "--bottleneck=256 --targets=a,b | --targets is not for autoencoders",
        "--arch=densenet121 | is no DenseNet; it seems to be an autoencoder of depth 50",
        "--arch=densenet12 | no architecture 'densenet12'; did you mean 'densenet121'?",
      })
  void shouldSayWhatWouldFit(String options, String message) {
    Path made = folder.resolve("made");
    Object[] arguments =
        Stream.concat(
                Stream.of("torch", file, "--resolution=64", "--out", made),
                Stream.of(options.split(" ")))
            .toArray();
    int code = run(arguments);
    assertTrue(code == 2 || code == 3, code + " " + err);
    assertTrue(err.contains(message), err);
    assertEquals(1, err.strip().lines().count(), err);
    assertFalse(Files.exists(made));
  }

  @Test
  void shouldListWhatDoesNotFit() {
    Map<String, FloatTensor> tensors =
        new LinkedHashMap<>(Initialization.PYTORCH.weights(AUTOENCODER.autoencoder(), 1).tensors());
    tensors.remove("bn1.bias");
    tensors.put("layer2.0.bn1.weight", FloatTensor.zeros(Shape.of(3)));
    tensors.put("optimizer.lr", FloatTensor.zeros(Shape.of(1)));
    write(file, tensors, Map.of());
    assertEquals(
        3, run("torch", file, "--bottleneck=256", "--resolution=64", "--out", folder.resolve("x")));
    assertTrue(err.contains("1 missing (bn1.bias)"), err);
    assertTrue(err.contains("1 of another shape (layer2.0.bn1.weight [3] instead of [16])"), err);
    assertTrue(err.contains("1 unknown to it (optimizer.lr)"), err);
    assertEquals(1, err.strip().lines().count(), err);
  }

  @Test
  void shouldRefuseWeightsThatAreNoNumbers() {
    Map<String, FloatTensor> tensors =
        new LinkedHashMap<>(Initialization.PYTORCH.weights(AUTOENCODER.autoencoder(), 1).tensors());
    tensors.put("bn1.bias", FloatTensor.filled(Shape.of(8), Float.NaN));
    write(file, tensors, Map.of());
    assertEquals(
        3, run("torch", file, "--bottleneck=256", "--resolution=64", "--out", folder.resolve("x")));
    assertTrue(err.contains("tensor 'bn1.bias' holds NaN"), err);
  }

  @Test
  void shouldNotWriteOverAnything() throws IOException {
    Path made = Files.createDirectory(folder.resolve("made"));
    assertEquals(2, run("torch", file, "--bottleneck=256", "--resolution=64", "--out", made));
    assertTrue(err.contains("exists already"), err);
  }

  /** The published formula, value by value. */
  private static float normalized(float logit, float t) {
    float p = (float) (1 / (1 + Math.exp(-logit)));
    return Float.isNaN(t) ? 0.5f : p < t ? p / (2 * t) : 1 - (1 - p) / (2 * (1 - t));
  }

  private Path classifier() {
    Map<String, FloatTensor> tensors =
        new LinkedHashMap<>(Initialization.PYTORCH.weights(CLASSIFIER.graph(), 1).tensors());
    tensors.computeIfPresent(
        DenseNet.LAST_BIAS, (n, t) -> new FloatTensor(t.shape(), new float[] {-9, 2, 0, 9}));
    tensors.put("op_threshs", new FloatTensor(Shape.of(4), POINTS));
    Path classifier = folder.resolve("classifier.pt"); // known by its bytes
    write(classifier, tensors, Map.of("targets", "Effusion,,Mass,Hernia"));
    return classifier;
  }

  @Test
  void shouldPutOperatingPointsIntoTheGraph() throws IOException {
    Path made = folder.resolve("made");
    assertEquals(0, run("--json", "torch", classifier(), "--resolution", 64, "--out", made), err);
    JsonNode json = new ObjectMapper().readTree(out);
    assertEquals("classifier", json.path("kind").asText());
    assertEquals("", json.path("targets").path(1).asText());
    ModelPackage found = ModelPackage.read(made);
    assertEquals(List.of("Effusion", "", "Mass", "Hernia"), found.description().targets());
    assertEquals(OutputKind.PROBABILITIES, found.description().outputs());
    assertTrue(Files.readString(made.resolve(ModelPackage.CARD)).contains("Effusion, -, Mass"));

    Path plain = folder.resolve("plain");
    Map<String, FloatTensor> tensors =
        new LinkedHashMap<>(Safetensors.read(folder.resolve("classifier.pt")).tensors().tensors());
    tensors.remove("op_threshs");
    write(file, tensors, Map.of());
    assertEquals(
        0, run("torch", file, "--targets=a,b,c,d", "--resolution=64", "--out", plain), err);
    assertTrue(err.contains("the outputs are logits"), err);
    FloatTensor images = images(CLASSIFIER.graph());
    float[] logits = run(plain.resolve("model.onnx"), images);
    float[] outputs = run(made.resolve("model.onnx"), images);
    for (int i = 0; i < logits.length; i++) {
      assertEquals(normalized(logits[i], POINTS[i % 4]), outputs[i], 1e-6);
    }
    // Both lines were taken
    assertTrue(outputs[0] < 0.5 && outputs[3] > 0.5, outputs[0] + " " + outputs[3]);

    // Nothing is lost on the way through safetensors, and what the user says goes before the file
    Path back = folder.resolve("back.safetensors");
    Path again = folder.resolve("again");
    assertEquals(0, run("safetensors", made, "--out", back), err);
    assertEquals(0, run("torch", back, "--resolution=64", "--out", again), err);
    assertEquals(found.description().targets(), ModelPackage.read(again).description().targets());
    assertEquals(-1, Files.mismatch(made.resolve("model.onnx"), again.resolve("model.onnx")));
    Path said = Files.writeString(folder.resolve("points.txt"), "nan\n0.5\n0.5\n0.5\n");
    assertEquals(
        0,
        run(
            "torch",
            back,
            "--resolution=64",
            "--operating-points",
            said,
            "--out",
            folder.resolve("said")),
        err);
    float[] other = run(folder.resolve("said").resolve("model.onnx"), images);
    assertEquals(0.5f, other[0]);
    assertEquals(normalized(logits[1], 0.5f), other[1], 1e-6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--targets=a,b,c | --targets has 3 names for 4 outputs",
        "--operating-points=0.1,0.2 | 2 operating points for the 4 outputs",
        "--operating-points=0.1,x,0.2,0.3 | operating point 'x' is no number",
        "--operating-points=0.1,1,0.2,0.3 | operating point 1.0; expected a probability in [0, 1)",
        "--depth=50 | --depth is not for classifiers",
        "--arch=densenet121 | does not fit the DenseNet with blocks [6, 12, 24, 16], growth 32",
        "--arch=resnet-ae | is no autoencoder; it seems to be a DenseNet with blocks [3, 6, 6]",
      })
  void shouldRefuseWhatAClassifierDoesNotHave(String option, String message) {
    int code = run("torch", classifier(), "--resolution=64", "--out", folder.resolve("x"), option);
    assertTrue(code == 2 || code == 3, code + " " + err);
    assertTrue(err.contains(message), err);
    assertEquals(1, err.strip().lines().count(), err);
  }

  /** What the user says wrongly is his, what the file says wrongly is the file's. */
  @ParameterizedTest
  @CsvSource({"1", "x", "'0.1,0.2'"})
  void shouldTellWhoseOperatingPointsAreBad(String point) {
    String points = point.contains(",") ? point : point + ",0.2,0.3,0.4";
    String out = "--out=" + folder.resolve("x");
    assertEquals(
        2, run("torch", classifier(), "--resolution=64", out, "--operating-points=" + points));
    assertFalse(err.contains("internal"), err);
    write(
        file,
        Initialization.PYTORCH.weights(CLASSIFIER.graph(), 1).tensors(),
        Map.of("targets", "a,b,c,d", "operatingPointsInGraph", points));
    assertEquals(3, run("torch", file, "--resolution=64", out));
    assertTrue(err.contains("ae.safetensors") && err.strip().lines().count() == 1, err);
  }

  @Test
  void shouldRefuseImagesOfAbsurdSize() {
    Path made = folder.resolve("x");
    assertEquals(2, run("torch", classifier(), "--resolution=1000000", "--out", made));
    assertTrue(err.contains("resolution 1000000 is too large"), err);
  }

  @Test
  void shouldTellProgramsWhatItWrote() throws IOException {
    Path made = folder.resolve("copy.safetensors");
    assertEquals(0, run("safetensors", classifier(), "--out", made, "--json"), err);
    JsonNode json = new ObjectMapper().readTree(out);
    assertEquals(made.toString(), json.path("file").asText());
    assertEquals(Safetensors.read(made).tensors().names().size(), json.path("tensors").asInt());
  }

  @Test
  void shouldSayWhatHasNoNetwork() {
    assertEquals(2, run("verify", file), err);
    assertEquals(1, err.strip().lines().count(), err);
    assertEquals(2, run("onnx", file, "--out", folder.resolve("x")), err);
    assertTrue(err.contains("make a package of it first: xrv-convert torch " + file), err);
    assertEquals(2, run("torch", folder, "--out", folder.resolve("x")));
    assertTrue(err.contains("is a directory; expected a file of weights"), err);
  }

  @Test
  void shouldSayWhatAreNoWeights() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.txt"), "nothing of this kind");
    assertEquals(2, run("safetensors", text, "--out", folder.resolve("x")));
    assertTrue(err.contains("notes.txt is no model file by its name"), err);
    assertEquals(3, run("torch", folder.resolve("none.pt"), "--out", folder.resolve("x")));
    assertTrue(err.contains("no such model file or directory"), err);
    assertEquals(3, run("safetensors", folder, "--out", folder.resolve("x")));
    assertTrue(err.contains("is no model package"), err);
  }
}
