package org.xrv.converter.optimize;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.xrv.converter.given.GivenModel;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxReader;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.tensor.FloatTensor;

/**
 * What is to be exported: a model package, or one ONNX file.
 *
 * @param described the package; empty for a file
 */
public record Source(Optional<ModelPackage> described, List<Part> parts) {
  /** A network and its file. */
  public record Part(String name, Path file, OnnxModel model) {}

  public Source {
    parts = List.copyOf(parts);
  }

  /**
   * Reads all networks of what a user names.
   *
   * @throws ProblemException BAD_DATA when there is nothing, when it is damaged or has weights that
   *     are no numbers; USAGE for a file that holds no network
   */
  public static Source open(Path path) {
    GivenModel given = GivenModel.at(path);
    if (given.described().isEmpty()) {
      return new Source(Optional.empty(), List.of(part(given.network())));
    }
    ModelPackage found = given.described().get();
    return new Source(
        given.described(), given.roles().stream().map(r -> part(found.file(r))).toList());
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
