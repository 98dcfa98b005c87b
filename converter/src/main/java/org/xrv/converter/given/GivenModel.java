package org.xrv.converter.given;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelKind;
import org.xrv.core.modelpackage.ModelPackage;

/**
 * A model as a user names it: a model package's directory, a training run's directory with a
 * package in export/, or a file.
 *
 * @param path as it was given
 * @param described the package; empty for a file
 */
public record GivenModel(Path path, Optional<ModelPackage> described) {
  /** Where a run keeps its package. */
  private static final String EXPORT = "export";

  /**
   * Looks what is there. Of a package the description is read, of a file nothing.
   *
   * @throws ProblemException BAD_DATA when there is nothing, or a directory that is neither package
   *     nor run, or the package is damaged
   */
  public static GivenModel at(Path path) {
    if (!Files.exists(path)) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          path
              + ": no such model file or directory; give a model package, a run, or a file ("
              + FileKind.ALL
              + ")");
    }
    if (!Files.isDirectory(path)) {
      return new GivenModel(path, Optional.empty());
    }
    Path directory = path;
    if (!Files.exists(path.resolve(ModelPackage.DESCRIPTION))) {
      directory = path.resolve(EXPORT);
      if (!Files.isDirectory(directory)) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            path
                + " is no model package (no "
                + ModelPackage.DESCRIPTION
                + ") and has no "
                + EXPORT
                + "/; of a run, 'xrv-train export RUN' makes one");
      }
    }
    return new GivenModel(path, Optional.of(ModelPackage.read(directory)));
  }

  /**
   * The package, of the kind that is needed; empty for a file.
   *
   * @throws ProblemException USAGE when the package is of another kind
   */
  public Optional<ModelPackage> described(ModelKind kind) {
    described.ifPresent(
        found -> {
          if (found.description().kind() != kind) {
            throw new ProblemException(
                ProblemKind.USAGE,
                path
                    + " is a model of kind "
                    + word(found.description().kind())
                    + "; here one of kind "
                    + word(kind)
                    + " is needed");
          }
        });
    return described;
  }

  private static String word(ModelKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The package's networks by role, each taking what the one before it gives.
   *
   * @throws IllegalStateException for a file
   */
  public List<String> roles() {
    return described.orElseThrow().description().kind() == ModelKind.AUTOENCODER
        ? List.of(ModelDescription.ENCODER, ModelDescription.DECODER)
        : List.of(ModelDescription.MODEL);
  }

  /**
   * The file, which must hold a network.
   *
   * @throws ProblemException USAGE when it holds weights only, or is of no kind that is read
   * @throws IllegalStateException for a package
   */
  public Path network() {
    if (described.isPresent()) {
      throw new IllegalStateException(path + " is a package");
    }
    if (FileKind.of(path) != FileKind.ONNX) {
      throw new ProblemException(
          ProblemKind.USAGE,
          path
              + " holds weights, not the network that they are of; make a package of it first:"
              + " xrv-convert torch "
              + path
              + " --out DIR");
    }
    return path;
  }
}
