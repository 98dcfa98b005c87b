package org.xrv.core.dataset.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that is no member of an archive. A data set keeps one for each image, so it holds no path
 * of its own: that would take three times the memory.
 */
final class DiskFile implements DataFile {
  private final Path directory;
  private final String relative;

  /**
   * A file below a directory.
   *
   * @param directory shared with others
   * @param relative its path below the directory, with slashes; empty when the directory is it
   */
  DiskFile(Path directory, String relative) {
    this.directory = directory;
    this.relative = relative;
  }

  /** With its path, as names that are not of the system's encoding survive there only. */
  static DiskFile of(Path file) {
    return new DiskFile(file, "");
  }

  private Path file() {
    return directory.resolve(relative);
  }

  @Override
  public String name() {
    return relative.isEmpty()
        ? directory.getFileName().toString()
        : relative.substring(relative.lastIndexOf('/') + 1);
  }

  @Override
  public InputStream open() throws IOException {
    return Files.newInputStream(file());
  }

  @Override
  public long size() {
    try {
      return Files.size(file());
    } catch (IOException e) {
      return -1; // said when it is read
    }
  }

  @Override
  public Optional<Path> path() {
    return Optional.of(file());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DiskFile file && file().equals(file.file());
  }

  @Override
  public int hashCode() {
    return file().hashCode();
  }

  @Override
  public String toString() {
    return file().toString();
  }
}
