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
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.converter.onnx.OnnxForm;
import org.xrv.converter.onnx.OnnxReader;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.cli.CommandRun;
import org.xrv.core.golden.GoldenNetworks;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.io.Digests;
import org.xrv.core.modelpackage.BillOfMaterials;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelKind;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.modelpackage.PackageParity;
import org.xrv.core.modelpackage.PackageProvenance;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/** {@code xrv-convert onnx} as a user runs it, on a small package. */
class OnnxCommandTest {
  private static final ResNetAutoencoder NETWORK =
      new ResNetAutoencoder(50, new LatentShape(16, 1), 0.0625, 32);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private Path model;
  private Path result;
  private String out;
  private String err;

  @BeforeEach
  void makePackage() throws IOException {
    model = Files.createDirectory(folder.resolve("model"));
    result = folder.resolve("result");
    NamedTensors weights = GoldenNetworks.formula(NETWORK.autoencoder(), 7);
    OnnxWriter.write(NETWORK.encoder(), weights, model.resolve("encoder.onnx"));
    OnnxWriter.write(NETWORK.decoder(), weights, model.resolve("decoder.onnx"));
    ModelPackage.writeDescription(
        model,
        new ModelDescription(
            ModelDescription.FORMAT,
            ModelKind.AUTOENCODER,
            "ae-small",
            "1.0.0",
            Map.of("family", "resnet-ae", "depth", 50),
            new ModelDescription.PreprocessingDescription(Preprocessing.ID, 32, -1024, 1024),
            Map.of("encoder", "encoder.onnx", "decoder", "decoder.onnx"),
            List.of(),
            null,
            Map.of("mae", 12.5),
            null,
            "Apache-2.0",
            "Research."));
    Files.writeString(model.resolve(ModelPackage.PROVENANCE), "{\"seed\": 7}");
  }

  @AfterEach
  void shouldCloseAllModels() {
    assertEquals(0, OnnxRunner.openCount());
  }

  private int run(String... arguments) {
    CommandRun run =
        CommandRun.of(
            new XrvConvert(), Stream.concat(Stream.of("onnx"), Stream.of(arguments)).toArray());
    out = run.out();
    err = run.err();
    return run.code();
  }

  private int export(Path from, String... more) {
    return run(
        Stream.concat(
                Stream.of(from.toString(), "--out", result.toString(), "--threads", "1"),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private void assertRefused(int code, int expected, String... words) throws IOException {
    assertEquals(expected, code, err);
    assertEquals(1, err.lines().count(), err);
    for (String word : words) {
      assertTrue(err.contains(word), err);
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertTrue(left.noneMatch(p -> p.getFileName().toString().startsWith(".tmp")), "leftovers");
    }
  }

  private static Map<String, String> digests(Path directory) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      files.forEach(
          f -> digests.put(f.getFileName().toString(), PackageParity.PREFIX + Digests.sha256(f)));
    }
    return digests;
  }

  @ParameterizedTest
  @ValueSource(strings = {"--fold-bn", "--fp16", "--int8"})
  void shouldWriteAnotherOpset(String variant) {
    assertEquals(0, export(model, variant, "--opset", "21"), err);
    assertEquals(21, OnnxReader.facts(result.resolve("encoder.onnx")).opset());
  }

  @Test
  void shouldRefuseAnOpsetThatCannotBeWritten() throws IOException {
    assertRefused(export(model, "--opset", "12"), 2, "opset 12", "13 to 26");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--fold-bn", "--fp16", "--int8", "--int8-weights"})
  void shouldExportAPackageThatIsAPackage(String variant) throws IOException {
    String[] options = variant.isEmpty() ? new String[0] : new String[] {variant};
    assertEquals(0, export(model, options), err);
    ModelPackage exported = ModelPackage.read(result);
    assertEquals("", exported.description().name());
    assertEquals(Map.of("mae", 12.5), exported.description().metrics());
    String card = Files.readString(result.resolve(ModelPackage.CARD));
    assertEquals(
        !variant.isEmpty(), card.contains("figures are those of the original (ae-small:1.0.0)"));
    JsonNode provenance = JSON.readTree(result.resolve(ModelPackage.PROVENANCE).toFile());
    JsonNode chosen = provenance.at("/predicate/buildDefinition/externalParameters");
    assertEquals(7, chosen.path("seed").asInt());
    assertEquals("ae-small:1.0.0", chosen.at("/conversions/0/from").asText());
    byte[] statement = Files.readAllBytes(result.resolve(ModelPackage.PROVENANCE));
    PackageProvenance.require("the result", statement, digests(result));
    JsonNode bill = JSON.readTree(result.resolve(ModelPackage.BILL_OF_MATERIALS).toFile());
    assertEquals(2, BillOfMaterials.digests(bill).size());
    JsonNode parity = JSON.readTree(result.resolve(ModelPackage.PARITY).toFile());
    PackageParity.require(result, digests(result)); // what the zoo asks for
    assertTrue(parity.path("passed").asBoolean());
    assertTrue(parity.path("worst").asDouble() < parity.path("limit").asDouble());
    // encoder, decoder and both, for batches of one and of two
    assertEquals(6, parity.path("comparisons").size());
    assertEquals(4, parity.at("/millisecondsPerImage/timings").size());
    long before = Files.size(model.resolve("encoder.onnx"));
    long after = Files.size(result.resolve("encoder.onnx"));
    assertTrue(variant.isEmpty() ? after <= before : after < before, before + " to " + after);
    assertTrue(out.contains("encoder.onnx") && out.contains("limit"), out);
    // What was exported is read as a network of float32, whatever its variant.
    Graph read = OnnxReader.read(result.resolve("decoder.onnx")).graph();
    assertEquals(NETWORK.decoder().input(), read.input());
    // And it can be exported again, except that what it is read as computes no values in 8 bits.
    result = folder.resolve("again");
    int again = export(folder.resolve("result"), "--rounds", "0", "--quiet");
    assertEquals(variant.equals("--int8") ? 4 : 0, again, err);
    if (again == 0) {
      JsonNode both = JSON.readTree(result.resolve(ModelPackage.PROVENANCE).toFile());
      assertEquals(2, both.at("/predicate/buildDefinition/externalParameters/conversions").size());
    }
  }

  @Test
  void shouldExportARunsPackageAndPrintJson() throws IOException {
    Path runs = Files.createDirectory(folder.resolve("run"));
    Files.move(model, runs.resolve("export"));
    assertEquals(0, export(runs, "--fold-bn", "--bench", "--json"), err);
    assertEquals(8, JSON.readTree(out).at("/millisecondsPerImage/timings").size());
    assertEquals(out, Files.readString(result.resolve(ModelPackage.PARITY)));
  }

  @Test
  void shouldExportAFileAndADecoderWithItsEncoder() throws IOException {
    Path encoder = model.resolve("encoder.onnx");
    assertEquals(0, export(encoder, "--fold-bn", "--rounds", "0"), err);
    assertFalse(Files.exists(result.resolve(ModelPackage.DESCRIPTION)));
    result = folder.resolve("decoded");
    Path decoder = model.resolve("decoder.onnx");
    assertRefused(export(decoder), 2, "decoder.onnx", "--encoder");
    assertRefused(export(decoder, "--encoder", decoder.toString()), 2, "--encoder");
    assertEquals(0, export(decoder, "--encoder", encoder.toString(), "--rounds", "1"), err);
    assertTrue(Files.exists(result.resolve("decoder.onnx")));
  }

  @Test
  void shouldRefuseAnotherEncoderForAPackage() throws IOException {
    String encoder = model.resolve("encoder.onnx").toString();
    assertRefused(export(model, "--encoder", encoder), 2, "--encoder is for the file of a lone");
    assertFalse(Files.exists(result));
  }

  /** The weights are the larger part of what was read. */
  @Test
  void shouldCountWeightsBesideTheFile() throws IOException {
    Path file = folder.resolve("outside.onnx");
    OnnxWriter.write(
        NETWORK.encoder(),
        GoldenNetworks.formula(NETWORK.encoder(), 7),
        file,
        OnnxForm.opset(17).withExternalWeights());
    assertEquals(0, export(file, "--rounds", "0", "--json"), err);
    JsonNode network = JSON.readTree(out).at("/networks/outside.onnx");
    Path weights = folder.resolve("outside.onnx.data");
    assertEquals(Files.size(file) + Files.size(weights), network.path("sourceBytes").asLong());
    assertEquals(
        PackageParity.PREFIX + Digests.sha256(weights),
        network.path("sourceFiles").path("outside.onnx.data").asText());
    assertEquals(Files.size(result.resolve("outside.onnx")), network.path("bytes").asLong());
  }

  @Test
  void shouldRefuseOneVariantTooMany() throws IOException {
    assertEquals(2, export(model, "--fp16", "--int8"));
    assertFalse(Files.exists(result));
  }

  @Test
  void shouldRefuseWhatIsNotThereOrTaken() throws IOException {
    assertRefused(export(folder.resolve("none")), 3, "none", "no such");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertRefused(export(empty), 3, "empty", "xrv-train export");
    Files.createDirectory(result);
    Files.writeString(result.resolve("mine"), "kept");
    assertRefused(export(model), 2, "result", "exists already");
    assertEquals("kept", Files.readString(result.resolve("mine")));
  }

  @Test
  void shouldRefuseWhatIsDamaged() throws IOException {
    Path text = Files.writeString(folder.resolve("text.onnx"), "no network at all");
    assertRefused(export(text), 3, "text.onnx");
    Files.delete(model.resolve("decoder.onnx"));
    assertRefused(export(model), 3, "decoder.onnx", "missing");
    assertFalse(Files.exists(result));
  }

  @Test
  void shouldRefuseWeightsThatAreNoNumbers() throws IOException {
    Map<String, FloatTensor> weights =
        new LinkedHashMap<>(GoldenNetworks.formula(NETWORK.decoder(), 7).tensors());
    weights.get("uplayer1.0.conv1.weight").data()[3] = Float.NaN;
    OnnxWriter.write(NETWORK.decoder(), new NamedTensors(weights), model.resolve("decoder.onnx"));
    assertRefused(export(model, "--fp16"), 3, "decoder.onnx", "uplayer1.0.conv1.weight", "NaN");
    assertFalse(Files.exists(result));
  }

  /** A network that 8 bits ruin: large numbers, which do not count, beside small ones that do. */
  @Test
  void shouldLeaveNothingWhenTheDifferenceIsTooLarge() throws IOException {
    GraphBuilder b = new GraphBuilder("outliers");
    String x = b.input("image", 1, 32, 32);
    String large = b.node("large", new Op.Mul(), x, b.node("c", new Op.Constant(100)));
    String y = b.conv("y", b.node("both", new Op.Concat(1), large, x), 1, 1, 1, 0);
    Path file = folder.resolve("outliers.onnx");
    FloatTensor weight = new FloatTensor(Shape.of(1, 2, 1, 1), new float[] {0, 1});
    OnnxWriter.write(b.build(y), new NamedTensors(Map.of("y.weight", weight)), file);
    assertRefused(export(file, "--int8"), 4, "y of outliers", "nothing was exported");
    assertFalse(Files.exists(result));
    assertEquals(0, export(file, "--int8-weights"), err);
  }
}
