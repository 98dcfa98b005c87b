package org.xrv.trainer.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.xrv.converter.onnx.OnnxWriter;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelDescription.PreprocessingDescription;
import org.xrv.core.modelpackage.ModelKind;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.tensor.NamedTensors;

/** A package of a third party: an autoencoder of images of 32 x 32, without a parity report. */
final class TinyPackage {
  static final ResNetAutoencoder NETWORK =
      new ResNetAutoencoder(50, new LatentShape(16, 1), 0.0625, 32);

  private TinyPackage() {}

  static NamedTensors weights() {
    return Initialization.PYTORCH.weights(NETWORK.autoencoder(), 3);
  }

  static Path write(Path directory) {
    try {
      Files.createDirectories(directory);
      OnnxWriter.write(NETWORK.encoder(), weights(), directory.resolve("encoder.onnx"));
      OnnxWriter.write(NETWORK.decoder(), weights(), directory.resolve("decoder.onnx"));
      ModelPackage.writeDescription(
          directory,
          new ModelDescription(
              ModelDescription.FORMAT,
              ModelKind.AUTOENCODER,
              "",
              "",
              Map.of("family", "resnet-autoencoder"),
              new PreprocessingDescription(Preprocessing.ID, 32, -1024, 1024),
              Map.of(
                  ModelDescription.ENCODER,
                  "encoder.onnx",
                  ModelDescription.DECODER,
                  "decoder.onnx"),
              List.of(),
              null,
              Map.of(),
              null,
              "",
              ""));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
