package org.xrv.converter.published;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.xrv.core.modelpackage.ModelMetadata;
import org.xrv.core.tensor.Safetensors;

/**
 * Writes weights as safetensors with what the file said beside them, so that nothing is lost that
 * importing the result needs.
 */
public final class SafetensorsExport {
  private SafetensorsExport() {}

  /**
   * Writes all tensors as float32.
   *
   * @throws org.xrv.core.error.ProblemException DISK when the file system refuses
   */
  public static void write(WeightFile weights, Path out) {
    Safetensors.write(out, weights.tensors(), metadata(weights));
  }

  private static Map<String, String> metadata(WeightFile weights) {
    Map<String, String> metadata = new TreeMap<>(weights.metadata());
    if (!weights.network().type().isEmpty()) {
      metadata.put("class", weights.network().type());
    }
    for (String attribute : ClassifierImport.TARGET_NAMES) {
      List<String> targets = weights.network().texts(attribute);
      if (!targets.isEmpty()) {
        metadata.putIfAbsent(ModelMetadata.TARGETS, String.join(",", targets));
      }
    }
    if (weights.network().isTrue(ClassifierImport.APPLY_SIGMOID)) {
      metadata.put(ClassifierImport.APPLY_SIGMOID, "true");
    }
    List<Double> points = weights.network().numbers(ClassifierImport.OP_THRESHS);
    if (!points.isEmpty()) {
      metadata.put(
          ModelMetadata.APPLIED_OPERATING_POINTS,
          points.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }
    return metadata;
  }
}
