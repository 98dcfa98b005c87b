package org.xrv.core.dataset.check;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.xrv.core.dataset.files.DataFile;
import org.xrv.core.dataset.manifest.DataManifest;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** Whether a download's archives are there, and are what the publisher's checksums say. */
public final class ArchiveCheck {
  /** As deep as the publishers' own folders. */
  private static final int DEPTH = 3;

  private static final int BUFFER = 1 << 20;

  private ArchiveCheck() {}

  /** What was found out about an archive. */
  public enum State {
    SOUND,
    /** It is there; the publisher's checksum is not known. */
    UNKNOWN,
    MISSING,
    DAMAGED
  }

  /**
   * One archive.
   *
   * @param place where it lies; empty when it is missing
   * @param message one line
   */
  public record Result(String name, State state, String place, String message) {}

  /**
   * Compares every archive that a manifest names.
   *
   * @param root of the download; archives may be in its folders
   * @param progress hears how many bytes were read
   * @throws ProblemException BAD_DATA when the root or an archive cannot be read
   */
  public static List<Result> run(DataManifest manifest, Path root, LongConsumer progress) {
    Map<String, Path> files = files(root);
    List<Result> results = new ArrayList<>();
    long[] read = {0};
    for (DataManifest.Archive archive : manifest.archives()) {
      Path file = files.get(archive.name());
      if (file == null) {
        results.add(
            new Result(
                archive.name(),
                State.MISSING,
                "",
                archive.name() + ": not below " + root + "; fetch it from " + manifest.homepage()));
      } else if (archive.md5().isEmpty()) {
        results.add(
            new Result(
                archive.name(),
                State.UNKNOWN,
                file.toString(),
                file + ": there; its checksum is not known"));
      } else {
        String found =
            md5(
                file,
                bytes -> {
                  read[0] += bytes;
                  progress.accept(read[0]);
                });
        boolean sound = found.equals(archive.md5());
        results.add(
            new Result(
                archive.name(),
                sound ? State.SOUND : State.DAMAGED,
                file.toString(),
                sound
                    ? file + ": sound"
                    : file
                        + ": md5 "
                        + found
                        + ", published is "
                        + archive.md5()
                        + "; fetch it again"));
      }
    }
    return results;
  }

  /** By name; of several the one that lies highest. */
  private static Map<String, Path> files(Path root) {
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> walk =
        Files.find(root, DEPTH, (file, attributes) -> attributes.isRegularFile())) {
      walk.sorted(java.util.Comparator.comparingInt(Path::getNameCount))
          .forEach(file -> files.putIfAbsent(file.getFileName().toString(), file));
    } catch (IOException | java.io.UncheckedIOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, root + ": cannot be listed: " + e.getMessage(), e);
    }
    return files;
  }

  private static String md5(Path file, LongConsumer bytes) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("MD5"); // what publishers give; against accidents only
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        bytes.accept(n);
      }
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file + ": cannot be read: " + DataFile.reason(e), e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
