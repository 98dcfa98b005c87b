package org.xrv.converter.published;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxReader;
import org.xrv.converter.torch.NetworkAttributes;
import org.xrv.converter.torch.TorchCheckpoint;
import org.xrv.converter.torch.TorchReader;
import org.xrv.core.architecture.OutputNormalization;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelKind;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.core.tensor.Safetensors;

/**
 * Weights out of a file of any kind that is read: PyTorch, safetensors, ONNX; or out of a model
 * package. PyTorch's and safetensors' files are known by their first bytes, so that a file with the
 * wrong ending is read too.
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
  private static final String ONNX = ".onnx";
  private static final String SAFETENSORS = ".safetensors";
  private static final List<String> TORCH = List.of(".pt", ".pth", ".ckpt", ".bin");
  private static final int HEAD = 9;

  public WeightFile {
    converted = Collections.unmodifiableMap(new LinkedHashMap<>(converted));
    skipped = List.copyOf(skipped);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /** Whether a name ends as those of the files that are read. */
  public static boolean isFileName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(ONNX)
        || lower.endsWith(SAFETENSORS)
        || TORCH.stream().anyMatch(lower::endsWith);
  }

  /**
   * Reads a file.
   *
   * @throws ProblemException BAD_DATA, naming the file, when it is missing or damaged; USAGE when
   *     it is of no kind that is read
   */
  public static WeightFile read(Path file) {
    String lower = file.toString().toLowerCase(Locale.ROOT);
    byte[] head = head(file);
    if (head.length == HEAD && head[HEAD - 1] == '{' && !lower.endsWith(ONNX)) {
      return safetensors(file);
    }
    if (head.length > 1 && ((head[0] == 'P' && head[1] == 'K') || (head[0] & 0xff) == 0x80)) {
      return torch(file);
    }
    if (lower.endsWith(ONNX)) {
      return onnx(file);
    }
    if (lower.endsWith(SAFETENSORS)) {
      return safetensors(file);
    }
    if (TORCH.stream().anyMatch(lower::endsWith)) {
      return torch(file);
    }
    throw new ProblemException(
        ProblemKind.USAGE,
        file
            + " is no file of weights by its name or its first bytes; read are .pt, .pth, .ckpt and"
            + " .bin of PyTorch, .safetensors and .onnx");
  }

  private static byte[] head(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ProblemException(ProblemKind.BAD_DATA, file + ": no such file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(HEAD);
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file + ": cannot be read: " + e.getMessage(), e);
    }
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
    List<String> roles =
        model.description().kind() == ModelKind.AUTOENCODER
            ? List.of(ModelDescription.ENCODER, ModelDescription.DECODER)
            : List.of(ModelDescription.MODEL);
    Map<String, FloatTensor> tensors = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (String role : roles) {
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
