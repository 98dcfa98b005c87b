package org.xrv.converter.optimize;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxReader;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelKind;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.tensor.FloatTensor;

/**
 * What is to be exported: a model package, or one ONNX file.
 *
 * @param described the package; empty for a file
 */
public record Source(Optional<ModelPackage> described, List<Part> parts) {
  /** Where a run keeps its package. */
  private static final String EXPORT = "export";

  /** A network and its file. */
  public record Part(String name, Path file, OnnxModel model) {}

  public Source {
    parts = List.copyOf(parts);
  }

  /**
   * Reads a model package's directory, a run's directory with a package in "export", or an ONNX
   * file.
   *
   * @throws ProblemException BAD_DATA when there is nothing, when it is none of these, or damaged,
   *     or has weights that are no numbers
   */
  public static Source open(Path given) {
    if (!Files.exists(given)) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          given + ": no such file or directory; give a model package, a run or an ONNX file");
    }
    if (!Files.isDirectory(given)) {
      return new Source(Optional.empty(), List.of(part(given)));
    }
    Path directory = given;
    if (!Files.exists(given.resolve(ModelPackage.DESCRIPTION))) {
      directory = given.resolve(EXPORT);
      if (!Files.isDirectory(directory)) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            given
                + " is no model package (no "
                + ModelPackage.DESCRIPTION
                + ") and has no "
                + EXPORT
                + "/; of a run, 'xrv-train export RUN' makes one");
      }
    }
    ModelPackage found = ModelPackage.read(directory);
    List<Part> parts = new ArrayList<>();
    for (String role :
        found.description().kind() == ModelKind.AUTOENCODER
            ? List.of(ModelDescription.ENCODER, ModelDescription.DECODER)
            : List.of(ModelDescription.MODEL)) {
      parts.add(part(found.file(role)));
    }
    return new Source(Optional.of(found), parts);
  }

  /** Reads one ONNX file. */
  public static Part part(Path file) {
    OnnxModel model = OnnxReader.read(file);
    for (var weight : model.weights().tensors().entrySet()) {
      FloatTensor tensor = weight.getValue();
      for (float v : tensor.data()) {
        if (!Float.isFinite(v)) {
          throw new ProblemException(
              ProblemKind.BAD_DATA,
              file
                  + ": weight '"
                  + weight.getKey()
                  + "' holds "
                  + v
                  + "; the network is damaged, export it again from a sound checkpoint");
        }
      }
    }
    String name = file.getFileName().toString();
    return new Part(
        name.endsWith(".onnx") ? name.substring(0, name.length() - 5) : name, file, model);
  }
}
