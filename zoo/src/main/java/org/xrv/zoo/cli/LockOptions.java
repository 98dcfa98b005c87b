package org.xrv.zoo.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.xrv.zoo.lock.LockFile;
import picocli.CommandLine.Option;

/** Which lock file. */
final class LockOptions {
  @Option(
      names = "--lock-file",
      paramLabel = "FILE",
      defaultValue = LockFile.NAME,
      description = "The lock file; ${DEFAULT-VALUE} in the working directory otherwise.")
  private Path file;

  Path file() {
    return file;
  }

  Optional<LockFile> read() {
    return Files.exists(file) ? Optional.of(LockFile.read(file)) : Optional.empty();
  }
}
