package org.xrv.trainer.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

/**
 * The rest of the quick start, once the autoencoder is in the zoo: a small classifier of the
 * phantom's Cardiomegaly, and an explanation of one of its predictions by the two models, pulled
 * from the zoo by name.
 */
final class QuickStartTour {
  private static final ModelVersion CLASSIFIER = ModelVersion.parse("phantom-cardiomegaly:0.1.0");
  private static final String TARGET = Pathology.CARDIOMEGALY.target();

  /** How many patients with the finding are tried until the classifier recognises one. */
  private static final int CANDIDATES = 20;

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
        new PhantomDataset(config.data().phantom().seed(), config.data().phantom().count());
    ModelLoader models = new ModelLoader(new ZooModels(zoo));
    try (Explainer explainer =
        new Explainer(
            models.autoencoder(autoencoder.toString()),
            models.classifier(CLASSIFIER.toString()),
            Runtime.getRuntime().availableProcessors())) {
      Optional<Sample> sample = recognised(phantom, outcome.validation(), explainer);
      if (sample.isEmpty()) {
        work.say(
            "the classifier recognises "
                + TARGET
                + " in none of "
                + CANDIDATES
                + " patients who have it: nothing to explain");
        return;
      }
      explain(phantom, sample.get(), explainer, autoencoder.name().toString());
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
            .put("data.workers", config.data().workers())
            .put("train.seed", config.train().seed());
    ClassifierConfig settings = tree.as(ClassifierConfig.class);
    work.say(
        "training a small classifier of " + TARGET + " on the phantom, to have one to explain");
    Path directory = run.resolve("phantom-cardiomegaly");
    TrainingRun.Outcome trained = work.training().classifier(settings, directory, Resume.AUTO);
    work.publish(work.export(directory, Optional.of(CLASSIFIER)), zoo, CLASSIFIER);
    work.say("trained: " + ConsoleListener.metrics(trained.metrics()));
  }

  /** The first validation patient with the finding whom the classifier calls likely to have it. */
  private Optional<Sample> recognised(
      PhantomDataset phantom, List<Sample> validation, Explainer explainer) {
    return validation.stream()
        .filter(s -> s.label(TARGET) == Finding.PRESENT)
        .limit(CANDIDATES)
        .filter(s -> explainer.prediction(phantom.image(s, config.resolution()), TARGET) > 0.5)
        .findFirst();
  }

  private void explain(PhantomDataset phantom, Sample sample, Explainer explainer, String name) {
    GrayImage image = phantom.image(sample, config.resolution());
    Path directory = run.resolve("explanation");
    Path picture = directory.resolve(sample.id() + ".png");
    Pictures.write(picture, List.of(List.of(image)));
    Explanation explanation =
        explainer.explain(new ImageInput(sample.id(), image, true), ExplanationRequest.of(TARGET));
    ExplanationFiles files = ExplanationFiles.write(explanation, directory);
    MaskAgreement heart =
        MaskAgreement.of(
            explanation.map(), phantom.mask(sample, TARGET, config.resolution()).orElseThrow());
    work.say(
        String.format(
            Locale.ROOT,
            "explained %s: P(%s) %.3f on the image, %.3f on its reconstruction, falling to %.3f;"
                + " IoU of the map with the true heart %.3f (a random map: %.3f)",
            sample.id(),
            TARGET,
            explanation.prediction(),
            explanation.reconstruction().prediction(),
            explanation.frames().get(0).prediction(),
            heart.iou(),
            heart.maskShare() / (2 - heart.maskShare())));
    work.say("look at " + files.gif() + " and " + files.panel());
    work.say(
        "the same by hand: xrv-explain "
            + sample.patient()
            + " --autoencoder "
            + name
            + " --classifier "
            + CLASSIFIER.name()
            + " --target "
            + TARGET
            + " --out DIR");
  }
}
