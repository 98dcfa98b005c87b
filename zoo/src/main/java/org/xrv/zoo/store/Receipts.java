package org.xrv.zoo.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * How the files of snapshots were when their bytes were last compared: size, time of writing and
 * inode. A snapshot that is so still is handed out without reading it. What the disk loses silently
 * is not noticed so; {@code verify} reads everything. Plain text: this is what a pull from the
 * cache waits for.
 */
final class Receipts {
  private static final String FORMAT = "1";
  private final ZooPaths paths;
  private final PartialFiles partial;
  private final VerifiedFiles verified;

  Receipts(ZooPaths paths, PartialFiles partial, VerifiedFiles verified) {
    this.paths = paths;
    this.partial = partial;
    this.verified = verified;
  }

  /** Whether the snapshot is there and as it was. */
  boolean isCurrent(Resolved model) {
    Path directory = paths.snapshot(model.model(), model.digest());
    Optional<String> text = text(receipt(model));
    if (text.isEmpty() || !Files.isDirectory(directory)) {
      return false;
    }
    String[] lines = text.get().split("\n", -1);
    if (lines.length < 3
        || !lines[0].equals(FORMAT + " " + model.digest())
        || !lines[lines.length - 1].isEmpty()) {
      return false;
    }
    Map<String, String> expected = new HashMap<>();
    for (int i = 1; i < lines.length - 1; i++) {
      int path = lines[i].indexOf('/');
      if (path < 0) {
        return false;
      }
      expected.put(lines[i].substring(path + 1), lines[i].substring(0, path));
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files.filter(f -> !Files.isDirectory(f))::iterator) {
        String stamp = expected.remove(name(directory, file));
        if (stamp == null || !Optional.of(stamp).equals(stamp(file))) {
          return false;
        }
      }
      return expected.isEmpty();
    } catch (IOException | UncheckedIOException e) {
      return false; // reading everything will say what is wrong
    }
  }

  /** Writes down how the files are; without a place to write to, everything is read next time. */
  void write(Resolved model, Manifest manifest) {
    Path directory = paths.snapshot(model.model(), model.digest());
    StringBuilder text = new StringBuilder(FORMAT + " " + model.digest() + "\n");
    for (PackageFile file : manifest.files()) {
      Path own = file.path().in(directory);
      Optional<String> stamp =
          verified.damage(file.blob(), own).isEmpty() ? stamp(own) : Optional.empty();
      if (stamp.isEmpty()) {
        return;
      }
      text.append(stamp.get()).append('/').append(file.path()).append('\n');
    }
    try {
      partial.replace(receipt(model), text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (ProblemException e) {
      if (e.kind() != ProblemKind.DISK) {
        throw e;
      }
    }
  }

  private Path receipt(Resolved model) {
    return paths.receipt(model.model(), model.digest());
  }

  private static String name(Path directory, Path file) {
    return directory.relativize(file).toString().replace(java.io.File.separatorChar, '/');
  }

  private static Optional<String> text(Path receipt) {
    try {
      return Optional.of(Files.readString(receipt));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> stamp(Path file) {
    return VerifiedFiles.Stamp.of(file).map(s -> s.key() + " " + s.size() + " " + s.written());
  }
}
