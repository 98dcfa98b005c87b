package org.xrv.core.io;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * Writing that is all or nothing: a temporary name beside the target, fsync, rename. A crash leaves
 * at most a temporary name, which no reader looks at.
 */
public final class AtomicFiles {
  /** How temporary names begin. */
  public static final String TEMPORARY = ".tmp-";

  private AtomicFiles() {}

  /** What writes the content. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** What fills a directory, or a file, which has a temporary name meanwhile. */
  @FunctionalInterface
  public interface Filling {
    void fill(Path temporary) throws IOException;
  }

  /** Writes a file, replacing an older one. */
  public static void write(Path file, byte[] content) {
    write(file, out -> out.write(content));
  }

  /**
   * Writes a file, replacing an older one.
   *
   * @throws ProblemException DISK when the file system refuses; an older file is then as it was
   */
  public static void write(Path file, Content content) {
    Path temporary = temporaryBeside(file);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        OutputStream out =
            new java.io.BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        content.writeTo(out);
        out.flush();
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      syncDirectory(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      deleteTree(temporary);
      throw disk(file, e);
    } catch (RuntimeException e) {
      deleteTree(temporary);
      throw e;
    }
  }

  /**
   * Writes a file, replacing an older one, by what is told a place to write to. What must be there
   * before the file, such as its proof, the filling writes last.
   *
   * @throws ProblemException DISK when the file system refuses; an older file is then as it was
   */
  public static void writeAt(Path file, Filling filling) {
    Path temporary = temporaryBeside(file);
    try {
      Files.createDirectories(temporary.getParent());
      filling.fill(temporary);
      sync(temporary);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      syncDirectory(temporary.getParent());
    } catch (IOException e) {
      throw disk(file, e);
    } finally {
      deleteTree(temporary); // moved, there is nothing left of it
    }
  }

  /**
   * Fills a directory under a temporary name, then gives it its own.
   *
   * @throws ProblemException DISK when the file system refuses, or the directory exists and is not
   *     empty; nothing is left behind
   */
  public static void writeDirectory(Path directory, Filling filling) {
    Path temporary = temporaryBeside(directory);
    try {
      Files.createDirectories(temporary);
      filling.fill(temporary);
      try (Stream<Path> files = Files.walk(temporary)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          sync(file);
        }
      }
      Files.move(temporary, directory, StandardCopyOption.ATOMIC_MOVE);
      syncDirectory(directory.toAbsolutePath().getParent());
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      deleteTree(temporary);
      throw new ProblemException(
          ProblemKind.DISK, directory + " exists already; remove it or choose another place", e);
    } catch (IOException e) {
      deleteTree(temporary);
      throw disk(directory, e);
    } catch (UncheckedIOException e) {
      // Out of a stream of its files: somebody deletes what is being written.
      deleteTree(temporary);
      throw disk(directory, e.getCause());
    } catch (RuntimeException e) {
      deleteTree(temporary);
      throw e;
    }
  }

  /** The one line for an I/O failure while writing. */
  public static ProblemException disk(Path path, IOException e) {
    return new ProblemException(
        ProblemKind.DISK,
        "cannot write "
            + path
            + ": "
            + reason(e)
            + "; free some space or choose another place, then start again",
        e);
  }

  /** Why it failed, without the path, which is all that some exceptions have for a message. */
  public static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    String name = e.getClass().getSimpleName();
    return e.getMessage() == null || e instanceof FileSystemException ? name : e.getMessage();
  }

  /** Deletes a file or a directory with all it holds; what cannot be deleted stays. */
  public static void deleteTree(Path path) {
    if (!Files.exists(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      files.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
    } catch (IOException | UncheckedIOException e) { // somebody else deletes it too
      path.toFile().delete();
    }
  }

  private static Path temporaryBeside(Path path) {
    return path.toAbsolutePath()
        .resolveSibling(TEMPORARY + path.getFileName() + "-" + UUID.randomUUID());
  }

  private static void sync(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      syncDirectory(path);
    } else {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
  }

  /** Makes the names in a directory durable, where the operating system can. */
  public static void syncDirectory(Path directory) throws IOException {
    if (java.io.File.separatorChar == '\\') {
      return; // Windows opens no directories
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
