package org.xrv.trainer.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.xrv.converter.torchscript.Loss;
import org.xrv.converter.torchscript.Numerics;
import org.xrv.converter.torchscript.TrainingRecipe;
import org.xrv.core.architecture.Initialization;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Shape;
import org.xrv.core.random.KeyedRandom;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.trainer.config.PrecisionName;
import org.xrv.trainer.config.RunConfig;
import org.xrv.trainer.engine.Engine;
import org.xrv.trainer.engine.TrainingSession;

/**
 * What {@code precision: auto} means on this machine: the faster of a few steps each. A run that
 * exists keeps its choice, which stands in its config.yaml, or it would not go on bit for bit.
 */
final class PrecisionChoice {
  private static final int WARM_UP = 1;
  private static final int STEPS = 3;

  /** More images take longer to try and tell nothing more. */
  private static final int LARGEST_BATCH = 8;

  private final Engine engine;
  private final Runnable stopCheck;
  private final Consumer<String> messages;

  PrecisionChoice(Engine engine, Runnable stopCheck, Consumer<String> messages) {
    this.engine = engine;
    this.stopCheck = stopCheck;
    this.messages = messages;
  }

  /** The settings with the precision decided. */
  <C extends RunConfig> C decide(C config, Class<C> type, Path run, Resume resume) {
    if (config.train().precision() != PrecisionName.AUTO) {
      return config;
    }
    Optional<String> earlier = resume == Resume.NEVER ? Optional.empty() : earlier(run);
    String chosen = earlier.orElseGet(() -> faster(config));
    return ConfigTree.of("settings", config).put("train.precision", chosen).as(type);
  }

  private static Optional<String> earlier(Path run) {
    Path file = run.resolve(RunDirectory.CONFIG);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    JsonNode precision = ConfigTree.read(file).root().path("train").path("precision");
    return Optional.of(precision.asText()).filter(p -> !p.isEmpty());
  }

  private String faster(RunConfig config) {
    int batch =
        Math.max(1, Math.min(LARGEST_BATCH, config.train().batch() / config.train().accumulate()));
    messages.accept("precision auto: trying " + STEPS + " steps of each");
    Map<PrecisionName, Double> rates = new EnumMap<>(PrecisionName.class);
    for (PrecisionName name : new PrecisionName[] {PrecisionName.FP32, PrecisionName.BF16}) {
      rates.put(name, rate(config, name, batch));
    }
    PrecisionName chosen =
        rates.get(PrecisionName.BF16) > rates.get(PrecisionName.FP32)
            ? PrecisionName.BF16
            : PrecisionName.FP32;
    String word = chosen.name().toLowerCase(Locale.ROOT);
    messages.accept(
        String.format(
            Locale.ROOT,
            "precision: fp32 %.2f img/s, bf16 %.2f img/s; training in %s",
            rates.get(PrecisionName.FP32),
            rates.get(PrecisionName.BF16),
            word));
    return word;
  }

  private double rate(RunConfig config, PrecisionName name, int batch) {
    Graph graph = config.network();
    Loss loss = config.train().minimised();
    Numerics numerics = new Numerics(name.precision(), config.train().layout().layout());
    int side = config.resolution();
    FloatTensor images = FloatTensor.zeros(Shape.of(batch, 1, side, side));
    KeyedRandom random = KeyedRandom.of(1, "precision auto");
    for (int i = 0; i < images.data().length; i++) {
      images.data()[i] = (float) random.nextDouble(-1024, 1024);
    }
    double[] seconds = new double[STEPS];
    try (TrainingSession session =
        engine.train(
            graph,
            Initialization.PYTORCH.weights(graph, 1),
            TrainingRecipe.of(loss, config.train().optimizer()),
            numerics)) {
      FloatTensor target =
          loss instanceof Loss.BinaryCrossEntropy
              ? FloatTensor.zeros(session.predict(images).shape())
              : images;
      for (int i = -WARM_UP; i < STEPS; i++) {
        stopCheck.run();
        long start = System.nanoTime();
        session.step(images, target, config.train().lr());
        if (i >= 0) {
          seconds[i] = (System.nanoTime() - start) / 1e9;
        }
      }
    }
    Arrays.sort(seconds);
    return batch / seconds[STEPS / 2];
  }
}
