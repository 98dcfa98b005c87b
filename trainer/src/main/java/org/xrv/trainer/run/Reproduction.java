package org.xrv.trainer.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.trainer.checkpoint.CheckpointStore;
import org.xrv.trainer.config.ClassifierConfig;
import org.xrv.trainer.config.RunConfig;
import org.xrv.trainer.config.TrainConfig;
import org.xrv.trainer.engine.Engine;
import org.xrv.trainer.loop.StopSignal;
import org.xrv.trainer.loop.TrainingListener;
import org.xrv.zoo.store.LocalZoo;

/**
 * A run trained again from its settings, and compared with it. A part of it is trained as the whole
 * would be, its schedule included, and stopped in time.
 *
 * @param run the earlier run's directory
 * @param out where the second goes
 * @param settings the run's, with what was told otherwise
 */
public record Reproduction(Path run, Path out, RunConfig settings) {
  /** What the loop is asked to stop with when enough is done. */
  private static final String ENOUGH = "the end of the comparison";

  /**
   * Reads a run.
   *
   * @param elsewhere settings of this machine in place of the run's, such as data.root
   * @throws ProblemException BAD_DATA when there is no run, USAGE when it cannot be done again
   */
  public static Reproduction of(Path run, Path out, Map<String, String> elsewhere) {
    if (out.toAbsolutePath().normalize().equals(run.toAbsolutePath().normalize())) {
      throw new ProblemException(
          ProblemKind.USAGE, "--out " + out + " is the run itself; choose another --out");
    }
    if (SettingChange.any(run)) {
      throw new ProblemException(
          ProblemKind.USAGE,
          run
              + " went on with other settings at times (changes.json); such a run cannot be"
              + " reproduced from its config.yaml");
    }
    ConfigTree tree = ModelExport.config(run);
    boolean classifier = ModelExport.isClassifier(tree);
    // Settings that the program has learned since the run have the values that were in force.
    tree = Presets.read(classifier ? Presets.CLASSIFIER : Presets.BASE).with(tree);
    tree = tree.put("out", out.toString());
    for (var entry : elsewhere.entrySet()) {
      tree = tree.put(entry.getKey(), entry.getValue());
    }
    return new Reproduction(
        run, out, classifier ? tree.as(ClassifierConfig.class) : tree.as(TrainConfig.class));
  }

  /**
   * Trains and compares.
   *
   * @param zoo where the run's first weights came from, if it names a model
   * @param steps compares so many steps; 0 for all that the run has
   * @param epochs compares so many epochs; 0 for all that the run has
   * @throws ProblemException as training does; USAGE when the run has not come so far; PREEMPTED
   *     when it was stopped from outside
   */
  public RunComparison train(
      Engine engine,
      TrainingListener listener,
      StopSignal stop,
      LocalZoo zoo,
      long steps,
      int epochs) {
    RunTrace there = RunTrace.read(run);
    long limit = limit(there, steps, epochs);
    RunDirectory.require(out, ConfigTree.of("settings", settings), Resume.AUTO);
    if (done(there, limit)) {
      listener.message(out + " was trained up to step " + limit + " before; comparing");
    } else {
      listener.message("training again what " + run + " did, up to step " + limit + ", in " + out);
      train(new TrainingRun(engine, new Until(listener, stop, limit, there), stop, zoo), stop);
    }
    return RunComparison.of(run, out, limit);
  }

  /** Whether the second run has come as far, with the validation at the end if the first has it. */
  private boolean done(RunTrace there, long limit) {
    return CheckpointStore.steps(out).stream().anyMatch(s -> s >= limit)
        && (!there.validatedAt(limit) || RunTrace.read(out).validatedAt(limit));
  }

  private void train(TrainingRun training, StopSignal stop) {
    try {
      if (settings instanceof ClassifierConfig classifier) {
        training.classifier(classifier, out, Resume.AUTO);
      } else {
        training.autoencoder((TrainConfig) settings, out, Resume.AUTO);
      }
    } catch (ProblemException e) {
      if (e.kind() != ProblemKind.PREEMPTED || !stop.received().equals(Optional.of(ENOUGH))) {
        throw e;
      }
    }
  }

  private long limit(RunTrace there, long steps, int epochs) {
    if (steps < 0 || epochs < 0 || (steps > 0 && epochs > 0)) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "--steps is "
              + steps
              + ", --epochs is "
              + epochs
              + "; expected one of them, 1 or more, or neither for all that the run has");
    }
    if (there.lastStep() == 0) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, run + " has no step to compare with; it had not begun");
    }
    if (epochs > 0) {
      return there
          .endOfEpoch(epochs)
          .orElseThrow(
              () ->
                  new ProblemException(
                      ProblemKind.USAGE,
                      "--epochs " + epochs + ": " + run + " did not come to the end of that"));
    }
    return steps > 0 ? Math.min(steps, there.lastStep()) : there.lastStep();
  }

  /** Asks for a stop where the comparison ends: with a validation, if the run has one there. */
  private record Until(TrainingListener listener, StopSignal stop, long limit, RunTrace there)
      implements TrainingListener {
    @Override
    public void message(String line) {
      listener.message(line);
    }

    @Override
    public void step(StepReport report) {
      listener.step(report);
      if (report.step() >= limit && !there.validatedAt(limit)) {
        stop.request(ENOUGH);
      }
    }

    @Override
    public void validating(int epoch, int image, int images) {
      listener.validating(epoch, image, images);
    }

    @Override
    public void epoch(EpochReport report) {
      listener.epoch(report);
      if (report.step() >= limit) {
        stop.request(ENOUGH);
      }
    }
  }

  /** Whether there is a run at all, so that its name may be completed by another. */
  public static Path beside(Path run) {
    Path name = run.toAbsolutePath().normalize().getFileName();
    if (!Files.isDirectory(run) || name == null) {
      throw new ProblemException(ProblemKind.BAD_DATA, run + " is no run: no such directory");
    }
    return run.toAbsolutePath().normalize().resolveSibling(name + "-reproduced");
  }
}
