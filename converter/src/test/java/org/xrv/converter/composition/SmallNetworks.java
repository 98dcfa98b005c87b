package org.xrv.converter.composition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.core.architecture.DenseNet;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.golden.GoldenNetworks;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Op;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelKind;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.modelpackage.OutputKind;
import org.xrv.core.tensor.NamedTensors;

/** Real networks that take a second. */
public final class SmallNetworks {
  public static final List<String> TARGETS = List.of("Effusion", "Cardiomegaly", "Mass");
  static final int SIDE = 32;
  private static final ResNetAutoencoder AUTOENCODER =
      new ResNetAutoencoder(50, new LatentShape(16, 1), 0.0625, SIDE);

  private SmallNetworks() {}

  static OnnxModel decoder() {
    return model(AUTOENCODER.decoder());
  }

  /** [N, channels, side, side] to three logits. */
  static OnnxModel classifier(int channels, int side) {
    GraphBuilder b = new GraphBuilder("classifier");
    String x = b.input("pixels", channels, side, side);
    x = b.relu("r1", b.batchNorm("n1", b.conv("c1", x, 4, 3, 2, 1)));
    x = b.relu("r2", b.conv("c2", b.maxPool("p", x, 2, 2, 0), 8, 3, 1, 1));
    x = b.node("f", new Op.Flatten(1), b.node("g", new Op.GlobalAveragePool(), x));
    return model(b.build(b.linear("logits", x, 3)));
  }

  static OnnxModel model(Graph graph) {
    return new OnnxModel(graph, GoldenNetworks.formula(graph, 1));
  }

  /** An autoencoder's package. */
  public static Path autoencoderPackage(Path directory) throws IOException {
    Files.createDirectories(directory);
    NamedTensors weights = GoldenNetworks.formula(AUTOENCODER.autoencoder(), 1);
    OnnxWriter.write(AUTOENCODER.encoder(), weights, directory.resolve("encoder.onnx"));
    OnnxWriter.write(AUTOENCODER.decoder(), weights, directory.resolve("decoder.onnx"));
    describe(
        directory,
        ModelKind.AUTOENCODER,
        Map.of("encoder", "encoder.onnx", "decoder", "decoder.onnx"),
        Optional.empty());
    return directory;
  }

  /** A classifier's package, with operating points. */
  public static Path classifierPackage(Path directory) throws IOException {
    Files.createDirectories(directory);
    Graph graph = new DenseNet(8, 4, List.of(2, 2), 2, TARGETS.size(), SIDE).graph();
    OnnxWriter.write(graph, GoldenNetworks.formula(graph, 1), directory.resolve("model.onnx"));
    describe(
        directory,
        ModelKind.CLASSIFIER,
        Map.of("model", "model.onnx"),
        Optional.of(List.of(0.5, 0.3, 0.8)));
    return directory;
  }

  private static void describe(
      Path directory, ModelKind kind, Map<String, String> files, Optional<List<Double>> points)
      throws IOException {
    ModelPackage.writeDescription(
        directory,
        new ModelDescription(
            ModelDescription.FORMAT,
            kind,
            "",
            "",
            points
                .map(p -> Map.<String, Object>of(ClassifierFacts.OPERATING_POINTS, p))
                .orElse(Map.of()),
            new ModelDescription.PreprocessingDescription(Preprocessing.ID, SIDE, -1024, 1024),
            files,
            kind == ModelKind.CLASSIFIER ? TARGETS : List.of(),
            kind == ModelKind.CLASSIFIER ? OutputKind.LOGITS : null,
            Map.of(),
            null,
            "",
            ""));
  }
}
