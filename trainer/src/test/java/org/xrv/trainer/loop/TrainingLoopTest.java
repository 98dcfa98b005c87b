package org.xrv.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.architecture.LatentShape;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;
import org.xrv.trainer.checkpoint.Checkpoint;
import org.xrv.trainer.checkpoint.CheckpointStore;
import org.xrv.trainer.checkpoint.CheckpointWriter;
import org.xrv.trainer.checkpoint.TrainingState;
import org.xrv.trainer.config.AugmentationSettings;
import org.xrv.trainer.config.CheckpointSettings;
import org.xrv.trainer.config.LayoutName;
import org.xrv.trainer.config.LossName;
import org.xrv.trainer.config.LossTerms;
import org.xrv.trainer.config.PrecisionName;
import org.xrv.trainer.config.ScheduleName;
import org.xrv.trainer.config.TrainSettings;
import org.xrv.trainer.data.Discs;
import org.xrv.trainer.data.ImageCache;
import org.xrv.trainer.data.Loader;
import org.xrv.trainer.data.MeanImage;
import org.xrv.trainer.data.OnUnreadable;
import org.xrv.trainer.engine.DjlEngine;
import org.xrv.trainer.engine.TrainingSession;
import org.xrv.trainer.log.MetricsLog;
import org.xrv.trainer.task.AutoencoderTask;

/** The loop with the real engine on a small network. */
class TrainingLoopTest {
  private static final ResNetAutoencoder NETWORK =
      new ResNetAutoencoder(50, new LatentShape(16, 1), 0.0625, 32);
  private static DjlEngine engine;
  @TempDir Path directory;

  @BeforeAll
  static void open() {
    engine = DjlEngine.open();
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private PrecisionName precision = PrecisionName.FP32;
  private int accumulate = 1;
  private double clipNorm;
  private double averageDecay;

  private TrainSettings settings(double lr) {
    return new TrainSettings(
        4,
        accumulate,
        3,
        0,
        0,
        lr,
        ScheduleName.WARMUP_COSINE,
        2,
        0.1,
        1,
        1,
        LossName.ELASTIC,
        new LossTerms(1, 1, 100, 0),
        1e-5,
        true,
        clipNorm,
        averageDecay,
        1024,
        1024,
        new AugmentationSettings(0, 0, 1, 1),
        9,
        "",
        false,
        precision,
        LayoutName.CHANNELS_LAST,
        "auto");
  }

  private TrainingState train(String name, double lr, int stopAfter, int everySteps) {
    return train(name, lr, stopAfter, everySteps, new Discs(20));
  }

  /** Trains 3 epochs of 4 steps, going on where the run was. */
  private TrainingState train(String name, double lr, int stopAfter, int everySteps, Discs discs) {
    Path run = directory.resolve(name);
    assertTrue(Files.isDirectory(run) || run.toFile().mkdir());
    List<Sample> samples = discs.samples();
    TrainSettings train = settings(lr);
    ImageCache images = new ImageCache(discs, 32, 1 << 20, OnUnreadable.SKIP, w -> {});
    StopSignal stop = StopSignal.none();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void message(String line) {}

          @Override
          public void step(StepReport report) {
            if (report.step() == stopAfter) {
              stop.request("SIGTEST");
            }
          }

          @Override
          public void validating(int epoch, int image, int all) {}

          @Override
          public void epoch(EpochReport report) {}
        };
    Optional<Checkpoint> from = CheckpointStore.newest(run, w -> {});
    try (Loader training =
            new Loader(
                samples.subList(0, 16),
                images,
                (image, random) -> {
                  float[] shifted = image.pixels().clone();
                  shifted[0] += (float) random.nextDouble();
                  return new GrayImage(image.height(), image.width(), shifted);
                },
                4,
                9,
                2);
        Loader validation =
            new Loader(
                samples.subList(16, 20), images, org.xrv.trainer.data.Augmenter.NONE, 4, 9, 2)) {
      AutoencoderTask task =
          new AutoencoderTask(
              NETWORK,
              train.minimised(),
              new Initialization(train.headScale(), 0.2),
              9,
              MeanImage.of(training, () -> {}));
      try (TrainingSession session =
              engine.train(
                  task.graph(), task.firstWeights(), train.recipe(task.loss()), train.numerics());
          CheckpointWriter writer =
              new CheckpointWriter(new CheckpointStore(run, 2, 9, "digest"))) {
        return new TrainingLoop(
                new LoopSettings(run, train, new CheckpointSettings(everySteps, 0, 2, "mae")),
                task,
                session,
                training,
                validation,
                writer,
                listener,
                stop)
            .run(from);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FP32", "BF16"})
  void shouldEndBitForBitAlikeHoweverOftenItWasStopped(PrecisionName precision) throws IOException {
    this.precision = precision;
    TrainingState whole = train("whole", 1e-3, 0, 0);
    assertEquals(12, whole.step());
    // In the middle of an epoch, at the end of one before its validation, and at the last step.
    for (int stopAfter : new int[] {2, 4, 7, 12}) {
      ProblemException e =
          assertThrows(ProblemException.class, () -> train("parts", 1e-3, stopAfter, 0));
      assertEquals(ProblemKind.PREEMPTED, e.kind());
      assertTrue(e.getMessage().contains("stopped by SIGTEST; step " + stopAfter), e.getMessage());
    }
    assertEquals(whole, train("parts", 1e-3, 0, 0));
    assertSameRun("whole", "parts");
    assertEquals(whole, train("parts", 1e-3, 0, 0), "a finished run stays as it is");
    assertSameRun("whole", "parts");
  }

  @Test
  void shouldResumeAveragedClippedAndAccumulatedBitForBit() throws IOException {
    accumulate = 2;
    clipNorm = 1000;
    averageDecay = 0.9;
    train("whole", 1e-3, 0, 0);
    for (int stopAfter : new int[] {3, 7}) {
      assertThrows(ProblemException.class, () -> train("parts", 1e-3, stopAfter, 0));
    }
    train("parts", 1e-3, 0, 0);
    assertSameRun("whole", "parts");
    // What is kept as the model is what was validated: the average.
    Checkpoint last =
        CheckpointStore.read(directory.resolve("whole").resolve("checkpoints").resolve("step-12"));
    String head = ResNetAutoencoder.HEAD_WEIGHT;
    assertFalse(
        Arrays.equals(
            last.model().get(head).data(), last.optimizer().get("stepped/" + head).data()));
  }

  private void assertSameRun(String one, String other) throws IOException {
    for (String file :
        List.of(
            "metrics.jsonl",
            "checkpoints/step-12/model.safetensors",
            "checkpoints/step-12/optimizer.safetensors",
            "checkpoints/step-12/state.json",
            "pictures/epoch-0003.png")) {
      assertArrayEquals(
          Files.readAllBytes(directory.resolve(one).resolve(file)),
          Files.readAllBytes(directory.resolve(other).resolve(file)),
          file);
    }
  }

  @Test
  void shouldSaveInTheMiddleOfAnEpoch() {
    assertThrows(ProblemException.class, () -> train("often", 1e-3, 6, 5));
    assertEquals(List.of(6L, 5L, 4L), CheckpointStore.steps(directory.resolve("often")));
  }

  @Test
  void shouldWriteItsMetricsBesideThoseOfTheMeanImage() throws IOException {
    train("run", 1e-3, 0, 0);
    List<JsonNode> lines =
        Files.readAllLines(directory.resolve("run").resolve(MetricsLog.METRICS)).stream()
            .map(TrainingLoopTest::json)
            .filter(line -> line.path("kind").asText().equals("epoch"))
            .toList();
    assertEquals(3, lines.size());
    JsonNode last = lines.get(2);
    assertEquals(12, last.path("step").asInt());
    assertEquals(3, last.path("epoch").asInt());
    assertTrue(last.path("mae").asDouble() > 0);
    assertTrue(last.path("mse").asDouble() > 0);
    assertTrue(last.path("meanImageMae").asDouble() > 0);
    assertEquals(
        lines.get(0).path("meanImageMae").asDouble(), last.path("meanImageMae").asDouble());
    assertTrue(last.path("trainLoss").asDouble() < lines.get(0).path("trainLoss").asDouble());
  }

  private static JsonNode json(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void shouldStopWhenTheLossIsNoNumberAndKeepTheLastGoodCheckpoint() throws IOException {
    assertThrows(ProblemException.class, () -> train("run", 1e-3, 2, 0));
    ProblemException e = assertThrows(ProblemException.class, () -> train("run", 1e30, 0, 0));
    assertEquals(ProblemKind.DIVERGED, e.kind());
    assertTrue(e.getMessage().contains("step "), e.getMessage());
    Checkpoint kept = CheckpointStore.newest(directory.resolve("run"), w -> {}).orElseThrow();
    assertEquals(2, kept.state().step());
  }
}
