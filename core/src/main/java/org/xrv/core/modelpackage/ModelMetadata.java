package org.xrv.core.modelpackage;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What a description leaves in the network files themselves, for those who have only the file. */
public final class ModelMetadata {
  /** A classifier's targets, separated by commas. */
  public static final String TARGETS = "targets";

  /** What a classifier's numbers mean: "logits" or "probabilities". */
  public static final String OUTPUTS = "outputs";

  /** The preprocessing's id. */
  public static final String PREPROCESSING = "preprocessing";

  /**
   * A classifier's operating points, one per target, separated by commas, for whoever shows them.
   */
  public static final String OPERATING_POINTS = "operating_points";

  /**
   * Operating points that the network's own last nodes have applied already, one per target,
   * separated by commas; NaN where there is none.
   */
  public static final String APPLIED_OPERATING_POINTS = "operatingPointsInGraph";

  private static final String TRAINED_ON = "trainedOn";

  private ModelMetadata() {}

  /** As text by key. */
  public static Map<String, String> of(ModelDescription description) {
    Map<String, String> metadata = new LinkedHashMap<>();
    description.architecture().forEach((key, value) -> metadata.put(key, String.valueOf(value)));
    metadata.put(PREPROCESSING, description.preprocessing().id());
    metadata.put(TRAINED_ON, String.join(",", description.dataUse().sources()));
    if (!description.targets().isEmpty()) {
      metadata.put(TARGETS, String.join(",", description.targets()));
      metadata.put(
          OUTPUTS, description.outputs() == OutputKind.LOGITS ? "logits" : "probabilities");
    }
    if (!description.targetDescriptions().isEmpty()) {
      metadata.put(
          OPERATING_POINTS,
          description.operatingPoints().stream()
              .map(String::valueOf)
              .collect(Collectors.joining(",")));
    }
    return metadata;
  }
}
