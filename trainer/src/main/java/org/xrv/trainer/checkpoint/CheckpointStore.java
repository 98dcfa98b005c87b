package org.xrv.trainer.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.io.Digests;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.core.tensor.Safetensors;
import org.xrv.trainer.log.RunPlace;

/**
 * The checkpoints of one run: {@code checkpoints/step-N/{model.safetensors, optimizer.safetensors,
 * state.json}}. A directory gets its name when everything in it is on the disk. Kept are the newest
 * ones and the one with the best validation.
 */
public final class CheckpointStore {
  /** The directory in a run. */
  public static final String DIRECTORY = "checkpoints";

  private static final String MODEL = Checkpoint.MODEL;
  private static final String OPTIMIZER = "optimizer.safetensors";

  /** Begins the name that a checkpoint has while another of its step takes its place. */
  private static final String REPLACED = AtomicFiles.TEMPORARY + "replaced-";

  private static final Pattern NAME = Pattern.compile("step-(\\d{1,18})");
  private final Path root;
  private final RunPlace place;
  private final int keep;
  private final long seed;
  private final String configDigest;

  /**
   * @param run the run's directory, which is there
   * @param keep how many of the newest checkpoints stay, at least 1
   */
  public CheckpointStore(Path run, int keep, long seed, String configDigest) {
    if (keep < 1) {
      throw new ProblemException(
          ProblemKind.USAGE, "checkpoint.keep is " + keep + "; at least 1 must be kept");
    }
    this.root = run.resolve(DIRECTORY);
    this.place = RunPlace.of(run);
    this.keep = keep;
    this.seed = seed;
    this.configDigest = configDigest;
  }

  /**
   * Writes a checkpoint and deletes the ones that are not to be kept.
   *
   * @param optimizer asked for when the model is written, so that both need not be in memory
   * @throws ProblemException DIVERGED when a weight or a number of the optimizer is not finite,
   *     DISK when the file system refuses; the earlier checkpoints are then as they were
   */
  public void save(TrainingState state, NamedTensors model, Supplier<NamedTensors> optimizer) {
    requireFinite(state, model, "weight");
    Path target = directory(state.step());
    Path replaced = null;
    place.require();
    try {
      if (Files.notExists(root)) {
        // Not the run's directory with it: that a run has, or it was removed under it.
        Files.createDirectory(root);
        // Its name, and that of metrics.jsonl, which the checkpoint counts on.
        AtomicFiles.syncDirectory(root.toAbsolutePath().getParent());
      }
      if (Files.exists(target)) {
        // The same step again, in another position or damaged.
        replaced = root.resolve(REPLACED + target.getFileName());
        AtomicFiles.deleteTree(replaced);
      }
    } catch (IOException e) {
      throw AtomicFiles.disk(root, e);
    }
    try {
      write(target, replaced, state, model, optimizer);
    } catch (ProblemException e) {
      if (e.kind() != ProblemKind.DISK) {
        throw e;
      }
      throw new ProblemException(
          ProblemKind.DISK,
          "cannot write the checkpoint of step "
              + state.step()
              + " into "
              + root
              + (e.getCause() == null ? "" : ": " + e.getCause().getMessage())
              + "; "
              + steps(root.getParent()).stream()
                  .findFirst()
                  .map(step -> "the one of step " + step + " is there")
                  .orElse("there is none yet")
              + "; free some space and start the same command again",
          e);
    }
    prune(state);
  }

  /**
   * The newest checkpoint that verifies.
   *
   * @param warnings gets one line when damaged ones had to be passed over
   * @throws ProblemException USAGE when it is of a newer version of the program
   */
  public static Optional<Checkpoint> newest(Path run, Consumer<String> warnings) {
    List<String> damage = new ArrayList<>();
    List<Long> steps = steps(run);
    for (long step : steps) {
      Path directory = run.resolve(DIRECTORY).resolve("step-" + step);
      try {
        Checkpoint checkpoint = read(directory);
        if (!damage.isEmpty()) {
          warnings.accept(
              "damaged checkpoint: "
                  + String.join("; ", damage)
                  + "; going on from step "
                  + step
                  + " instead");
        }
        return Optional.of(checkpoint);
      } catch (ProblemException e) {
        if (e.kind() == ProblemKind.USAGE) {
          throw e; // of a newer version, and whole: an older program must not take it back
        }
        damage.add(e.getMessage());
      }
    }
    if (!damage.isEmpty()) {
      warnings.accept(
          "damaged checkpoint: " + String.join("; ", damage) + "; there is no earlier one");
    }
    return Optional.empty();
  }

  /**
   * Gives a checkpoint its name back that a process was about to replace when it was killed. For
   * the one process that trains in the run.
   */
  public static void recover(Path run) {
    Path root = run.resolve(DIRECTORY);
    if (!Files.isDirectory(root)) {
      return;
    }
    try (Stream<Path> entries = Files.list(root)) {
      for (Path left : (Iterable<Path>) entries::iterator) {
        String name = left.getFileName().toString();
        if (name.startsWith(REPLACED)) {
          Path target = root.resolve(name.substring(REPLACED.length()));
          if (Files.notExists(target)) {
            Files.move(left, target, StandardCopyOption.ATOMIC_MOVE);
          }
        }
      }
    } catch (IOException e) {
      throw AtomicFiles.disk(root, e);
    }
  }

  /** Whether a run has checkpoints, sound or not. */
  public static boolean any(Path run) {
    return !steps(run).isEmpty();
  }

  /** The steps that a run has checkpoints of, newest first. */
  public static List<Long> steps(Path run) {
    Path root = run.resolve(DIRECTORY);
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(root)) {
      return entries
          .map(p -> NAME.matcher(p.getFileName().toString()))
          .filter(Matcher::matches)
          .map(m -> Long.parseLong(m.group(1)))
          .sorted(Comparator.reverseOrder())
          .toList();
    } catch (NoSuchFileException e) {
      return List.of(); // removed between two looks
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Deletes the checkpoints from a step on, as long as an earlier one is there.
   *
   * @param best the step of one that stays in any case
   */
  public static void discardFrom(Path run, long step, Optional<Long> best) {
    List<Long> steps = steps(run);
    if (steps.stream().anyMatch(s -> s < step)) {
      Path root = run.resolve(DIRECTORY);
      steps.stream()
          .filter(s -> s >= step && !best.equals(Optional.of(s)))
          .forEach(s -> AtomicFiles.deleteTree(retired(root, root.resolve("step-" + s))));
    }
  }

  /**
   * Reads a checkpoint, having compared the digest of each of its files.
   *
   * @throws ProblemException BAD_DATA, naming the file, when it is missing or damaged, or a number
   *     in it is not finite
   */
  public static Checkpoint read(Path directory) {
    StateFile file = StateFile.read(directory);
    for (String name : List.of(MODEL, OPTIMIZER)) {
      Path path = directory.resolve(name);
      String promised = file.files().get(name);
      if (!Files.isRegularFile(path)) {
        throw new ProblemException(ProblemKind.BAD_DATA, path + " is missing");
      }
      if (!Digests.sha256(path).equals(promised)) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            path + " does not have the digest that " + StateFile.NAME + " states");
      }
    }
    return new Checkpoint(
        directory,
        file.state(),
        file.seed(),
        file.configDigest(),
        finite(directory.resolve(MODEL)),
        finite(directory.resolve(OPTIMIZER)));
  }

  /** Tensors of a file, which no run of ours has written with other numbers. */
  private static NamedTensors finite(Path file) {
    NamedTensors read = Safetensors.read(file).tensors();
    notFinite(read)
        .ifPresent(
            name -> {
              throw new ProblemException(
                  ProblemKind.BAD_DATA, file + ": a number in '" + name + "' is not finite");
            });
    return read;
  }

  private static Optional<String> notFinite(NamedTensors tensors) {
    for (var entry : tensors.tensors().entrySet()) {
      for (float value : entry.getValue().data()) {
        if (!Float.isFinite(value)) {
          return Optional.of(entry.getKey());
        }
      }
    }
    return Optional.empty();
  }

  private void write(
      Path target,
      Path replaced,
      TrainingState state,
      NamedTensors model,
      Supplier<NamedTensors> optimizer) {
    AtomicFiles.writeDirectory(
        target,
        directory -> {
          Safetensors.write(directory.resolve(MODEL), model, Map.of("format", "pt"));
          NamedTensors moments = optimizer.get();
          requireFinite(state, moments, "optimizer's number");
          Safetensors.write(directory.resolve(OPTIMIZER), moments, Map.of("format", "pt"));
          new StateFile(
                  state,
                  seed,
                  configDigest,
                  Map.of(
                      MODEL, Digests.sha256(directory.resolve(MODEL)),
                      OPTIMIZER, Digests.sha256(directory.resolve(OPTIMIZER))))
              .write(directory);
          if (replaced != null) {
            Files.move(target, replaced, StandardCopyOption.ATOMIC_MOVE);
          }
        });
  }

  private Path directory(long step) {
    return root.resolve("step-" + step);
  }

  private void prune(TrainingState state) {
    int newer = 0;
    for (long step : steps(root.getParent())) {
      // A later step is damaged, or of a future that this run took back by resuming before it.
      boolean best = state.best().map(b -> b.step() == step).orElse(false);
      if (step > state.step() || (newer++ >= keep && !best)) {
        retired(root, directory(step));
      }
    }
    try (Stream<Path> entries = Files.list(root)) {
      // What a killed process left behind.
      entries
          .filter(p -> p.getFileName().toString().startsWith(AtomicFiles.TEMPORARY))
          .forEach(AtomicFiles::deleteTree);
    } catch (IOException e) {
      throw AtomicFiles.disk(root, e);
    }
  }

  /** Renamed before it is deleted: a half-deleted checkpoint must not look like one. */
  private static Path retired(Path root, Path directory) {
    Path dying = root.resolve(AtomicFiles.TEMPORARY + "old-" + directory.getFileName());
    try {
      return Files.move(directory, dying, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw AtomicFiles.disk(directory, e);
    }
  }

  /** What {@link #read} would refuse is not written either. */
  private static void requireFinite(TrainingState state, NamedTensors tensors, String what) {
    notFinite(tensors)
        .ifPresent(
            name -> {
              throw new ProblemException(
                  ProblemKind.DIVERGED,
                  "training diverged: after step "
                      + state.step()
                      + " the "
                      + what
                      + " '"
                      + name
                      + "' is not finite");
            });
  }
}
