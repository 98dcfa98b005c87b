package org.xrv.explainer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.core.architecture.DenseNet;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.dataset.phantom.PhantomDataset;
import org.xrv.core.golden.GoldenNetworks;
import org.xrv.core.graph.Graph;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelKind;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.modelpackage.OutputKind;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.explainer.model.LoadedAutoencoder;
import org.xrv.explainer.model.LoadedClassifier;
import org.xrv.explainer.model.ModelFacts;

/** Small real networks with well-conditioned weights, and images for them. */
public final class TinyModels {
  public static final List<String> TARGETS = List.of("Effusion", "Cardiomegaly", "Mass");

  private TinyModels() {}

  public static ResNetAutoencoder network(int resolution) {
    return new ResNetAutoencoder(50, new LatentShape(32, 2), 0.125, resolution);
  }

  public static Graph classifierGraph(int resolution) {
    return new DenseNet(8, 4, List.of(2, 2), 2, TARGETS.size(), resolution).graph();
  }

  public static LoadedAutoencoder autoencoder(int resolution) {
    ResNetAutoencoder network = network(resolution);
    NamedTensors weights = GoldenNetworks.formula(network.autoencoder(), 1);
    return new LoadedAutoencoder(
        new ModelFacts("tiny-ae", "", Map.of()),
        new OnnxModel(network.encoder(), weights),
        new OnnxModel(network.decoder(), weights),
        resolution);
  }

  public static LoadedClassifier classifier(int resolution) {
    return classifier(resolution, OutputKind.LOGITS, List.of());
  }

  public static LoadedClassifier classifier(
      int resolution, OutputKind outputs, List<Double> points) {
    Graph graph = classifierGraph(resolution);
    return new LoadedClassifier(
        new ModelFacts("tiny-densenet", "1.0.0", Map.of()),
        new OnnxModel(graph, GoldenNetworks.formula(graph, 1)),
        TARGETS,
        outputs,
        points);
  }

  public static ImageInput phantom(int resolution, int index) {
    PhantomDataset data = new PhantomDataset(1, index + 1);
    GrayImage image = data.image(data.samples().get(index), resolution);
    return new ImageInput(data.samples().get(index).id(), image, true);
  }

  /** Writes a package of the tiny autoencoder. */
  public static Path writeAutoencoder(Path directory, int resolution) throws IOException {
    Files.createDirectories(directory);
    ResNetAutoencoder network = network(resolution);
    NamedTensors weights = GoldenNetworks.formula(network.autoencoder(), 1);
    OnnxWriter.write(network.encoder(), weights, directory.resolve("encoder.onnx"));
    OnnxWriter.write(network.decoder(), weights, directory.resolve("decoder.onnx"));
    ModelPackage.writeDescription(
        directory,
        description(
            ModelKind.AUTOENCODER,
            resolution,
            Map.of("encoder", "encoder.onnx", "decoder", "decoder.onnx"),
            List.of(),
            null,
            Map.of(),
            Preprocessing.ID));
    return directory;
  }

  /** Writes a package of the tiny classifier. */
  public static Path writeClassifier(Path directory, int resolution, String preprocessing)
      throws IOException {
    Files.createDirectories(directory);
    Graph graph = classifierGraph(resolution);
    OnnxWriter.write(graph, GoldenNetworks.formula(graph, 1), directory.resolve("model.onnx"));
    ModelPackage.writeDescription(
        directory,
        description(
            ModelKind.CLASSIFIER,
            resolution,
            Map.of("model", "model.onnx"),
            TARGETS,
            OutputKind.LOGITS,
            Map.of("operating_points", List.of(0.5, 0.4, 0.6)),
            preprocessing));
    return directory;
  }

  private static ModelDescription description(
      ModelKind kind,
      int resolution,
      Map<String, String> files,
      List<String> targets,
      OutputKind outputs,
      Map<String, Object> architecture,
      String preprocessing) {
    return new ModelDescription(
        ModelDescription.FORMAT,
        kind,
        "",
        "",
        architecture,
        new ModelDescription.PreprocessingDescription(preprocessing, resolution, -1024, 1024),
        files,
        targets,
        outputs,
        Map.of(),
        null,
        "",
        "");
  }
}
