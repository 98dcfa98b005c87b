package org.xrv.trainer.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.io.Digests;
import org.xrv.trainer.checkpoint.Checkpoint;
import org.xrv.trainer.checkpoint.CheckpointStore;
import org.xrv.trainer.log.Pictures;

/**
 * The directory of one run, held by this process alone while it is open: a second process that
 * trains into the same place would mix two runs.
 */
public final class RunDirectory implements AutoCloseable {
  /** The resolved settings. */
  public static final String CONFIG = "config.yaml";

  private static final String LOCK = ".lock";

  /** Temporary names that {@link AtomicFiles} gives: not those of other programs. */
  private static final Pattern LEFT_BEHIND =
      Pattern.compile("\\.tmp-.+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\\.tmp-replaced-.+");

  /** Settings that change how a run is computed or exported, not what it learns. */
  private static final List<String> FREE =
      List.of(
          "out",
          "data.root",
          "data.workers",
          "data.cacheMiB",
          "data.cache",
          "tasks.calibrate",
          "checkpoint",
          "train.devices",
          "guard.lossFactor",
          "guard.lossSteps");

  /** Settings that a run may go on with other values of, on request. */
  private static final List<String> CHANGEABLE =
      List.of(
          "train.lr",
          "train.schedule",
          "train.warmupSteps",
          "train.finalShare",
          "train.decayEvery",
          "train.decayFactor",
          "train.clipNorm",
          "train.weightDecay",
          "train.augmentation.",
          "train.epochs",
          "train.steps");

  private final Path path;
  private final ConfigTree config;
  private final FileChannel lockChannel;
  private final FileLock lock;

  private RunDirectory(Path path, ConfigTree config, FileChannel lockChannel, FileLock lock) {
    this.path = path;
    this.config = config;
    this.lockChannel = lockChannel;
    this.lock = lock;
  }

  /**
   * Opens or makes a run's directory and writes its settings.
   *
   * @param config the resolved settings
   * @throws ProblemException USAGE when another process trains there, or a run with other settings
   *     is there; DISK when the directory cannot be written
   */
  public static RunDirectory open(
      Path path, ConfigTree config, Resume resume, Consumer<String> messages) {
    try {
      if (resume == Resume.NEVER && Files.exists(path.resolve(CONFIG))) {
        Path aside = free(path);
        // Held while it is moved: another process may train in it.
        try (FileChannel held = channel(path)) {
          locked(path, held);
          Files.move(path, aside);
        }
        messages.accept("the earlier run in " + path + " is kept as " + aside);
      }
      if (Files.notExists(path)) {
        Files.createDirectories(path);
        AtomicFiles.syncDirectory(path.toAbsolutePath().getParent());
      }
      FileChannel channel = channel(path);
      RunDirectory run;
      try {
        run = new RunDirectory(path, config, channel, locked(path, channel));
      } catch (RuntimeException e) {
        channel.close();
        throw e;
      }
      try {
        run.settle(resume);
      } catch (RuntimeException e) {
        run.close();
        throw e;
      }
      return run;
    } catch (IOException e) {
      throw AtomicFiles.disk(path, e);
    }
  }

  private static FileChannel channel(Path path) throws IOException {
    return FileChannel.open(
        path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static FileLock locked(Path path, FileChannel channel) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw taken(path);
    }
    return lock;
  }

  private static ProblemException taken(Path path) {
    return new ProblemException(
        ProblemKind.USAGE, "another process trains in " + path + "; choose another --out");
  }

  private static Path free(Path path) {
    for (int i = 1; ; i++) {
      Path aside = path.resolveSibling(path.getFileName() + ".old-" + i);
      if (!Files.exists(aside)) {
        return aside;
      }
    }
  }

  private void settle(Resume resume) {
    if (Files.isRegularFile(path.resolve(CONFIG))) {
      sweep(path);
    }
    sweep(path.resolve(Pictures.DIRECTORY));
    CheckpointStore.recover(path);
    if (!Files.isRegularFile(path.resolve(CONFIG))) {
      // Lost: the checkpoint alone tells of the settings, which are not to be written before.
      checkpoint(warning -> {});
    }
    List<SettingChange> changes = changes(path, config, resume);
    if (!changes.isEmpty()) {
      SettingChange.append(path, CheckpointStore.steps(path).get(0), changes);
    }
    AtomicFiles.write(path.resolve(CONFIG), config.toYaml().getBytes(StandardCharsets.UTF_8));
  }

  /** Removes what a killed process left behind: a whole model may be among it. */
  private static void sweep(Path directory) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      entries
          .filter(p -> LEFT_BEHIND.matcher(p.getFileName().toString()).matches())
          .forEach(AtomicFiles::deleteTree);
    } catch (IOException e) {
      throw AtomicFiles.disk(directory, e);
    }
  }

  /**
   * Asks whether a run with these settings may go on, or begin, in a directory; writes nothing.
   *
   * @return the changes that it goes on with, none but for {@link Resume#CHANGED}
   * @throws ProblemException USAGE when it may not
   */
  static List<SettingChange> require(Path path, ConfigTree config, Resume resume) {
    if (inUse(path)) {
      throw taken(path);
    }
    return changes(path, config, resume);
  }

  private static List<SettingChange> changes(Path path, ConfigTree config, Resume resume) {
    Path file = path.resolve(CONFIG);
    boolean checkpoints = CheckpointStore.any(path);
    if ((resume == Resume.MUST || resume == Resume.CHANGED) && !checkpoints) {
      throw new ProblemException(
          ProblemKind.USAGE,
          path + " has no checkpoint to go on from; leave --resume out to begin");
    }
    if (resume == Resume.NEVER || !checkpoints || !Files.isRegularFile(file)) {
      return List.of();
    }
    List<SettingChange> changes =
        SettingChange.between(values(ConfigTree.read(file)), values(config));
    List<SettingChange> refused =
        changes.stream().filter(c -> resume != Resume.CHANGED || !changeable(c.key())).toList();
    if (!refused.isEmpty()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          path
              + " holds a run with other settings ("
              + refused.stream().map(SettingChange::toString).collect(Collectors.joining("; "))
              + "); choose another --out, or --resume never to begin anew"
              + (resume != Resume.CHANGED && changes.stream().allMatch(c -> changeable(c.key()))
                  ? ", or --resume changed to go on with these"
                  : ""));
    }
    return changes;
  }

  private static boolean changeable(String key) {
    return CHANGEABLE.stream().anyMatch(c -> c.endsWith(".") ? key.startsWith(c) : key.equals(c));
  }

  private static Map<String, JsonNode> values(ConfigTree tree) {
    Map<String, JsonNode> values = new TreeMap<>();
    flatten("", ConfigTree.parse("", tree.toYaml()).root(), values);
    return values;
  }

  private static void flatten(String prefix, JsonNode node, Map<String, JsonNode> into) {
    if (FREE.contains(prefix)) {
      return;
    }
    if (node.isObject()) {
      node.properties()
          .forEach(
              e ->
                  flatten(
                      prefix.isEmpty() ? e.getKey() : prefix + "." + e.getKey(),
                      e.getValue(),
                      into));
    } else {
      into.put(prefix, node);
    }
  }

  /**
   * Whether a process trains in a directory. Not to be asked by that process itself: closing the
   * lock's file would give its lock away (fcntl(2), "Record locking").
   */
  static boolean inUse(Path path) {
    Path file = path.resolve(LOCK);
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        FileLock shared = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return shared == null;
    } catch (OverlappingFileLockException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  public Path path() {
    return path;
  }

  /** A digest of the settings that the run's numbers depend on. */
  public String configDigest() {
    return digest(config);
  }

  private static String digest(ConfigTree config) {
    return Digests.sha256(values(config).toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Where to go on from.
   *
   * @throws ProblemException BAD_DATA when there are checkpoints and none of them is sound, or the
   *     newest is one of another run
   */
  public Optional<Checkpoint> checkpoint(Consumer<String> warnings) {
    return checkpoint(path, config, warnings);
  }

  /** The same of a run that this process need not hold. */
  static Optional<Checkpoint> checkpoint(Path path, ConfigTree config, Consumer<String> warnings) {
    List<String> said = new ArrayList<>();
    Optional<Checkpoint> newest = CheckpointStore.newest(path, said::add);
    if (newest.isEmpty() && CheckpointStore.any(path)) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          String.join("; ", said) + "; --resume never begins anew and keeps what is there");
    }
    said.forEach(warnings);
    newest.ifPresent(c -> requireOwn(c, path, digest(config)));
    return newest;
  }

  /**
   * That config.yaml has these settings was asked for before; a checkpoint may have been put here
   * from elsewhere, and config.yaml may have been lost. Of a run that went on with changed settings
   * nothing is known.
   */
  private static void requireOwn(Checkpoint checkpoint, Path path, String digest) {
    if (!checkpoint.configDigest().equals(digest) && !SettingChange.any(path)) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          checkpoint.directory()
              + " is a checkpoint of a run with other settings, such as another network, data or"
              + " seed; give the settings that it was trained with, or move it out of "
              + checkpoint.directory().getParent()
              + " to go on from the one before");
    }
  }

  /** Writes a document into the run, all or nothing. */
  public void write(String name, String text) {
    AtomicFiles.write(path.resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    try {
      lock.release();
      lockChannel.close();
    } catch (IOException e) {
      throw AtomicFiles.disk(path, e);
    }
  }
}
