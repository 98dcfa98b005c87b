package org.xrv.trainer.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xrv.converter.given.FileKind;
import org.xrv.converter.published.WeightFile;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.Digests;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.trainer.checkpoint.Checkpoint;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Snapshot;
import org.xrv.zoo.user.UserZoo;

/**
 * Weights under a name that a user gave: a model of the zoo, a model package, a run (its best
 * checkpoint), or a file.
 *
 * @param tensors by the names of the published PyTorch checkpoints
 * @param what they are, in words, with the file
 * @param provenance kind, version, digests of the files
 * @param remarks what a user should know about the reading
 */
record WeightSource(
    NamedTensors tensors,
    String what,
    Facts facts,
    Map<String, Object> provenance,
    List<String> remarks) {

  WeightSource {
    provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
    remarks = List.copyOf(remarks);
  }

  /**
   * What is known of the network beside its weights.
   *
   * @param latent such as 512x3x3; empty when unknown
   * @param resolution 0 when unknown
   * @param targets empty when unknown or none
   */
  record Facts(String latent, int resolution, List<String> targets) {
    static final Facts UNKNOWN = new Facts("", 0, List.of());
  }

  /**
   * Finds and reads weights. What is there as a file or directory goes before the zoo.
   *
   * @throws ProblemException NOT_FOUND, USAGE or BAD_DATA, in a line that names what was given
   */
  static WeightSource of(String name, LocalZoo zoo) {
    Path path = path(name);
    if (Files.isDirectory(path)) {
      return directory(path);
    }
    if (Files.exists(path)) {
      return file(path);
    }
    if (FileKind.ofName(name).isPresent() || path.isAbsolute() || name.startsWith(".")) {
      throw new ProblemException(
          ProblemKind.NOT_FOUND, "train.init: " + name + ": no such file or directory");
    }
    return model(name, zoo);
  }

  private static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new ProblemException(
          ProblemKind.USAGE, "train.init: '" + name + "' is no file's name: " + e.getReason(), e);
    }
  }

  private static WeightSource model(String name, LocalZoo zoo) {
    Snapshot snapshot;
    List<String> warnings = new ArrayList<>();
    try {
      snapshot = UserZoo.of(zoo).pull(name, w -> warnings.add("warning: " + w));
    } catch (ProblemException e) {
      throw new ProblemException(
          e.kind(), "train.init: '" + name + "' is no file or directory; " + e.getMessage(), e);
    }
    WeightSource found =
        modelPackage(ModelPackage.read(snapshot.directory()), snapshot.model().toString());
    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("kind", "zoo");
    provenance.put("model", snapshot.model().toString());
    provenance.put("digest", snapshot.digest().toString());
    provenance.put("files", found.provenance.get("files"));
    List<String> remarks = new ArrayList<>(found.remarks);
    remarks.addAll(warnings);
    return new WeightSource(found.tensors, found.what, found.facts, provenance, remarks);
  }

  private static WeightSource directory(Path path) {
    if (Files.isRegularFile(path.resolve(ModelPackage.DESCRIPTION))) {
      return modelPackage(ModelPackage.read(path), path.toString());
    }
    if (Files.isRegularFile(path.resolve(RunDirectory.CONFIG))) {
      return run(path);
    }
    throw new ProblemException(
        ProblemKind.BAD_DATA,
        "train.init: "
            + path
            + " is neither a model package (it has no "
            + ModelPackage.DESCRIPTION
            + ") nor a run (it has no "
            + RunDirectory.CONFIG
            + ")");
  }

  private static WeightSource modelPackage(ModelPackage found, String name) {
    ModelDescription description = found.description();
    Map<String, Object> files = new LinkedHashMap<>();
    for (String role : description.files().keySet()) {
      Path file = found.file(role);
      files.put(file.getFileName().toString(), digest(file));
    }
    Object latent = description.architecture().get("latent");
    return new WeightSource(
        WeightFile.of(found).tensors(),
        "model " + name,
        new Facts(
            latent == null ? "" : latent.toString(),
            description.preprocessing().resolution(),
            description.targets()),
        ordered("kind", "package", "files", files),
        List.of());
  }

  private static WeightSource run(Path path) {
    Checkpoint best = ModelExport.best(path);
    JsonNode model = ConfigTree.read(path.resolve(RunDirectory.CONFIG)).root().path("model");
    int resolution = model.path("resolution").asInt(0);
    List<String> targets = new ArrayList<>();
    model.path("targets").forEach(t -> targets.add(t.asText()));
    return new WeightSource(
        best.model(),
        "the best checkpoint of " + path + ", step " + best.state().step(),
        new Facts(latent(model.path("bottleneck").asText(), resolution), resolution, targets),
        ordered(
            "kind",
            "run",
            "step",
            best.state().step(),
            "settingsDigest",
            "sha256:" + best.configDigest(),
            "files",
            Map.of(Checkpoint.MODEL, digest(best.directory().resolve(Checkpoint.MODEL)))),
        List.of());
  }

  private static String latent(String bottleneck, int resolution) {
    return bottleneck.matches("\\d{1,7}")
        ? LatentShape.ofBottleneck(Integer.parseInt(bottleneck), resolution).toString()
        : bottleneck;
  }

  private static WeightSource file(Path path) {
    WeightFile read = WeightFile.read(path);
    boolean torch = !read.found().equals("ONNX") && !read.found().equals("safetensors");
    return new WeightSource(
        read.tensors(),
        torch ? read.what() : path.toString(),
        Facts.UNKNOWN,
        ordered("kind", "file", "files", Map.of(path.getFileName().toString(), digest(path))),
        read.remarks());
  }

  private static String digest(Path file) {
    try {
      return "sha256:" + Digests.sha256(file);
    } catch (java.io.UncheckedIOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, "train.init: " + file + ": cannot be read", e);
    }
  }

  private static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
