package org.xrv.zoo.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** Whether something fits, asked before the first byte of it is written. */
public final class FreeSpace {
  private FreeSpace() {}

  /**
   * Refuses to begin what cannot end well. Another program may still fill the disk meanwhile.
   *
   * @param place where it will be written; need not exist yet
   * @param bytes what will be written
   * @param what it is, for the message
   * @throws ProblemException DISK when there is less free than that
   */
  public static void require(Path place, long bytes, String what) {
    Path existing = place.toAbsolutePath();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null) {
      return; // a root that is not there: writing will say so
    }
    long usable;
    try {
      usable = Files.getFileStore(existing).getUsableSpace();
    } catch (IOException e) {
      return; // some file systems do not tell
    }
    if (usable < bytes) {
      throw new ProblemException(
          ProblemKind.DISK,
          String.format(
              Locale.ROOT,
              "%s needs %,d bytes at %s, where %,d are free (No space left on device); free some,"
                  + " such as with xrv-zoo gc, or choose another place. Nothing was written",
              what,
              bytes,
              place,
              usable));
    }
  }
}
