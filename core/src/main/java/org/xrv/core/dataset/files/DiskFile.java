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
  public Optional<Path> path() {
    return Optional.of(file);
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
