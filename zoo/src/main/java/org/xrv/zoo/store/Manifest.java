package org.xrv.zoo.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;

/**
 * The manifest of a model: an OCI image manifest 1.1 of the CNCF ModelPack artifact type, one raw
 * layer per file. It holds no time and no name, so the same files have the same digest.
 *
 * @param config the image configuration
 * @param files in the order of their paths, {@code xrv-model.json} among them
 */
public record Manifest(Blob config, List<PackageFile> files) {
  /** What a registry calls it. */
  public static final String MEDIA_TYPE = "application/vnd.oci.image.manifest.v1+json";

  /** Of a model, by the CNCF ModelPack specification. */
  public static final String ARTIFACT_TYPE = "application/vnd.cncf.model.manifest.v1+json";

  /** An image's: with ModelPack's own type, skopeo inspect and others refuse to look inside. */
  private static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";

  private static final String FILE_PATH = "org.cncf.model.filepath";
  private static final String TITLE = "org.opencontainers.image.title";

  public Manifest {
    files = files.stream().sorted((a, b) -> a.path().compareTo(b.path())).toList();
    requireSeparate(files);
  }

  /** Two paths that are one file on some system, or a file where another needs a directory. */
  private static void requireSeparate(List<PackageFile> files) {
    Map<String, PackagePath> seen = new TreeMap<>();
    for (PackageFile file : files) {
      PackagePath other = seen.put(file.path().text().toLowerCase(Locale.ROOT), file.path());
      if (other != null) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            "'" + other + "' and '" + file.path() + "' are one file on some systems; rename one");
      }
    }
    for (String path : seen.keySet()) {
      for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
        if (seen.containsKey(path.substring(0, slash))) {
          throw new ProblemException(
              ProblemKind.BAD_DATA,
              "'"
                  + path.substring(0, slash)
                  + "' is a file and also the directory of '"
                  + path
                  + "'");
        }
      }
    }
    if (!seen.containsKey(PackageIdentity.FILE.text())) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, "a model package holds a file " + PackageIdentity.FILE);
    }
  }

  /**
   * The image configuration (OCI image specification 1.1) of some files: what they are, as labels,
   * and their digests, which for uncompressed layers are the diff ids.
   */
  static byte[] config(PackageIdentity description, List<PackageFile> files) {
    ObjectNode config = ZooJson.object().put("architecture", "unknown").put("os", "unknown");
    ObjectNode labels = config.putObject("config").putObject("Labels");
    description.name().ifPresent(n -> labels.put("org.opencontainers.image.title", n));
    description.version().ifPresent(v -> labels.put("org.opencontainers.image.version", v));
    description.architecture().ifPresent(a -> labels.put("org.cncf.model.architecture", a));
    if (files.stream().anyMatch(f -> f.path().text().endsWith(".onnx"))) {
      labels.put("org.cncf.model.format", "onnx");
    }
    ArrayNode diffIds = config.putObject("rootfs").put("type", "layers").putArray("diff_ids");
    files.stream()
        .sorted((a, b) -> a.path().compareTo(b.path()))
        .forEach(f -> diffIds.add(f.blob().digest().toString()));
    return ZooJson.bytes(config);
  }

  /** The file that describes the model. */
  public PackageFile description() {
    return files.stream().filter(f -> f.path().equals(PackageIdentity.FILE)).findFirst().get();
  }

  byte[] toJson() {
    ObjectNode json =
        ZooJson.object()
            .put("schemaVersion", 2)
            .put("mediaType", MEDIA_TYPE)
            .put("artifactType", ARTIFACT_TYPE);
    json.set("config", descriptor(CONFIG_TYPE, config));
    ArrayNode layers = json.putArray("layers");
    for (PackageFile file : files) {
      ObjectNode layer = descriptor(file.mediaType(), file.blob());
      layer
          .putObject("annotations")
          .put(FILE_PATH, file.path().text())
          .put(TITLE, file.path().text());
      layers.add(layer);
    }
    return ZooJson.bytes(json);
  }

  /** A descriptor of the OCI image specification. */
  static ObjectNode descriptor(String mediaType, Blob blob) {
    return ZooJson.object()
        .put("mediaType", mediaType)
        .put("digest", blob.digest().toString())
        .put("size", blob.size());
  }

  /**
   * Reads a manifest.
   *
   * @param where names it in a message
   * @throws ProblemException BAD_DATA when it is no manifest of a model of raw layers
   */
  public static Manifest parse(byte[] bytes, String where) {
    ObjectNode json = ZooJson.parse(bytes, where);
    if (json.path("schemaVersion").asInt() != 2
        || !json.path("artifactType").asText().equals(ARTIFACT_TYPE)
        || !json.path("layers").isArray()) {
      throw bad(where, "is no manifest of a model (artifactType " + ARTIFACT_TYPE + ")");
    }
    List<PackageFile> files = new ArrayList<>();
    for (JsonNode layer : json.path("layers")) {
      JsonNode path = layer.path("annotations").path(FILE_PATH);
      if (path.isMissingNode()) { // by tools that know OCI only
        path = layer.path("annotations").path(TITLE);
      }
      if (!path.isTextual() || !layer.path("mediaType").asText().endsWith(".raw")) {
        throw bad(where, "has a layer that is not one raw file with " + FILE_PATH + " or " + TITLE);
      }
      files.add(new PackageFile(new PackagePath(path.asText()), blob(layer, where)));
    }
    return new Manifest(blob(json.path("config"), where), files);
  }

  /**
   * Digest and size of a descriptor.
   *
   * @throws ProblemException BAD_DATA
   */
  public static Blob blob(JsonNode descriptor, String where) {
    JsonNode size = descriptor.path("size");
    JsonNode digest = descriptor.path("digest");
    if (!size.isIntegralNumber() || !size.canConvertToLong() || !digest.isTextual()) {
      throw bad(where, "has a descriptor without digest or size");
    }
    try {
      return new Blob(Digest.parse(digest.asText()), size.asLong());
    } catch (ProblemException e) {
      throw bad(where, "has a bad descriptor: " + e.getMessage());
    }
  }

  private static ProblemException bad(String where, String problem) {
    return new ProblemException(ProblemKind.BAD_DATA, where + " " + problem);
  }
}
