package org.xrv.core.modelpackage;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.image.Resize;

/**
 * What xrv-model.json states about a model.
 *
 * @param format of this document
 * @param name in the zoo; empty before the model is published
 * @param version in the zoo; empty before the model is published
 * @param architecture by name: family, depth, latent, bottleneck, width, resolution, parameters ...
 * @param files by role ("encoder", "decoder"; "model"), names within the package
 * @param targets what a classifier's outputs tell, in their order; empty for an autoencoder
 * @param outputs what a classifier's numbers mean; null for an autoencoder
 * @param metrics of the last validation, by name
 * @param intendedUse and what the model is not for
 * @param targetDescriptions what validation says about each target, in the order of the targets;
 *     empty for an autoencoder, and where nothing was measured
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelDescription(
    int format,
    ModelKind kind,
    String name,
    String version,
    Map<String, Object> architecture,
    PreprocessingDescription preprocessing,
    Map<String, String> files,
    List<String> targets,
    OutputKind outputs,
    Map<String, Double> metrics,
    DataUse dataUse,
    String license,
    String intendedUse,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<TargetDescription> targetDescriptions) {
  /** The format that this version writes. */
  public static final int FORMAT = 1;

  public static final String ENCODER = "encoder";
  public static final String DECODER = "decoder";
  public static final String MODEL = "model";

  /**
   * How pixels become the network's input.
   *
   * @param id the procedure, see {@link org.xrv.core.image.Preprocessing}
   * @param resolution height and width in pixels
   * @param low the value of black
   * @param high the value of white
   */
  public record PreprocessingDescription(String id, int resolution, double low, double high) {
    public PreprocessingDescription {
      Objects.requireNonNull(id);
      if (resolution < 1 || low >= high) {
        throw bad("preprocessing to " + resolution + " pixels in [" + low + ", " + high + "]");
      }
    }

    /** Into the range of this toolkit's networks. */
    public static PreprocessingDescription of(Resize resize, int resolution) {
      return new PreprocessingDescription(
          resize.id(), resolution, -Preprocessing.RANGE, Preprocessing.RANGE);
    }
  }

  /**
   * The terms that come with the training data.
   *
   * @param sources data sets by name
   * @param agreement what a user must have accepted; empty when there is none
   */
  public record DataUse(
      List<String> sources, String agreement, boolean redistributable, boolean researchOnly) {
    public DataUse {
      sources = sources == null ? List.of() : List.copyOf(sources);
      agreement = agreement == null ? "" : agreement;
    }
  }

  /** An autoencoder without a name yet, in encoder.onnx and decoder.onnx. */
  public static ModelDescription autoencoder(
      Map<String, Object> architecture,
      PreprocessingDescription preprocessing,
      Map<String, Double> metrics,
      DataUse dataUse,
      String license,
      String intendedUse) {
    return new ModelDescription(
        FORMAT,
        ModelKind.AUTOENCODER,
        "",
        "",
        architecture,
        preprocessing,
        Map.of(ENCODER, ENCODER + ".onnx", DECODER, DECODER + ".onnx"),
        List.of(),
        null,
        metrics,
        dataUse,
        license,
        intendedUse);
  }

  /** A classifier without a name yet, in model.onnx. */
  public static ModelDescription classifier(
      Map<String, Object> architecture,
      PreprocessingDescription preprocessing,
      List<String> targets,
      OutputKind outputs,
      Map<String, Double> metrics,
      DataUse dataUse,
      String license,
      String intendedUse,
      List<TargetDescription> targetDescriptions) {
    return new ModelDescription(
        FORMAT,
        ModelKind.CLASSIFIER,
        "",
        "",
        architecture,
        preprocessing,
        Map.of(MODEL, MODEL + ".onnx"),
        targets,
        outputs,
        metrics,
        dataUse,
        license,
        intendedUse,
        targetDescriptions);
  }

  /** One that says nothing about single targets. */
  public ModelDescription(
      int format,
      ModelKind kind,
      String name,
      String version,
      Map<String, Object> architecture,
      PreprocessingDescription preprocessing,
      Map<String, String> files,
      List<String> targets,
      OutputKind outputs,
      Map<String, Double> metrics,
      DataUse dataUse,
      String license,
      String intendedUse) {
    this(
        format,
        kind,
        name,
        version,
        architecture,
        preprocessing,
        files,
        targets,
        outputs,
        metrics,
        dataUse,
        license,
        intendedUse,
        List.of());
  }

  public ModelDescription {
    if (format != FORMAT) {
      throw bad("format " + format + "; this version knows format " + FORMAT);
    }
    if (kind == null || preprocessing == null || files == null) {
      throw bad("'kind', 'preprocessing' or 'files' is missing");
    }
    name = name == null ? "" : name;
    version = version == null ? "" : version;
    architecture =
        architecture == null
            ? Map.of()
            : Collections.unmodifiableMap(new LinkedHashMap<>(architecture));
    files = Collections.unmodifiableMap(new TreeMap<>(files));
    targets = targets == null ? List.of() : List.copyOf(targets);
    metrics =
        metrics == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    dataUse = dataUse == null ? new DataUse(List.of(), "", false, true) : dataUse;
    license = license == null ? "" : license;
    intendedUse = intendedUse == null ? "" : intendedUse;
    // Packages of earlier versions have none.
    targetDescriptions = targetDescriptions == null ? List.of() : List.copyOf(targetDescriptions);
    List<String> described = targetDescriptions.stream().map(TargetDescription::name).toList();
    if (!described.isEmpty() && !described.equals(targets)) {
      throw bad("'targetDescriptions' are of " + described + ", the targets are " + targets);
    }
    List<String> roles = kind == ModelKind.AUTOENCODER ? List.of(ENCODER, DECODER) : List.of(MODEL);
    if (!files.keySet().containsAll(roles)) {
      throw bad("'files' names " + files.keySet() + ", expected " + roles);
    }
    for (String file : files.values()) {
      if (!file.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
        throw bad("'" + file + "' is not a plain file name");
      }
    }
    if (kind == ModelKind.CLASSIFIER && (targets.isEmpty() || outputs == null)) {
      throw bad("a classifier needs 'targets' and 'outputs'");
    }
  }

  /**
   * Per target the probability from which on it is called present, as its validation says; 0.5
   * where it says none. Empty where nothing was measured.
   */
  public List<Double> operatingPoints() {
    return targetDescriptions.stream()
        .map(
            t ->
                t.operatingPoint() == null
                    ? TargetDescription.OperatingPoint.NEUTRAL
                    : t.operatingPoint().probability())
        .toList();
  }

  private static ProblemException bad(String what) {
    return new ProblemException(ProblemKind.BAD_DATA, ModelPackage.DESCRIPTION + ": " + what);
  }

  /** This description under a name in the zoo. */
  public ModelDescription named(String newName, String newVersion) {
    return new ModelDescription(
        format,
        kind,
        newName,
        newVersion,
        architecture,
        preprocessing,
        files,
        targets,
        outputs,
        metrics,
        dataUse,
        license,
        intendedUse,
        targetDescriptions);
  }
}
