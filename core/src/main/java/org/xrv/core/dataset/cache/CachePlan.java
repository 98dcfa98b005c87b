package org.xrv.core.dataset.cache;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;

/**
 * The file plan.json: what a preparation is about to write, so that one that was interrupted goes
 * on with its own shards only.
 *
 * @param masks how many masks follow the images
 */
record CachePlan(
    int format,
    CacheSettings settings,
    String sourceDigest,
    String filesDigest,
    int samples,
    int masks) {
  static final String FILE = "plan.json";

  /**
   * Begins or goes on in a directory.
   *
   * @throws ProblemException USAGE when it holds a cache of something else
   */
  void claim(Path directory) {
    Path file = directory.resolve(FILE);
    byte[] mine = CacheDescription.json(this).getBytes(StandardCharsets.UTF_8);
    try {
      if (Files.exists(file)) {
        if (!java.util.Arrays.equals(mine, Files.readAllBytes(file))) {
          throw new ProblemException(
              ProblemKind.USAGE,
              directory
                  + " holds an unfinished cache of other data or settings (see "
                  + FILE
                  + " there); delete it or choose another directory");
        }
        return;
      }
      if (Files.isDirectory(directory)) {
        try (var files = Files.list(directory)) {
          if (files.anyMatch(CachePlan::foreign)) {
            throw new ProblemException(
                ProblemKind.USAGE,
                directory + " holds other files; choose an empty or new directory for the cache");
          }
        }
      }
    } catch (IOException e) {
      throw AtomicFiles.disk(file, e);
    }
    AtomicFiles.write(file, mine);
  }

  /** A preparation that was killed before it had a plan leaves its lock, and the plan unnamed. */
  private static boolean foreign(Path file) {
    String name = file.getFileName().toString();
    return !name.equals(CacheWriter.LOCK) && !name.startsWith(AtomicFiles.TEMPORARY + FILE);
  }
}
