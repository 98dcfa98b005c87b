package org.xrv.zoo.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;

/**
 * Temporary names of the zoo, all in one directory. What a killed program leaves there is in
 * nobody's way.
 */
final class PartialFiles {
  /** Nobody writes one file for longer than this without touching it. */
  static final Duration KEPT = Duration.ofDays(1);

  private final Path directory;

  PartialFiles(Path directory) {
    this.directory = directory;
  }

  /** A name that nobody uses, for something that will be called {@code stem}. */
  Path fresh(String stem) {
    return directory.resolve(stem + "." + UUID.randomUUID() + ".part");
  }

  /**
   * Writes a file under a temporary name, durably.
   *
   * @param target names the file in a message
   * @return the temporary name
   * @throws ProblemException DISK when the file system refuses; nothing is left behind
   */
  Path write(String stem, Path target, AtomicFiles.Content content) {
    Path part = fresh(stem);
    try {
      AtomicFiles.write(part, content);
      return part;
    } catch (ProblemException e) {
      if (e.kind() == ProblemKind.DISK && e.getCause() instanceof IOException cause) {
        throw AtomicFiles.disk(target, cause); // the user knows the file by its lasting name
      }
      throw e;
    }
  }

  /** Writes a small file that may replace an older one. */
  void replace(Path target, byte[] content) {
    Path part = write(target.getFileName().toString(), target, out -> out.write(content));
    try {
      move(part, target);
    } catch (IOException e) {
      AtomicFiles.deleteTree(part);
      throw AtomicFiles.disk(target, e);
    }
  }

  /** Gives a temporary file its lasting name, in place of what had it. */
  static void move(Path part, Path target) throws IOException {
    createDirectory(target.getParent());
    if (Files.exists(target) && !target.toFile().setWritable(true)) {
      throw new IOException("it is read-only"); // Windows replaces no read-only file
    }
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    // POSIX: renaming a link over another link to the same file does nothing, and the name stays.
    Files.deleteIfExists(part);
    AtomicFiles.syncDirectory(target.getParent());
  }

  /**
   * The time of the file system, which may be another machine's: the ages of files are told by the
   * clock that stamped them.
   */
  Instant now() {
    Path probe = write("clock", directory, out -> {});
    try {
      return Files.getLastModifiedTime(probe).toInstant();
    } catch (IOException e) {
      throw AtomicFiles.disk(probe, e);
    } finally {
      AtomicFiles.deleteTree(probe);
    }
  }

  /** Deletes what killed programs left behind. */
  void clean(Instant now) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (touched(entry).isBefore(now.minus(KEPT))) {
          AtomicFiles.deleteTree(entry);
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      // Another program cleans at the same time, or the directory is not ours: it will be cleaned
      // by a later push. Nothing depends on it.
    }
  }

  /** When a file was last written or linked: a new link to an old blob is not old. */
  static Instant touched(Path file) throws IOException {
    Instant written = Files.getLastModifiedTime(file).toInstant();
    if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return written;
    }
    Instant changed = ((FileTime) Files.getAttribute(file, "unix:ctime")).toInstant();
    return changed.isAfter(written) ? changed : written;
  }

  /** Makes a directory whose name survives a power failure, as its files will. */
  static void createDirectory(Path directory) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path d = directory; d != null && !Files.isDirectory(d); d = d.getParent()) {
      missing.push(d);
    }
    Files.createDirectories(directory);
    for (Path d : missing) {
      AtomicFiles.syncDirectory(d.getParent());
    }
  }
}
