package org.xrv.trainer.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.xrv.core.architecture.Recognition;
import org.xrv.core.architecture.ResNetAutoencoder;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.core.tensor.WeightFit;
import org.xrv.trainer.config.ClassifierConfig;
import org.xrv.trainer.config.RunConfig;
import org.xrv.trainer.config.TrainConfig;
import org.xrv.trainer.run.WeightSource.Facts;
import org.xrv.zoo.store.LocalZoo;

/**
 * Weights that a run begins with instead of random ones (setting {@code train.init}).
 *
 * @param weights those that were taken; none when all are random, or when the run goes on from a
 *     checkpoint
 * @param provenance what run.json says about them, with the digests of their files
 */
record InitialWeights(NamedTensors weights, Map<String, Object> provenance) {
  private static final NamedTensors NONE = new NamedTensors(Map.of());

  InitialWeights {
    provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
  }

  /** Of a run that goes on: its document tells, its checkpoints have the weights. */
  static InitialWeights earlier(Path run) {
    return new InitialWeights(NONE, Provenance.init(run.resolve(Provenance.FILE)));
  }

  /**
   * Finds, reads and compares what the settings name.
   *
   * @throws ProblemException NOT_FOUND, USAGE or BAD_DATA when there is nothing of that name, it
   *     cannot be read, or it does not fit the network
   */
  static InitialWeights of(RunConfig config, LocalZoo zoo, Consumer<String> messages) {
    String name = config.train().init();
    if (name.isEmpty()) {
      return new InitialWeights(NONE, Map.of());
    }
    WeightSource source = WeightSource.of(name, zoo);
    Graph network = config.network();
    WeightFit fit = WeightFit.of(network, source.tensors());
    boolean partial = config.train().initPartial();
    if (fit.fitting().isEmpty() || !(partial || fit.isExact())) {
      throw unfit(config, source, fit);
    }
    requireFinite(source, fit.fitting());
    Map<String, FloatTensor> taken = new LinkedHashMap<>();
    fit.fitting().forEach(n -> taken.put(n, source.tensors().get(n)));
    List<String> fresh =
        network.parameters().keySet().stream().filter(n -> !taken.containsKey(n)).toList();
    messages.accept("first weights: " + taken.size() + " tensors of " + source.what());
    source.remarks().forEach(messages);
    if (!fresh.isEmpty()) {
      messages.accept(
          fresh.size() + " tensors begin with random weights (" + WeightFit.some(fresh) + ")");
    }
    remarks(facts(config), source.facts()).forEach(messages);

    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("from", name);
    provenance.putAll(source.provenance());
    provenance.put("tensors", taken.size());
    provenance.put("random", fresh);
    return new InitialWeights(new NamedTensors(taken), provenance);
  }

  /** Other weights with these in place of theirs. */
  NamedTensors over(NamedTensors random) {
    Map<String, FloatTensor> all = new LinkedHashMap<>(random.tensors());
    all.putAll(weights.tensors());
    return new NamedTensors(all);
  }

  private static ProblemException unfit(RunConfig config, WeightSource source, WeightFit fit) {
    String seems =
        Recognition.of(source.tensors())
            .map(r -> "it seems to be " + r)
            .orElse(
                "its names are of no network known here ("
                    + WeightFit.some(List.copyOf(source.tensors().names()))
                    + ")");
    return new ProblemException(
        ProblemKind.BAD_DATA,
        "train.init: "
            + source.what()
            + " does not fit "
            + wanted(config)
            + ": of "
            + config.network().parameters().size()
            + " tensors "
            + fit.differences()
            + "; "
            + seems
            + (fit.fitting().isEmpty()
                ? ", and nothing of it fits"
                : "; choose the settings of its network, or --init-partial to take the "
                    + fit.fitting().size()
                    + " that fit"));
  }

  private static String wanted(RunConfig config) {
    if (config instanceof TrainConfig autoencoder) {
      ResNetAutoencoder network = autoencoder.model().architecture();
      return "the autoencoder of depth "
          + network.depth()
          + ", z "
          + network.latent()
          + ", width "
          + network.width();
    }
    ClassifierConfig classifier = (ClassifierConfig) config;
    return "the DenseNet with blocks "
        + classifier.model().blocks()
        + ", growth "
        + classifier.model().growth()
        + ", "
        + classifier.model().targets().size()
        + " outputs";
  }

  private static Facts facts(RunConfig config) {
    return config instanceof ClassifierConfig classifier
        ? new Facts("", classifier.resolution(), classifier.model().targets())
        : new Facts(
            ((TrainConfig) config).model().architecture().latent().toString(),
            config.resolution(),
            List.of());
  }

  /** Weights of another meaning can have the same shapes. */
  private static List<String> remarks(Facts here, Facts there) {
    List<String> remarks = new ArrayList<>();
    if (there.resolution() > 0 && there.resolution() != here.resolution()) {
      remarks.add(
          "these weights were trained at "
              + there.resolution()
              + " pixels, here are "
              + here.resolution());
    }
    if (!there.latent().isEmpty() && !there.latent().equals(here.latent())) {
      remarks.add(
          "these weights were trained with z " + there.latent() + ", here " + here.latent());
    }
    if (!there.targets().isEmpty() && !there.targets().equals(here.targets())) {
      remarks.add(
          "these weights were trained to tell "
              + String.join(", ", there.targets())
              + "; here "
              + String.join(", ", here.targets()));
    }
    return remarks;
  }

  private static void requireFinite(WeightSource source, List<String> names) {
    for (String name : names) {
      for (float value : source.tensors().get(name).data()) {
        if (!Float.isFinite(value)) {
          throw new ProblemException(
              ProblemKind.BAD_DATA,
              "train.init: " + source.what() + " has " + value + " in '" + name + "'");
        }
      }
    }
  }
}
