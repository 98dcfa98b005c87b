package org.xrv.converter.published;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xrv.converter.given.FileKind;
import org.xrv.converter.given.GivenModel;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxReader;
import org.xrv.converter.torch.NetworkAttributes;
import org.xrv.converter.torch.TorchCheckpoint;
import org.xrv.converter.torch.TorchReader;
import org.xrv.core.architecture.OutputNormalization;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.core.tensor.Safetensors;

/**
 * Weights out of a file of any kind that is read: PyTorch, safetensors, ONNX; or out of a model
 * package.
 *
 * @param source the file or directory
 * @param found where in it the weights were, in words
 * @param tensors by the names of the published PyTorch checkpoints; no constants of graphs
 * @param converted how many tensors were of another type than float32, by its name
 * @param skipped names of tensors that are no weights
 * @param network what a network that was saved whole says of itself
 * @param metadata free text of the file
 */
public record WeightFile(
    Path source,
    String found,
    NamedTensors tensors,
    Map<String, Integer> converted,
    List<String> skipped,
    NetworkAttributes network,
    Map<String, String> metadata) {
  public WeightFile {
    converted = Collections.unmodifiableMap(new LinkedHashMap<>(converted));
    skipped = List.copyOf(skipped);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * Reads weights wherever they are: a file, a model package, a run's package.
   *
   * @throws ProblemException BAD_DATA, naming the file, when it is missing or damaged; USAGE when
   *     it is of no kind that is read
   */
  public static WeightFile read(Path path) {
    Optional<ModelPackage> described = GivenModel.at(path).described();
    if (described.isPresent()) {
      return of(described.get());
    }
    return switch (FileKind.of(path)) {
      case ONNX -> onnx(path);
      case SAFETENSORS -> safetensors(path);
      case TORCH -> torch(path);
    };
  }

  private static WeightFile torch(Path file) {
    TorchCheckpoint read = TorchReader.read(file);
    return new WeightFile(
        file,
        read.found(),
        read.tensors(),
        read.converted(),
        read.skipped(),
        read.network(),
        Map.of());
  }

  private static WeightFile safetensors(Path file) {
    Safetensors.Content read = Safetensors.read(file);
    return new WeightFile(
        file,
        "safetensors",
        read.tensors(),
        read.converted(),
        read.skipped(),
        NetworkAttributes.UNKNOWN,
        read.metadata());
  }

  private static WeightFile onnx(Path file) {
    OnnxModel model = OnnxReader.read(file);
    return new WeightFile(
        file,
        "ONNX",
        withoutConstants(model.weights()),
        Map.of(),
        List.of(),
        NetworkAttributes.UNKNOWN,
        model.graph().metadata());
  }

  /**
   * The weights of a model package; those of an autoencoder's two files together are the network's.
   *
   * @throws ProblemException BAD_DATA when a file is missing or damaged, or two hold a tensor of
   *     one name
   */
  public static WeightFile of(ModelPackage model) {
    Map<String, FloatTensor> tensors = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (String role : GivenModel.at(model.directory()).roles()) {
      WeightFile part = onnx(model.file(role));
      metadata.putAll(part.metadata);
      part.tensors
          .tensors()
          .forEach(
              (name, tensor) -> {
                if (tensors.put(name, tensor) != null) {
                  throw new ProblemException(
                      ProblemKind.BAD_DATA,
                      model.directory() + ": two files have a tensor '" + name + "'");
                }
              });
    }
    return new WeightFile(
        model.directory(),
        "model package",
        new NamedTensors(tensors),
        Map.of(),
        List.of(),
        NetworkAttributes.UNKNOWN,
        metadata);
  }

  /** The file's name and where in it the weights were. */
  public String what() {
    return source + " (" + found + ")";
  }

  /** What a user should know about the reading. */
  public List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    converted.forEach(
        (type, count) ->
            remarks.add(count + " tensors of " + source + " were " + type + ", now float32"));
    return remarks;
  }

  private static NamedTensors withoutConstants(NamedTensors weights) {
    Set<String> names = weights.names();
    if (names.stream().noneMatch(n -> n.startsWith(OutputNormalization.CONSTANTS))) {
      return weights;
    }
    Map<String, FloatTensor> kept = new LinkedHashMap<>();
    names.stream()
        .filter(n -> !n.startsWith(OutputNormalization.CONSTANTS))
        .forEach(n -> kept.put(n, weights.get(n)));
    return new NamedTensors(kept);
  }
}
