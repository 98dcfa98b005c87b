package org.xrv.zoo.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.xrv.zoo.name.Digest;

/**
 * Says that somebody fetches a blob: a file that exists, with a heartbeat. It saves downloads;
 * nothing is wrong when two believe that they have it.
 */
final class FetchToken {
  /** Without a heartbeat for so long, the owner is gone, or in no state to go on. */
  static final Duration STALE = Duration.ofSeconds(10);

  private static final Duration BEAT = Duration.ofSeconds(1);
  private static final ScheduledExecutorService HEART =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "heartbeat of downloads");
            thread.setDaemon(true);
            return thread;
          });

  /** Names this process among all that may see the file; empty where that cannot be told. */
  private static final String PLACE = place();

  private final Path file;
  private final String owner;
  private final Future<?> heart;
  private volatile boolean lost;

  private FetchToken(Path file, String owner) {
    this.file = file;
    this.owner = owner;
    this.heart =
        HEART.scheduleAtFixedRate(
            this::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Takes the token of a blob, unless somebody alive has it. */
  static Optional<FetchToken> take(Path directory, Digest digest) throws IOException {
    Path file = directory.resolve(digest.hex() + ".owner");
    String owner = UUID.randomUUID() + " " + ProcessHandle.current().pid() + " " + PLACE + "\n";
    for (int attempt = 0; attempt < 2; attempt++) {
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        write(channel, owner);
        return Optional.of(new FetchToken(file, owner));
      } catch (FileAlreadyExistsException e) {
        if (!isStale(file)) {
          return Optional.empty();
        }
        Path aside = directory.resolve(digest.hex() + ".owner." + UUID.randomUUID() + ".part");
        try {
          Files.move(file, aside); // one of those who saw it is stale succeeds
          Files.deleteIfExists(aside);
        } catch (NoSuchFileException gone) {
          // Somebody else took it away; the next attempt shows who has it now.
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isStale(Path file) throws IOException {
    Path probe = file.resolveSibling("clock." + UUID.randomUUID() + ".part");
    try {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      if (isDead(text)) {
        return true;
      }
      // The clock of the file system: that of another machine may be wrong.
      Files.write(probe, new byte[1]);
      return Files.getLastModifiedTime(file)
          .toInstant()
          .plus(STALE)
          .isBefore(Files.getLastModifiedTime(probe).toInstant());
    } catch (NoSuchFileException e) {
      return false;
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  /** Whether the owner was a process of this machine that is not there any more. */
  private static boolean isDead(String text) {
    String[] parts = text.strip().split(" ", -1);
    if (PLACE.isEmpty() || parts.length != 3 || !parts[2].equals(PLACE)) {
      return false;
    }
    try {
      return ProcessHandle.of(Long.parseLong(parts[1])).isEmpty();
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** One boot of one machine, and within it one space of process numbers. */
  private static String place() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip()
          + "/"
          + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  private void beat() {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (!isOwn()) {
        lost = true;
        return;
      }
      write(channel, owner); // by writing, so that the time is that of the file system
    } catch (NoSuchFileException e) {
      lost = true;
    } catch (IOException e) {
      // The next beat may succeed; if not, somebody else fetches the blob too.
    }
  }

  private boolean isOwn() throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1).equals(owner);
  }

  private static void write(FileChannel channel, String owner) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(owner.getBytes(StandardCharsets.ISO_8859_1));
    while (bytes.hasRemaining()) {
      channel.write(bytes, bytes.position());
    }
  }

  /** Whether somebody took it, because this process did not answer for a while. */
  boolean isLost() {
    return lost;
  }

  void release() {
    heart.cancel(false);
    try {
      if (isOwn()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // It gets stale by itself.
    }
  }
}
