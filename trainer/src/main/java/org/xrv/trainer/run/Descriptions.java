package org.xrv.trainer.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.xrv.core.architecture.DenseNet;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.dataset.catalog.Datasets;
import org.xrv.core.dataset.manifest.DataManifest;
import org.xrv.core.dataset.manifest.DataManifests;
import org.xrv.core.dataset.manifest.ManifestFile;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelDescription.DataUse;
import org.xrv.core.modelpackage.ModelDescription.PreprocessingDescription;
import org.xrv.core.modelpackage.OutputKind;
import org.xrv.core.modelpackage.TargetDescription;
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
    return ModelDescription.autoencoder(
        and(network.facts(), "loss", config.train().loss().name().toLowerCase(Locale.ROOT)),
        PreprocessingDescription.of(config.data().resize(), network.resolution()),
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
    return ModelDescription.classifier(
        and(
            network.facts(),
            "calibration",
            config.tasks().calibrate().name().toLowerCase(Locale.ROOT)),
        PreprocessingDescription.of(config.data().resize(), config.resolution()),
        config.model().targets(),
        OutputKind.LOGITS,
        stated,
        dataUse(config.data().names()),
        "Apache-2.0",
        "Classifier of chest X-rays. " + RESEARCH,
        targets);
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

  private static Map<String, Object> and(Map<String, Object> facts, String key, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(facts);
    more.put(key, value);
    return more;
  }
}
