package org.xrv.core.dataset.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file that is no member of an archive. */
record DiskFile(Path file) implements DataFile {
  @Override
  public String name() {
    return file.getFileName().toString();
  }

  @Override
  public InputStream open() throws IOException {
    return Files.newInputStream(file);
  }

  @Override
  public long size() {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return -1; // said when it is read
    }
  }

  @Override
  public Optional<Path> path() {
    return Optional.of(file);
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
