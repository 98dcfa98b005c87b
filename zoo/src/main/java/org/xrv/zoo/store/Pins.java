package org.xrv.zoo.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.zoo.name.Digest;

/**
 * What programs are about to publish. A pin is a small file with digests that is there before its
 * publisher looks for these blobs, and until the version that needs them has its name: a garbage
 * collection keeps what a pin has. A killed program's pin is forgotten after a day.
 */
final class Pins {
  /** A pin that was not renewed for so long is of a killed program. */
  static final Duration KEPT = Duration.ofDays(1);

  private static final long RENEWED_NANOS = Duration.ofMinutes(10).toNanos();

  private final Path directory;
  private final PartialFiles partial;

  Pins(Path directory, PartialFiles partial) {
    this.directory = directory;
    this.partial = partial;
  }

  /** Pins blobs until it is closed. */
  Pin pin(Collection<Digest> digests) {
    return new Pin(
        directory.resolve(UUID.randomUUID().toString()),
        digests.stream().map(d -> d.hex() + "\n").collect(Collectors.joining()));
  }

  /** One program's pin. */
  final class Pin implements PinnedBlobs {
    private final Path file;
    private final byte[] content;
    private long written;

    private Pin(Path file, String content) {
      this.file = file;
      this.content = content.getBytes(StandardCharsets.US_ASCII);
      write();
    }

    private void write() {
      // Written anew, not touched: the time has to be the file system's own.
      partial.replace(file, content);
      written = System.nanoTime();
    }

    /** Tells that the program is alive, if it did not a moment ago. */
    @Override
    public void renew() {
      if (System.nanoTime() - written > RENEWED_NANOS || !Files.exists(file)) {
        write();
      }
    }

    @Override
    public void close() {
      AtomicFiles.deleteTree(file);
    }
  }

  /**
   * The digests that are pinned now.
   *
   * @param now the file system's time
   * @throws ProblemException DISK when a pin cannot be read: nothing may be deleted then
   */
  Set<Digest> live(Instant now) {
    Set<Digest> found = new HashSet<>();
    for (String name : VersionRefs.names(directory)) {
      Path file = directory.resolve(name);
      try {
        if (isLive(file, now)) {
          Files.readAllLines(file, StandardCharsets.US_ASCII).stream()
              .map(Digest::new)
              .forEach(found::add);
        }
      } catch (NoSuchFileException e) {
        // Its publisher is done: the version has its name, or never gets it.
      } catch (IOException | ProblemException e) {
        throw new ProblemException(
            ProblemKind.DISK,
            "cannot read "
                + file
                + ", so nobody knows what another program needs; if no push is"
                + " under way, delete it",
            e);
      }
    }
    return found;
  }

  /** Deletes the pins of killed programs. */
  void clean(Instant now) {
    for (String name : VersionRefs.names(directory)) {
      Path file = directory.resolve(name);
      try {
        if (!isLive(file, now)) {
          AtomicFiles.deleteTree(file);
        }
      } catch (IOException e) {
        // It is gone, or not ours; it counts for nothing.
      }
    }
  }

  private static boolean isLive(Path file, Instant now) throws IOException {
    return PartialFiles.touched(file).isAfter(now.minus(KEPT));
  }
}
