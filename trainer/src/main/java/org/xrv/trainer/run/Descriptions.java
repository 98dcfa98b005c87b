package org.xrv.trainer.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.xrv.core.architecture.DenseNet;
import org.xrv.core.architecture.DenseNetSize;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.dataset.catalog.Datasets;
import org.xrv.core.dataset.manifest.DataManifest;
import org.xrv.core.dataset.manifest.DataManifests;
import org.xrv.core.dataset.manifest.ManifestFile;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.image.Resize;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelDescription.DataUse;
import org.xrv.core.modelpackage.ModelDescription.PreprocessingDescription;
import org.xrv.core.modelpackage.ModelKind;
import org.xrv.core.modelpackage.OutputKind;
import org.xrv.core.modelpackage.TargetDescription;
import org.xrv.explainer.model.ModelLoader;
import org.xrv.trainer.config.CalibrationName;
import org.xrv.trainer.config.ClassifierConfig;
import org.xrv.trainer.config.TrainConfig;
import org.xrv.trainer.task.ClassifierTask;

/** What a package states about a trained network. */
final class Descriptions {
  private static final String RESEARCH = "For research, not for diagnosis.";

  private Descriptions() {}

  static ModelDescription of(TrainConfig config, Map<String, Double> metrics) {
    ResNetAutoencoder network = config.model().architecture();
    return new ModelDescription(
        ModelDescription.FORMAT,
        ModelKind.AUTOENCODER,
        "",
        "",
        facts(
            "family",
            "resnet-autoencoder",
            "depth",
            network.depth(),
            "bottleneck",
            network.latent().bottleneck(),
            "latent",
            network.latent().toString(),
            "width",
            network.width(),
            "resolution",
            network.resolution(),
            "parameters",
            network.autoencoder().trainableCount(),
            "loss",
            config.train().loss().name().toLowerCase(Locale.ROOT)),
        preprocessing(config.data().resize(), network.resolution()),
        Map.of(ModelDescription.ENCODER, "encoder.onnx", ModelDescription.DECODER, "decoder.onnx"),
        List.of(),
        null,
        metrics,
        dataUse(config.data().names()),
        "Apache-2.0",
        "Autoencoder of chest X-rays for Latent Shift explanations. " + RESEARCH);
  }

  static ModelDescription of(
      ClassifierConfig config, Map<String, Double> metrics, List<TargetDescription> targets) {
    DenseNet network = config.model().architecture();
    Map<String, Double> stated = new LinkedHashMap<>(metrics);
    if (config.tasks().calibrate() != CalibrationName.NONE) {
      // It was measured before the calibration, which the areas do not notice.
      Double loss = stated.remove(ClassifierTask.LOSS);
      stated.put(ClassifierTask.LOSS + " before calibration", loss);
    }
    return new ModelDescription(
        ModelDescription.FORMAT,
        ModelKind.CLASSIFIER,
        "",
        "",
        facts(
            "family",
            "densenet",
            "size",
            DenseNetSize.of(network).map(DenseNetSize::name).orElse("own"),
            "blocks",
            config.model().blocks(),
            "growth",
            config.model().growth(),
            "resolution",
            config.resolution(),
            "parameters",
            network.graph().trainableCount(),
            "calibration",
            config.tasks().calibrate().name().toLowerCase(Locale.ROOT)),
        preprocessing(config.data().resize(), config.resolution()),
        Map.of(ModelDescription.MODEL, "model.onnx"),
        config.model().targets(),
        OutputKind.LOGITS,
        stated,
        dataUse(config.data().names()),
        "Apache-2.0",
        "Classifier of chest X-rays. " + RESEARCH,
        targets);
  }

  private static PreprocessingDescription preprocessing(Resize resize, int resolution) {
    return new PreprocessingDescription(
        resize.id(), resolution, -Preprocessing.RANGE, Preprocessing.RANGE);
  }

  /**
   * The terms of the data sets, as their manifests state them. The phantom has none; of a folder
   * the toolkit knows nothing, so that nobody may assume a right.
   */
  static DataUse dataUse(List<String> names) {
    boolean redistributable = true;
    Set<String> agreements = new TreeSet<>();
    List<String> sources = new ArrayList<>();
    for (String name : names) {
      if (DataManifests.known(name)) {
        ManifestFile file = DataManifests.of(name);
        DataManifest manifest = file.content();
        sources.add(file.name());
        redistributable &= manifest.redistributable();
        agreements.add(manifest.agreement());
      } else {
        sources.add(name);
        redistributable &= name.equals(Datasets.PHANTOM);
      }
    }
    agreements.remove("");
    return new DataUse(sources, String.join("; ", agreements), redistributable, true);
  }

  /** What an ONNX file itself carries. */
  static Map<String, String> metadata(ModelDescription description) {
    Map<String, String> metadata = new LinkedHashMap<>();
    description.architecture().forEach((key, value) -> metadata.put(key, String.valueOf(value)));
    metadata.put("preprocessing", description.preprocessing().id());
    metadata.put("trainedOn", String.join(",", description.dataUse().sources()));
    if (!description.targets().isEmpty()) {
      metadata.put("targets", String.join(",", description.targets()));
      metadata.put("outputs", "logits");
    }
    if (!description.targetDescriptions().isEmpty()) {
      // For those who have the file without the package.
      metadata.put(
          ModelLoader.OPERATING_POINTS,
          description.targetDescriptions().stream()
              .map(t -> t.operatingPoint() == null ? 0.5 : t.operatingPoint().probability())
              .map(String::valueOf)
              .collect(Collectors.joining(",")));
    }
    return metadata;
  }

  /** Facts in the order in which they are shown. */
  private static Map<String, Object> facts(Object... keysAndValues) {
    Map<String, Object> facts = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      facts.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return facts;
  }
}
