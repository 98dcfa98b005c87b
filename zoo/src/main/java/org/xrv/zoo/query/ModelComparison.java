package org.xrv.zoo.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.xrv.zoo.store.Blob;
import org.xrv.zoo.store.ModelDetails;
import org.xrv.zoo.store.PackageFile;

/**
 * Two models side by side.
 *
 * @param metadata what the descriptions say, without metrics
 * @param metrics of the last validation, also those of single targets
 * @param files of both packages, in the order of their paths
 */
public record ModelComparison(List<Field> metadata, List<Field> metrics, List<FilePair> files) {
  public ModelComparison {
    metadata = List.copyOf(metadata);
    metrics = List.copyOf(metrics);
    files = List.copyOf(files);
  }

  /** One value of a description; empty where a model does not have it. */
  public record Field(String name, Optional<JsonNode> a, Optional<JsonNode> b) {
    public Field {
      Objects.requireNonNull(name);
      Objects.requireNonNull(a);
      Objects.requireNonNull(b);
    }

    /** Whether both have it, and the same; 1 and 1.0 are. */
    public boolean isSame() {
      return a.isPresent() && b.isPresent() && (a.equals(b) || sameNumber(a.get(), b.get()));
    }

    private static boolean sameNumber(JsonNode a, JsonNode b) {
      if (a.isIntegralNumber() && b.isIntegralNumber()) {
        return a.bigIntegerValue().equals(b.bigIntegerValue());
      }
      return a.isNumber() && b.isNumber() && a.asDouble() == b.asDouble();
    }

    /** The second number less the first. */
    public OptionalDouble change() {
      if (!a.map(JsonNode::isNumber).orElse(false) || !b.map(JsonNode::isNumber).orElse(false)) {
        return OptionalDouble.empty();
      }
      double change = b.get().asDouble() - a.get().asDouble();
      return Double.isFinite(change) ? OptionalDouble.of(change) : OptionalDouble.empty();
    }
  }

  /** A file; empty where a model does not have it. */
  public record FilePair(String path, Optional<Blob> a, Optional<Blob> b) {
    public FilePair {
      Objects.requireNonNull(path);
      Objects.requireNonNull(a);
      Objects.requireNonNull(b);
    }

    public boolean isSame() {
      return a.equals(b);
    }
  }

  /** Compares descriptions and digests; no file is read. */
  public static ModelComparison of(ModelDetails a, ModelDetails b) {
    Map<String, JsonNode> left = DescriptionFields.of(a);
    Map<String, JsonNode> right = DescriptionFields.of(b);
    List<Field> metadata = new ArrayList<>();
    List<Field> metrics = new ArrayList<>();
    Map<String, JsonNode> names = new LinkedHashMap<>(left);
    right.forEach(names::putIfAbsent);
    for (String name : names.keySet()) {
      (isMetric(name) ? metrics : metadata)
          .add(
              new Field(
                  name, Optional.ofNullable(left.get(name)), Optional.ofNullable(right.get(name))));
    }
    Map<String, Blob> before = blobs(a);
    Map<String, Blob> after = blobs(b);
    Map<String, Blob> paths = new TreeMap<>(before);
    paths.putAll(after);
    List<FilePair> files =
        paths.keySet().stream()
            .map(
                p ->
                    new FilePair(
                        p, Optional.ofNullable(before.get(p)), Optional.ofNullable(after.get(p))))
            .toList();
    return new ModelComparison(metadata, metrics, files);
  }

  private static boolean isMetric(String name) {
    return name.startsWith("metrics.") || name.startsWith("targetDescriptions.");
  }

  private static Map<String, Blob> blobs(ModelDetails model) {
    Map<String, Blob> blobs = new TreeMap<>();
    for (PackageFile file : model.files()) {
      blobs.put(file.path().text(), file.blob());
    }
    return blobs;
  }
}
