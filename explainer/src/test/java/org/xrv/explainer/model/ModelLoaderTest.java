package org.xrv.explainer.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.golden.GoldenNetworks;
import org.xrv.core.graph.Graph;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.image.Resize;
import org.xrv.core.modelpackage.OutputKind;
import org.xrv.explainer.Explainer;
import org.xrv.explainer.TinyModels;

/** Models by directory, by file and by name, and what is refused. */
class ModelLoaderTest {
  @TempDir Path folder;
  private final ModelLoader loader =
      new ModelLoader(
          name -> {
            if (name.equals("known")) {
              return folder.resolve("f");
            }
            throw new ProblemException(ProblemKind.NOT_FOUND, "no model " + name);
          });

  @Test
  void shouldLoadPackagesWithTheirFacts() throws IOException {
    String ae = TinyModels.writeAutoencoder(folder.resolve("ae"), 32).toString();
    TinyModels.writeClassifier(folder.resolve("f"), 32, Preprocessing.ID);
    LoadedAutoencoder autoencoder = loader.autoencoder(ae);
    assertEquals(32, autoencoder.resolution());
    assertEquals(
        List.of("decoder.onnx", "encoder.onnx"),
        List.copyOf(autoencoder.facts().sha256().keySet()));
    LoadedClassifier classifier = loader.classifier("known");
    assertEquals(TinyModels.TARGETS, classifier.targets());
    assertEquals(List.of(0.5, 0.4, 0.6), classifier.operatingPoints());
    assertEquals(1, classifier.index("CARDIOMEGALY"));
  }

  @Test
  void shouldRefuseAModelOfTheOtherKindAnUnknownPreprocessingAndAnUnknownName() throws IOException {
    String ae = TinyModels.writeAutoencoder(folder.resolve("ae"), 32).toString();
    assertEquals(ProblemKind.USAGE, problem(() -> loader.classifier(ae)).kind());
    String other = TinyModels.writeClassifier(folder.resolve("o"), 32, "other").toString();
    assertTrue(problem(() -> loader.classifier(other)).getMessage().contains("'other'"));
    assertEquals(ProblemKind.NOT_FOUND, problem(() -> loader.autoencoder("unknown")).kind());
    assertEquals(ProblemKind.NOT_FOUND, problem(() -> loader.autoencoder("./none")).kind());
    Path decoder = folder.resolve("ae/decoder.onnx");
    byte[] bytes = Files.readAllBytes(decoder);
    Files.write(decoder, Arrays.copyOf(bytes, bytes.length / 3));
    assertTrue(problem(() -> loader.autoencoder(ae)).getMessage().contains("decoder.onnx"));
    Files.write(decoder, Files.readAllBytes(folder.resolve("ae/encoder.onnx")));
    assertTrue(problem(() -> loader.autoencoder(ae)).getMessage().contains("the decoder takes"));
  }

  @Test
  void shouldSayHowTheImagesOfAModelWereResized() throws IOException {
    String area =
        TinyModels.writeClassifier(folder.resolve("area"), 32, Resize.AREA.id()).toString();
    assertEquals(Optional.of(Resize.AREA), loader.classifier(area).resize());
    LoadedAutoencoder autoencoder =
        loader.autoencoder(TinyModels.writeAutoencoder(folder.resolve("ae"), 32).toString());
    assertEquals(Resize.ANTIALIAS, autoencoder.resize());
    ProblemException e =
        problem(() -> new Explainer(autoencoder, loader.classifier(area), 1).close());
    assertEquals(ProblemKind.USAGE, e.kind());
    assertTrue(e.getMessage().endsWith("of one preprocessing"), e.getMessage());

    Graph graph = TinyModels.classifierGraph(32);
    Path file = folder.resolve("lone.onnx");
    OnnxWriter.write(graph, GoldenNetworks.formula(graph, 1), file);
    assertEquals(Optional.empty(), loader.classifier(file.toString()).resize());
    OnnxWriter.write(
        graph.withMetadata(Map.of("preprocessing", "imagenet")),
        GoldenNetworks.formula(graph, 1),
        file);
    assertTrue(
        problem(() -> loader.classifier(file.toString()))
            .getMessage()
            .contains(
                "preprocessing 'imagenet'; this version knows 'xrv-center-crop-resize-1024'"));
  }

  @Test
  void aLoneFileShouldSpeakForItselfUnlessTheUserDoes() {
    Graph graph = TinyModels.classifierGraph(32);
    Path file = folder.resolve("model.onnx");
    OnnxWriter.write(graph, GoldenNetworks.formula(graph, 1), file);
    LoadedClassifier plain = loader.classifier(file.toString());
    assertEquals(List.of("0", "1", "2"), plain.targets());
    assertEquals(OutputKind.LOGITS, plain.outputs());
    LoadedClassifier said =
        loader.classifier(
            file.toString(),
            new LoneClassifier(List.of("a", "b", "c"), Optional.of(OutputKind.PROBABILITIES)));
    assertEquals(List.of("a", "b", "c"), said.targets());
    assertEquals(OutputKind.PROBABILITIES, said.outputs());
    assertTrue(
        problem(
                () ->
                    loader.classifier(
                        file.toString(), new LoneClassifier(List.of("a"), Optional.empty())))
            .getMessage()
            .contains("expected [Nx1]"));
    OnnxWriter.write(
        graph.withMetadata(
            Map.of(
                "targets", "x,y,z", "outputs", "probabilities", "operating_points", "0.1,2,0.3")),
        GoldenNetworks.formula(graph, 1),
        file);
    assertTrue(
        problem(() -> loader.classifier(file.toString()))
            .getMessage()
            .contains("operating points"));
  }

  private static ProblemException problem(org.junit.jupiter.api.function.Executable what) {
    ProblemException e = assertThrows(ProblemException.class, what);
    assertEquals(1, e.getMessage().lines().count());
    return e;
  }
}
