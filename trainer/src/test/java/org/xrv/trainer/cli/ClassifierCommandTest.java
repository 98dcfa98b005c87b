package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.architecture.DenseNet;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.dataset.phantom.PhantomDataset;
import org.xrv.core.graph.Shape;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.modelpackage.TargetDescription;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.explainer.model.LoadedClassifier;
import org.xrv.explainer.model.ModelLoader;
import org.xrv.explainer.model.ZooModels;
import org.xrv.trainer.config.ClassifierConfig;
import org.xrv.trainer.metric.Logistic;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.user.UserZoo;

/** Classifiers from the command line to the zoo, small enough to take seconds. */
class ClassifierCommandTest {
  private static final List<String> TARGETS = List.of("Cardiomegaly", "Effusion");
  @TempDir Path directory;

  private static Program train(Path run, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "classifier",
                "--preset=quickstart-classifier",
                "--set=model.targets=[Cardiomegaly, Effusion]",
                "--resolution=32",
                "--set=data.phantom.count=120",
                "--set=data.validationFraction=0.4",
                "--set=train.epochs=2",
                "--out=" + run));
    arguments.addAll(List.of(more));
    return Program.run(arguments.toArray(String[]::new));
  }

  @Test
  void shouldStateItsTargetsAndFoldTheCalibration() throws IOException {
    Path run = directory.resolve("run");
    Path zoo = directory.resolve("zoo");
    // Long enough to rank both findings the right way, without which there is no calibration.
    Program program =
        train(
            run,
            "--set=data.phantom.count=300",
            "--set=train.epochs=16",
            "--task-weights=balanced",
            "--publish=two:1.0.0",
            "--zoo=" + zoo);
    assertEquals(0, program.code(), program.err());
    assertTrue(program.err().contains("; weight "), program.err());
    assertTrue(program.err().contains("present from P = "), program.err());

    ModelDescription d = ModelPackage.read(run.resolve("export")).description();
    assertEquals(TARGETS, d.targets());
    assertEquals(TARGETS, d.targetDescriptions().stream().map(TargetDescription::name).toList());
    for (TargetDescription t : d.targetDescriptions()) {
      assertEquals(
          d.metrics().get("validationImages"),
          (double) (t.positives() + t.negatives() + t.unknown()));
      assertEquals(d.metrics().get("auc." + t.name()), t.auc());
      assertFalse(t.calibration().applied());
    }
    String card = Files.readString(run.resolve("export").resolve("README.md"));
    assertTrue(card.contains("| target | positive | negative |"), card);
    assertTrue(card.contains("## Calibration"), card);

    // The explainer takes the operating points from the package and from the lone file.
    List<Double> points =
        d.targetDescriptions().stream().map(t -> t.operatingPoint().probability()).toList();
    ModelLoader models = new ModelLoader(new ZooModels(UserZoo.of(new LocalZoo(zoo)), w -> {}));
    assertEquals(points, models.classifier("two").operatingPoints());
    LoadedClassifier file =
        models.classifier(run.resolve("export").resolve("model.onnx").toString());
    assertEquals(points, file.operatingPoints());

    // The same run with the calibration folded in.
    Path folded = directory.resolve("folded");
    Program export = Program.run("export", run.toString(), "--out=" + folded, "--calibrate=platt");
    assertEquals(0, export.code(), export.err());
    ModelDescription f = ModelPackage.read(folded).description();
    FloatTensor images = images();
    float[] before = logits(run.resolve("export"), images);
    float[] after = logits(folded, images);
    for (int i = 0; i < before.length; i++) {
      TargetDescription t = f.targetDescriptions().get(i % 2);
      TargetDescription.Calibration c = t.calibration();
      assertTrue(c.applied());
      assertEquals(c.scale() * before[i] + c.shift(), after[i], 1e-4);
      // On the same side of its threshold.
      assertEquals(
          before[i] >= Logistic.logit(points.get(i % 2)),
          after[i] >= Logistic.logit(t.operatingPoint().probability()));
    }
    assertEquals("platt", f.architecture().get("calibration"));
    assertFalse(f.metrics().containsKey("loss"));
    assertNotEquals(points.get(0), f.targetDescriptions().get(0).operatingPoint().probability());
  }

  private static FloatTensor images() {
    PhantomDataset phantom = new PhantomDataset(9, 3);
    FloatTensor images = FloatTensor.zeros(Shape.of(3, 1, 32, 32));
    for (int i = 0; i < 3; i++) {
      float[] pixels = phantom.image(phantom.samples().get(i), 32).pixels();
      System.arraycopy(pixels, 0, images.data(), i * pixels.length, pixels.length);
    }
    return images;
  }

  private static float[] logits(Path directory, FloatTensor images) {
    try (OnnxRunner runner = OnnxRunner.open(directory.resolve("model.onnx"), 1)) {
      return runner.run(Map.of("image", images)).get(DenseNet.LOGITS).data();
    }
  }

  @Test
  void shouldSayInOneLineWhatCannotBeScored() {
    Path run = directory.resolve("run");
    Program program =
        train(
            run, "--set=data.maxValidationImages=1", "--task-weights=1,3", "--set=train.epochs=1");
    assertEquals(0, program.code(), program.err());
    assertEquals(1, program.err().lines().filter(l -> l.contains("no AUC")).count(), program.err());
    assertTrue(program.err().contains("calibration for Cardiomegaly, Effusion"), program.err());
    ModelDescription d = ModelPackage.read(run.resolve("export")).description();
    for (TargetDescription t : d.targetDescriptions()) {
      assertEquals(1, t.positives() + t.negatives());
      assertEquals(null, t.auc());
      assertEquals(null, t.operatingPoint());
      assertEquals(null, t.calibration());
    }
  }

  @Test
  void shouldRefuseWhatIsNotKnownWithTheNearest() {
    Program target = train(directory.resolve("a"), "--set=model.targets=[Cardiomegaly, Efusion]");
    assertEquals(2, target.code());
    assertTrue(target.err().contains("did you mean 'Effusion'?"), target.err());
    Program arch = train(directory.resolve("b"), "--arch=densnet121");
    assertEquals(2, arch.code());
    assertTrue(arch.err().contains("did you mean 'densenet121'?"), arch.err());
    Program weights = train(directory.resolve("c"), "--task-weights=1,2,3");
    assertEquals(2, weights.code());
    assertTrue(weights.err().contains("tasks.weights"), weights.err());
    Program calibrate = train(directory.resolve("d"), "--calibrate=isotonic");
    assertEquals(2, calibrate.code());
    assertTrue(calibrate.err().contains("tasks.calibrate"), calibrate.err());
    Program twice = train(directory.resolve("e"), "--set=model.targets=[Mass, Mass]");
    assertEquals(2, twice.code());
    assertTrue(twice.err().contains("each finding once"), twice.err());
  }

  @Test
  void shouldKnowSizesByName() {
    Path run = directory.resolve("run");
    Program program =
        train(run, "--arch=densenet-tiny", "--set=data.phantom.count=24", "--set=train.epochs=1");
    assertEquals(0, program.code(), program.err());
    ClassifierConfig config =
        ConfigTree.read(run.resolve("config.yaml")).as(ClassifierConfig.class);
    assertEquals(List.of(3, 6, 6), config.model().blocks());
    assertEquals(
        "densenet-tiny",
        ModelPackage.read(run.resolve("export")).description().architecture().get("size"));
  }
}
