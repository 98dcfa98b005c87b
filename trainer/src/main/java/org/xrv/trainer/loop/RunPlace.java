package org.xrv.trainer.loop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;

/**
 * The very directory that a run began in, told apart from a later one of the same name: a run whose
 * directory was removed or replaced must not write half of itself into the place.
 */
public final class RunPlace {
  private final Path run;
  private final Object key;

  private RunPlace(Path run, Object key) {
    this.run = run;
    this.key = key;
  }

  /** Remembers a directory that is there. */
  public static RunPlace of(Path run) {
    try {
      return new RunPlace(run, key(run));
    } catch (IOException e) {
      throw AtomicFiles.disk(run, e);
    }
  }

  /** Whether the directory is still there, and no other one in its place. */
  public boolean isThere() {
    try {
      return Files.isDirectory(run) && Objects.equals(key, key(run));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Asks whether the directory is still there.
   *
   * @throws ProblemException DISK when it is not
   */
  void require() {
    if (!isThere()) {
      throw new ProblemException(
          ProblemKind.DISK,
          run
              + " was removed, renamed or replaced while training wrote into it; nothing more was"
              + " written; start again, with another --out or with the directory back in its"
              + " place");
    }
  }

  /** Device and inode; null on file systems that have none, where only absence is noticed. */
  private static Object key(Path run) throws IOException {
    return Files.readAttributes(run, BasicFileAttributes.class).fileKey();
  }
}
