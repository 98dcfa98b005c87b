package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.io.Digests;
import org.xrv.core.peer.PeerPython;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.core.tensor.Safetensors;
import org.xrv.trainer.checkpoint.CheckpointStore;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Mark;

/** Runs that begin with the weights of another one, in every form in which those can lie. */
class InitialWeightsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** So small a rate that weights stay what they were, to within rounding. */
  private static final String STILL = "--lr=1e-12";

  @TempDir static Path shared;
  private static Path first;
  private static Path zoo;
  private static NamedTensors weights;
  @TempDir Path directory;

  @BeforeAll
  static void trainTheFirst() {
    first = shared.resolve("first");
    zoo = shared.resolve("zoo");
    Program program = Program.train(first, "--publish=ae-tiny:0.1.0", "--zoo=" + zoo);
    assertEquals(0, program.code(), program.err());
    weights = best(first);
    Safetensors.write(shared.resolve("w.safetensors"), weights, Map.of());
  }

  /** What is exported, and what a run as a source means. */
  private static NamedTensors best(Path run) {
    long step =
        CheckpointStore.newest(run, w -> {}).orElseThrow().state().best().orElseThrow().step();
    return CheckpointStore.read(run.resolve(CheckpointStore.DIRECTORY).resolve("step-" + step))
        .model();
  }

  private static NamedTensors newest(Path run) {
    return CheckpointStore.newest(run, w -> {}).orElseThrow().model();
  }

  private Program still(Path run, String... more) {
    List<String> args = new ArrayList<>(List.of(STILL, "--steps=1", "--zoo=" + zoo));
    args.addAll(Arrays.asList(more));
    return Program.train(run, args.toArray(String[]::new));
  }

  private static void requireFirstWeights(Path run) {
    NamedTensors after = newest(run);
    assertEquals(weights.names(), after.names());
    after
        .tensors()
        .forEach(
            (name, tensor) -> {
              // A training step moves running statistics, by a tenth of the way
              if (!name.contains("running_")) {
                assertArrayEquals(weights.get(name).data(), tensor.data(), 1e-6f, name);
              }
            });
  }

  private static JsonNode init(Path run) throws IOException {
    return JSON.readTree(run.resolve("run.json").toFile()).path("init");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ae-tiny", "ae-tiny:0.1.0", "RUN", "RUN/export", "w.safetensors"})
  void shouldBeginWithTheseWeights(String given) throws IOException {
    String name =
        given.endsWith(".safetensors")
            ? shared.resolve(given).toString()
            : given.replace("RUN", first.toString());
    Path run = directory.resolve("run");
    Program program = still(run, "--init=" + name);
    assertEquals(0, program.code(), program.err());
    assertTrue(
        program.err().contains("first weights: " + weights.names().size() + " tensors of "),
        program.err());
    requireFirstWeights(run);
    JsonNode init = init(run);
    assertEquals(name, init.path("from").asText());
    assertEquals(weights.names().size(), init.path("tensors").asInt());
    assertEquals(0, init.path("random").size());
    init.path("files").forEach(d -> assertTrue(d.asText().matches("sha256:[0-9a-f]{64}")));
    assertTrue(init.path("files").size() > 0);
    if (given.startsWith("ae-tiny")) {
      assertEquals("ae-tiny:0.1.0", init.path("model").asText());
      assertTrue(init.path("digest").asText().startsWith("sha256:"));
      assertEquals(
          "sha256:" + Digests.sha256(first.resolve("export/encoder.onnx")),
          init.path("files").path("encoder.onnx").asText());
    }
  }

  @Test
  void shouldWarnOfADeprecatedModel() {
    LocalZoo models = new LocalZoo(zoo);
    ModelVersion model = ModelVersion.parse("ae-tiny:0.1.0");
    models.mark(model, Mark.DEPRECATED, "use ae-tiny:0.2.0");
    try {
      Program program = still(directory.resolve("run"), "--init=ae-tiny");
      assertEquals(0, program.code(), program.err());
      assertTrue(
          program.err().contains("warning: ae-tiny:0.1.0 is deprecated: use ae-tiny:0.2.0"),
          program.err());
    } finally {
      models.unmark(model, Mark.DEPRECATED);
    }
  }

  /** Also what ONNX files keep: names, and BatchNorm's running statistics. */
  @Test
  void shouldTakeRunningStatisticsFromOnnxFiles() throws IOException {
    Path run = directory.resolve("run");
    Program program = still(run, "--init=ae-tiny", "--set=train.steps=1");
    assertEquals(0, program.code(), program.err());
    // running = 0.9 * before + 0.1 * batch: what went before is the first run's, not 0 and 1
    NamedTensors fresh = newest(run);
    int checked = 0;
    for (String name : weights.names()) {
      if (name.endsWith("running_var") && name.startsWith("uplayer_top")) {
        for (int i = 0; i < fresh.get(name).data().length; i++) {
          assertTrue(
              fresh.get(name).data()[i] >= 0.9f * weights.get(name).data()[i] - 1e-6f,
              name + " " + i);
          checked++;
        }
      }
    }
    assertTrue(checked > 0);
  }

  @Test
  void shouldGoOnWithoutTheFileAndRefuseAnotherOne() throws IOException {
    Path file = directory.resolve("mine.safetensors");
    Safetensors.write(file, weights, Map.of());
    Path run = directory.resolve("run");
    assertEquals(0, still(run, "--init=" + file).code());
    JsonNode before = init(run);
    Files.delete(file);
    Program again = still(run, "--init=" + file);
    assertEquals(0, again.code(), again.err());
    assertTrue(again.err().contains("going on from step"), again.err());
    assertEquals(before, init(run), "run.json still tells");
    Program other = still(run, "--init=ae-tiny");
    assertEquals(2, other.code(), other.err());
    assertTrue(
        other.problems().get(0).contains("train.init: \"" + file + "\" there, \"ae-tiny\" here"),
        other.err());
    Program none = still(run);
    assertEquals(2, none.code(), none.err());
    assertTrue(none.problems().get(0).contains("train.init: "), none.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--init=SHARED/w.safetensors --set=model.depth=101 | 3 | it seems to be an autoencoder of depth 50",
        "--init=SHARED/w.safetensors --set=model.bottleneck=32x1x1 | 3 | with 16 channels in z, of width 0.0625",
        "--init=SHARED/w.safetensors --set=model.bottleneck=32x1x1 | 3 | of another shape (layer4.0.conv3.weight",
        "--init=SHARED/first/export/encoder.onnx | 3 | it seems to be the encoder alone of depth 50",
        "--init=SHARED/first/export/decoder.onnx | 3 | seems to be the decoder alone of depth 50",
        "--init=ae-tyni | 3 | did you mean 'ae-tiny'",
        "--init=ae-tiny:3.0.0 | 3 | no version '3.0.0' of ae-tiny",
        "--init=no/such/dir/a | 2 | 'no/such/dir/a' is no file or directory",
        "--init=/no/such.pt | 3 | /no/such.pt: no such file",
        "--init=none.safetensors | 3 | none.safetensors: no such file",
        "--init=SHARED | 3 | neither a model package (it has no xrv-model.json) nor a run",
        "--init=SHARED/first/run.json | 2 | is no model file by its name",
        "--init=SHARED/first/checkpoints | 3 | neither a model package",
        "--set=train.init=[1] | 2 | key 'train.init': expected a text",
      })
  void shouldSayInOneLineWhatIsWrong(String args, int code, String message) {
    Program program =
        still(directory.resolve("run"), args.replace("SHARED", shared.toString()).split(" "));
    assertEquals(code, program.code(), program.err());
    assertEquals(1, program.problems().size(), program.err());
    assertTrue(program.problems().get(0).contains(message), program.err());
    assertFalse(program.err().contains("\tat "), program.err());
  }

  @Test
  void shouldRefuseWeightsThatAreNoNumbers() {
    Map<String, FloatTensor> damaged = new LinkedHashMap<>(weights.tensors());
    FloatTensor bias = weights.get("bn1.bias");
    float[] values = bias.data().clone();
    values[1] = Float.NaN;
    damaged.put("bn1.bias", new FloatTensor(bias.shape(), values));
    Path file = directory.resolve("nan.safetensors");
    Safetensors.write(file, new NamedTensors(damaged), Map.of());
    Program program = still(directory.resolve("run"), "--init=" + file);
    assertEquals(3, program.code(), program.err());
    assertTrue(program.problems().get(0).contains("has NaN in 'bn1.bias'"), program.err());
  }

  @Test
  void shouldTakeWhatFitsOnRequest() throws IOException {
    Path run = directory.resolve("run");
    Program program = still(run, "--init=" + first + "/export/encoder.onnx", "--init-partial");
    assertEquals(0, program.code(), program.err());
    assertTrue(
        program.err().contains("tensors begin with random weights (uplayer1.0"), program.err());
    NamedTensors after = newest(run);
    String taken = "layer1.0.conv1.weight";
    assertArrayEquals(weights.get(taken).data(), after.get(taken).data(), 1e-6f);
    String random = "uplayer1.0.conv1.weight";
    assertFalse(Arrays.equals(weights.get(random).data(), after.get(random).data()));
    JsonNode init = init(run);
    assertEquals(weights.names().size(), init.path("tensors").asInt() + init.path("random").size());
    Program nothing = still(directory.resolve("none"), "--init=" + other(), "--init-partial");
    assertEquals(3, nothing.code(), nothing.err());
    assertTrue(nothing.problems().get(0).contains("nothing of it fits"), nothing.err());
    assertTrue(nothing.problems().get(0).contains("of no network known here (a.weight)"));
  }

  private Path other() {
    Path file = directory.resolve("other.safetensors");
    Safetensors.write(
        file,
        new NamedTensors(Map.of("a.weight", FloatTensor.zeros(org.xrv.core.graph.Shape.of(1)))),
        Map.of());
    return file;
  }

  @Test
  void shouldRemarkThatWeightsThatFitAreOfAnotherNetwork() {
    // 48 pixels: the last stage has another stride, and the same weights
    Program program =
        still(directory.resolve("run"), "--init=ae-tiny", "--set=model.resolution=48");
    assertEquals(0, program.code(), program.err());
    assertTrue(program.err().contains("were trained at 32 pixels, here are 48"), program.err());
  }

  private static Program classifier(Path run, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "classifier",
                "--preset=quickstart-classifier",
                "--resolution=32",
                "--set=data.phantom.count=40",
                "--set=model.blocks=[2,2]",
                "--steps=2",
                "--out=" + run));
    args.addAll(Arrays.asList(more));
    return Program.run(args.toArray(String[]::new));
  }

  @Test
  void shouldBeginClassifiersWithOthers() {
    Path one = directory.resolve("one");
    assertEquals(0, classifier(one).code());
    Path same = directory.resolve("same");
    Program program = classifier(same, "--init=" + one + "/export/model.onnx", STILL);
    assertEquals(0, program.code(), program.err());
    assertArrayEquals(
        best(one).get("classifier.weight").data(),
        newest(same).get("classifier.weight").data(),
        1e-6f);

    String[] targets = {"--init=" + one, "--targets=Cardiomegaly,Effusion"};
    Program two = classifier(directory.resolve("two"), targets);
    assertEquals(3, two.code(), two.err());
    assertTrue(
        two.problems().get(0).contains("2 of another shape (classifier.weight [1x"), two.err());
    assertTrue(
        two.problems().get(0).contains("blocks [2, 2], growth 8, 16 first channels, 1 outputs"));
    Program partial =
        classifier(directory.resolve("two"), targets[0], targets[1], "--init-partial");
    assertEquals(0, partial.code(), partial.err());
    assertTrue(
        partial
            .err()
            .contains("2 tensors begin with random weights (classifier.weight, classifier.bias)"),
        partial.err());
    assertTrue(
        partial.err().contains("trained to tell Cardiomegaly; here Cardiomegaly, Effusion"),
        partial.err());
  }

  /** The names, shapes and values of PyTorch's own modules, from a file of its own. */
  @Test
  void shouldBeginClassifiersWithAPickledNetwork() throws Exception {
    PeerPython.orSkip()
        .run(
            """
            import sys, torch
            from densenet_reference import DenseNet121
            torch.manual_seed(1)
            torch.save(DenseNet121(1), sys.argv[1])
            """,
            directory.resolve("densenet.pt"));
    Program program =
        Program.run(
            "classifier",
            "--resolution=64",
            "--set=data.phantom.count=60",
            "--batch=2",
            "--steps=1",
            STILL,
            "--init=" + directory.resolve("densenet.pt"),
            "--out=" + directory.resolve("run"));
    assertEquals(0, program.code(), program.err());
    assertTrue(
        program.err().contains("(network of class densenet_reference.DenseNet121)"), program.err());
    AtomicFiles.deleteTree(directory.resolve("run"));
  }
}
