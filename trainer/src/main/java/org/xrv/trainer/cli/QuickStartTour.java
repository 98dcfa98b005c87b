package org.xrv.trainer.cli;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.phantom.Pathology;
import org.xrv.core.dataset.phantom.PhantomDataset;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.explainer.Explainer;
import org.xrv.explainer.Explanation;
import org.xrv.explainer.ExplanationRequest;
import org.xrv.explainer.ImageInput;
import org.xrv.explainer.metric.MaskAgreement;
import org.xrv.explainer.model.ModelLoader;
import org.xrv.explainer.model.ZooModels;
import org.xrv.explainer.render.ExplanationFiles;
import org.xrv.trainer.config.ClassifierConfig;
import org.xrv.trainer.config.TrainConfig;
import org.xrv.trainer.log.Pictures;
import org.xrv.trainer.run.Presets;
import org.xrv.trainer.run.Resume;
import org.xrv.trainer.run.TrainingRun;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.user.UserZoo;

/**
 * The rest of the quick start, once the autoencoder is in the zoo: a small classifier of the
 * phantom's Cardiomegaly, and an explanation of one of its predictions by the two models, pulled
 * from the zoo by name.
 */
final class QuickStartTour {
  private static final ModelVersion CLASSIFIER = ModelVersion.parse("phantom-cardiomegaly:0.1.0");
  private static final String TARGET = Pathology.CARDIOMEGALY.target();

  /** How many patients are explained; the one whose prediction falls most is shown. */
  private static final int PATIENTS = 12;

  private final Work work;
  private final LocalZoo zoo;
  private final TrainConfig config;
  private final Path run;

  QuickStartTour(Work work, LocalZoo zoo, TrainConfig config, Path run) {
    this.work = work;
    this.zoo = zoo;
    this.config = config;
    this.run = run;
  }

  void explainWith(ModelVersion autoencoder, TrainingRun.Outcome outcome) {
    if (!published()) {
      trainClassifier();
    }
    PhantomDataset phantom =
        new PhantomDataset(
            config.data().phantom().seed(),
            config.data().phantom().count(),
            config.data().phantom().options());
    ModelLoader models = new ModelLoader(new ZooModels(UserZoo.of(zoo), work.progress()::warning));
    try (Explainer explainer =
        new Explainer(
            models.autoencoder(autoencoder.toString()),
            models.classifier(CLASSIFIER.toString()),
            Runtime.getRuntime().availableProcessors())) {
      List<Patient> patients = recognised(phantom, outcome.validation(), explainer);
      if (patients.isEmpty()) {
        work.say("the classifier recognises " + TARGET + " in no patient: nothing to explain");
        return;
      }
      show(patients, phantom, autoencoder.name().toString());
    }
  }

  /** One of the explained, with how well the map agrees with the true heart. */
  private record Patient(Sample sample, Explanation explanation, MaskAgreement heart) {
    double fall() {
      return explanation.reconstruction().prediction() - explanation.frames().get(0).prediction();
    }
  }

  /** Whether the zoo has the classifier already, for images of this size. */
  private boolean published() {
    try {
      ModelPackage found = ModelPackage.read(zoo.pull(ModelReference.of(CLASSIFIER)).directory());
      int resolution = found.description().preprocessing().resolution();
      if (resolution != config.resolution()) {
        throw new ProblemException(
            ProblemKind.USAGE,
            "the zoo's "
                + CLASSIFIER
                + " takes images of "
                + resolution
                + " pixels, this autoencoder "
                + config.resolution()
                + "; choose another --zoo, or train a classifier with xrv-train classifier"
                + " --resolution "
                + config.resolution());
      }
      return true;
    } catch (ProblemException e) {
      if (e.kind() == ProblemKind.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private void trainClassifier() {
    ConfigTree tree =
        Presets.over(Presets.CLASSIFIER, Presets.QUICKSTART_CLASSIFIER, Presets.CLASSIFIERS)
            .put("model.resolution", config.resolution())
            .put("data.phantom.count", config.data().phantom().count())
            .put("data.phantom.seed", config.data().phantom().seed())
            .put("data.phantom.shortcut", config.data().phantom().shortcut())
            .put("data.workers", config.data().workers())
            .put("train.seed", config.train().seed());
    ClassifierConfig settings = tree.as(ClassifierConfig.class);
    work.say(
        "training a small classifier of " + TARGET + " on the phantom, to have one to explain");
    Path directory = run.resolve("phantom-cardiomegaly");
    TrainingRun.Outcome trained = work.training(zoo).classifier(settings, directory, Resume.AUTO);
    work.deliver(trained, Optional.of(CLASSIFIER), zoo);
  }

  /** Explains the first validation patients in whom the classifier sees the finding they have. */
  private List<Patient> recognised(
      PhantomDataset phantom, List<Sample> validation, Explainer explainer) {
    return validation.stream()
        .filter(s -> s.label(TARGET) == Finding.PRESENT)
        .filter(s -> explainer.prediction(phantom.image(s, config.resolution()), TARGET) > 0.5)
        .limit(PATIENTS)
        .map(s -> explained(phantom, s, explainer))
        .toList();
  }

  private Patient explained(PhantomDataset phantom, Sample sample, Explainer explainer) {
    work.progress().update(() -> "explaining " + sample.id());
    GrayImage image = phantom.image(sample, config.resolution());
    GrayImage heart = phantom.mask(sample, TARGET, config.resolution()).orElseThrow();
    Explanation explanation =
        explainer.explain(new ImageInput(sample.id(), image, true), ExplanationRequest.of(TARGET));
    return new Patient(sample, explanation, MaskAgreement.of(explanation.map(), heart));
  }

  private void show(List<Patient> patients, PhantomDataset phantom, String autoencoder) {
    Patient shown = patients.stream().max(Comparator.comparingDouble(Patient::fall)).orElseThrow();
    Path directory = run.resolve("explanation");
    Pictures.write(
        directory.resolve(shown.sample().id() + ".png"),
        List.of(List.of(phantom.image(shown.sample(), config.resolution()))));
    ExplanationFiles files = ExplanationFiles.write(shown.explanation(), directory);
    work.say(
        String.format(
            Locale.ROOT,
            "explained %d phantom patients with %s: mean IoU of the map with the true heart %.3f"
                + " (a random map: %.3f)",
            patients.size(),
            TARGET,
            mean(patients, p -> p.heart().iou()),
            mean(patients, p -> p.heart().maskShare() / (2 - p.heart().maskShare()))));
    work.say(
        String.format(
            Locale.ROOT,
            "shown is the one whose prediction falls most: %s, P(%s) %.3f on the image, %.3f on its"
                + " reconstruction, falling to %.3f; IoU %.3f",
            shown.sample().id(),
            TARGET,
            shown.explanation().prediction(),
            shown.explanation().reconstruction().prediction(),
            shown.explanation().frames().get(0).prediction(),
            shown.heart().iou()));
    work.say("look at " + files.gif() + " and " + files.panel());
    work.say(
        String.format(
            Locale.ROOT,
            "the same by hand: bin/xrv-explain %s --autoencoder %s --classifier %s --target %s"
                + " --out out",
            shown.sample().patient(),
            autoencoder,
            CLASSIFIER.name(),
            TARGET));
  }

  private static double mean(List<Patient> patients, ToDoubleFunction<Patient> value) {
    return patients.stream().mapToDouble(value).average().orElseThrow();
  }
}
