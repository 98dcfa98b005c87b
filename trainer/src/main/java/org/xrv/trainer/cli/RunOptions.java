package org.xrv.trainer.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.dataset.phantom.Shortcut;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.trainer.engine.DeviceList;
import org.xrv.trainer.run.Resume;
import org.xrv.trainer.run.TrainingRun;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.LocalZoo;
import picocli.CommandLine.Option;

/** What every kind of training takes; each option is a setting under a shorter name. */
final class RunOptions {
  private static final String AUTO = "auto";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings in YAML, over the preset's.")
  private Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting, such as train.lr=3e-4; may be repeated.")
  private List<String> set = new ArrayList<>();

  @Option(
      names = "--data",
      split = ",",
      paramLabel = "NAME",
      description = "Data sets: phantom (built in), nih, folder.")
  private List<String> data = List.of();

  @Option(
      names = "--data-root",
      paramLabel = "DIR",
      description = "Where the data sets lie, unpacked or in their archives; or one archive.")
  private Path dataRoot;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description =
          "A packed cache of the data sets, made by data prepare, to read instead of their files;"
              + " compared with them when --data-root is given too.")
  private Path cache;

  @Option(
      names = "--views",
      split = ",",
      paramLabel = "VIEW",
      description = "Projections to take, such as PA,AP, or all; PA unless given.")
  private List<String> views = List.of();

  @Option(
      names = "--split",
      paramLabel = "random|official",
      description = "Validate with a share of the patients, or with the publisher's own images.")
  private String split;

  @Option(
      names = "--resize",
      paramLabel = "antialias|area",
      description = "How images are resized: as torchxrayvision does, or averaged over areas.")
  private String resize;

  @Option(
      names = "--phantom-shortcut",
      paramLabel = "DEVICE-with-FINDING=P",
      description =
          "A device in the phantom that goes with a finding, such as"
              + " chest-tube-with-Pneumothorax=0.9.")
  private String phantomShortcut;

  @Option(names = "--resolution", description = "Height and width of the images in pixels.")
  private Integer resolution;

  @Option(names = "--epochs", description = "How often the training images are gone through.")
  private Integer epochs;

  @Option(names = "--steps", description = "The run's length in steps instead.")
  private Long steps;

  @Option(
      names = {"--batch", "--batch-size"},
      paramLabel = "N|auto",
      description = "Images per step; auto: the largest that memory holds, decided once for a run.")
  private String batch;

  @Option(
      names = "--accumulate",
      paramLabel = "N",
      description =
          "Cuts each batch into N equal parts whose gradients are summed: larger batches than memory"
              + " holds. BatchNorm uses each part's own statistics.")
  private Integer accumulate;

  @Option(
      names = "--devices",
      paramLabel = "auto|N|LIST",
      description =
          "Devices that compute the parts of a batch at the same time: auto (the first GPU or the"
              + " CPU), a number of GPUs, or names such as gpu:0,gpu:1. Cuts the batch into as many"
              + " parts unless --accumulate says otherwise.")
  private String devices;

  @Option(names = "--lr", description = "Learning rate.")
  private Double lr;

  @Option(
      names = "--precision",
      paramLabel = "auto|fp32|bf16",
      description =
          "fp32; bf16: convolutions and matrix products in bfloat16; auto: a few steps of each, then"
              + " the faster.")
  private String precision;

  @Option(
      names = "--init",
      paramLabel = "MODEL",
      description =
          "First weights: a model of the zoo such as ae-resnet101:1.0.0, a model package, a run, or"
              + " a file .onnx, .safetensors, .pt.")
  private String init;

  @Option(
      names = "--init-partial",
      description = "Takes the weights of --init that fit; the others stay random.")
  private boolean initPartial;

  @Option(names = "--seed", description = "Of weights, order, augmentation and split.")
  private Long seed;

  @Option(
      names = "--dry-run",
      description =
          "Checks data, shapes, memory, disk and time with two steps, then stops without having"
              + " written anything.")
  private boolean dryRun;

  @Option(
      names = "--overfit-batch",
      description =
          "For debugging: trains on one batch over and over, without augmentation, and validates"
              + " with it. The loss must come near 0.")
  private boolean overfitBatch;

  @Option(
      names = "--limit-batches",
      paramLabel = "N",
      description = "For debugging: at most so many batches per epoch, and per validation.")
  private Integer limitBatches;

  @Option(
      names = "--missing",
      paramLabel = "fail|skip",
      description =
          "What to do about images that the tables list and that are not there; fail, naming some,"
              + " unless given.")
  private String missing;

  @Option(
      names = "--on-unreadable",
      paramLabel = "skip|fail",
      description = "What to do about an image that cannot be read; skip, naming it, unless given.")
  private String onUnreadable;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The run's directory; runs/ and a name made of the settings unless given.")
  private Path out;

  @Option(
      names = "--resume",
      paramLabel = "auto|never|must|changed",
      defaultValue = "auto",
      description =
          "What to do about a run in that directory: go on from its newest sound checkpoint, begin"
              + " anew and keep the earlier one under another name, or fail when there is none."
              + " changed: go on with another learning rate, schedule or length."
              + " Default: ${DEFAULT-VALUE}.")
  private Resume resume;

  @Option(
      names = "--publish",
      paramLabel = "NAME:VERSION",
      description = "Push the exported model into the zoo, such as ae-resnet101:0.1.0.")
  private String publish;

  @Option(
      names = "--zoo",
      paramLabel = "DIR",
      description = "The zoo; $$XRV_ZOO or the user's own unless given.")
  private Path zoo;

  Optional<Path> config() {
    return Optional.ofNullable(config);
  }

  List<String> data() {
    return data;
  }

  Resume resume() {
    return resume;
  }

  /** As it was asked for: "auto", or a number. */
  String batchName(int number) {
    return AUTO.equals(batch) ? AUTO : Integer.toString(number);
  }

  boolean dryRun() {
    return dryRun;
  }

  /** What trains, with the batch size that was asked for. */
  TrainingRun training(Work work) {
    return work.training(zoo()).withAutomaticBatch(AUTO.equals(batch));
  }

  Optional<ModelVersion> publish() {
    if (publish != null && overfitBatch) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "--publish " + publish + " with --overfit-batch: such a network has seen one batch only");
    }
    return Optional.ofNullable(publish).map(ModelVersion::parse);
  }

  LocalZoo zoo() {
    return zoo == null ? LocalZoo.ofThisUser() : new LocalZoo(zoo);
  }

  /** Null when the settings say it, or it is yet to be decided. */
  private Integer images() {
    if (batch == null) {
      return null;
    }
    if (AUTO.equals(batch)) {
      // A number that can be cut into the parts, until it is decided.
      return accumulate != null ? accumulate : parts();
    }
    try {
      return Integer.valueOf(batch);
    } catch (NumberFormatException e) {
      throw new ProblemException(
          ProblemKind.USAGE, "--batch is '" + batch + "'; expected a number of images, or auto", e);
    }
  }

  /** As many parts as devices; null without --devices. */
  private Integer parts() {
    return devices == null ? null : (Integer) new DeviceList(devices).count();
  }

  /** Settings with --config, then these options, then more options, then --set laid over them. */
  ConfigTree over(ConfigTree settings, Map<String, Object> more) {
    ConfigTree tree = settings;
    if (config != null) {
      tree = tree.with(ConfigTree.read(config));
    }
    Map<String, Object> given = new LinkedHashMap<>();
    given.put("data.names", data.isEmpty() ? null : data);
    given.put("data.root", dataRoot);
    given.put("data.cache", cache);
    given.put("data.views", views.isEmpty() ? null : views);
    given.put("data.split", split);
    given.put("data.resize", resize);
    given.put("data.missing", missing);
    given.put(
        "data.phantom.shortcut",
        phantomShortcut == null ? null : Shortcut.parse(phantomShortcut).setting());
    given.put("data.onUnreadable", onUnreadable);
    given.put("model.resolution", resolution);
    given.put("train.epochs", epochs);
    given.put("train.steps", steps);
    given.put("train.batch", images());
    given.put("train.accumulate", accumulate != null ? accumulate : parts());
    given.put("train.devices", devices);
    given.put("train.lr", lr);
    given.put("train.precision", precision);
    given.put("train.init", init);
    given.put("train.initPartial", initPartial ? true : null);
    given.put("train.seed", seed);
    given.put("train.maxStepsPerEpoch", limitBatches);
    given.put("guard.maxValidationBatches", limitBatches);
    given.put("guard.overfitBatch", overfitBatch ? true : null);
    given.put("out", out);
    given.putAll(more);
    for (var entry : given.entrySet()) {
      if (entry.getValue() != null) {
        tree =
            tree.put(
                entry.getKey(),
                entry.getValue() instanceof Path path ? path.toString() : entry.getValue());
      }
    }
    for (String assignment : set) {
      tree = tree.set(assignment);
    }
    return tree;
  }
}
